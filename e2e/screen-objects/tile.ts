import type { Locator, Page } from "playwright-core";
import { TileTimeline } from "./tile-timeline.ts";

/** One tile, `Tile 1 – CAMERA`. */
export class Tile {
  readonly element: Locator;
  readonly timeline: TileTimeline;
  readonly #page: Page;

  constructor(page: Page, canvas: Locator, number: number) {
    this.#page = page;
    this.element = canvas.getByLabel(new RegExp(`^Tile ${number}( – |$)`)).first();
    this.timeline = new TileTimeline(this.element, number);
  }

  get menu(): Locator {
    return this.#page.getByRole("menu");
  }

  async select(): Promise<void> {
    await this.element.click({ position: { x: 20, y: 40 } });
  }

  async openMenu(): Promise<void> {
    await this.element.click({ button: "right", position: { x: 60, y: 60 } });
    await this.menu.waitFor();
  }

  /** Right-click and choose, as `Send evidence to Genetec Clearance™`. */
  async choose(item: string): Promise<void> {
    await this.openMenu();
    await this.menu.getByRole("menuitem", { name: item, exact: true }).click();
  }

  /** What the picture is: `Live · 5 s`, `Playback 10:36:51`, `Not recorded`. */
  get badge(): Locator {
    return this.element.getByTestId("tile-badge");
  }

  /** One of the controls on the tile, as `Play`. */
  control(name: string): Locator {
    return this.element.getByRole("button", { name, exact: true });
  }

  /** The question for a time, while it is open. */
  get question(): Locator {
    return this.#page.getByRole("dialog", { name: "Jump to time", exact: true });
  }

  /** Asks for a time, as `10:40` or `28.11.2026 10:40`, and resolves when the question is gone. */
  async jumpTo(time: string): Promise<void> {
    await this.element.hover();
    await this.control("Jump to time").click();
    const { question } = this;
    await question.getByRole("textbox", { name: "Jump to time", exact: true }).fill(time);
    await question.getByRole("button", { name: "Jump", exact: true }).click();
    await question.waitFor({ state: "hidden" });
  }

  /** Resolves when the tile's video shows moving pictures: a picture later than the one shown when asked. */
  async isPlaying(): Promise<void> {
    const video = this.element.locator("video").first();
    await video.evaluate(
      (element) =>
        new Promise<void>((resolve) => {
          const shown = element as HTMLVideoElement;
          let pictures = 0;
          const count = () => {
            pictures += 1;
            if (pictures >= 3) resolve();
            else shown.requestVideoFrameCallback(count);
          };
          shown.requestVideoFrameCallback(count);
        }),
    );
  }
}
