import type { Locator } from "playwright-core";

/** The timeline at the bottom of a tile with the handles `Export start` and `Export end`. */
export class TileTimeline {
  readonly position: Locator;
  readonly startHandle: Locator;
  readonly endHandle: Locator;
  /** Is there while the tile is live and the timeline does not show the present; a click brings it back. */
  readonly toPresent: Locator;

  constructor(tile: Locator, number: number) {
    this.position = tile.getByRole("slider", { name: `Playback position of tile ${number}`, exact: true });
    this.startHandle = tile.getByRole("slider", { name: "Export start", exact: true });
    this.endHandle = tile.getByRole("slider", { name: "Export end", exact: true });
    this.toPresent = tile.getByRole("button", {
      name: "Live: show the present on the timeline",
      exact: true,
    });
  }

  /** Marks an export range by dragging over the footage; from and to are shares of the width, 0 to 1. */
  async markRange(from: number, to: number): Promise<void> {
    const box = await this.position.boundingBox();
    if (!box) throw new Error("The timeline is not in sight.");
    const page = this.position.page();
    const y = box.y + box.height * 0.75;
    await page.mouse.move(box.x + box.width * from, y);
    await page.mouse.down();
    await page.mouse.move(box.x + box.width * to, y, { steps: 10 });
    await page.mouse.up();
  }

  /** Turns the wheel over the timeline, at a share of its width, 0 to 1; a negative length shows less time. */
  async turnWheel(at: number, byPixels: number): Promise<void> {
    const box = await this.position.boundingBox();
    if (!box) throw new Error("The timeline is not in sight.");
    const page = this.position.page();
    await page.mouse.move(box.x + box.width * at, box.y + box.height * 0.75);
    await page.mouse.wheel(0, byPixels);
  }

  /** Drags a handle by so many pixels; right is later. */
  async drag(handle: "start" | "end", byPixels: number): Promise<void> {
    const locator = handle === "start" ? this.startHandle : this.endHandle;
    const box = await locator.boundingBox();
    if (!box) throw new Error(`The handle of the export's ${handle} is not in sight.`);
    const page = locator.page();
    const [x, y] = [box.x + box.width / 2, box.y + box.height / 2];
    await page.mouse.move(x, y);
    await page.mouse.down();
    await page.mouse.move(x + byPixels, y, { steps: 8 });
    await page.mouse.up();
  }

  /** Presses a key on a handle: arrows 1 s, with Shift 10 s, with Control one frame. */
  async press(handle: "start" | "end", key: string, times = 1): Promise<void> {
    const locator = handle === "start" ? this.startHandle : this.endHandle;
    for (let count = 0; count < times; count += 1) await locator.press(key);
  }
}
