import type { Page } from "playwright-core";
import { type RunningConsole, screensOf } from "#e2e/index.ts";

/** Patterns of the canvas by the number of their tiles. */
export const PATTERNS = { 1: "1", 4: "2×2", 9: "3×3", 16: "4×4" } as const;
export type TileCount = keyof typeof PATTERNS;

/** What the page asks the main process by; every answer that is awaited here succeeds. */
interface PageBridge {
  request(name: string, input: unknown): Promise<{ readonly value: unknown }>;
}

/** The console as an operator has it in front of them, with cameras in all tiles. */
export class ConsoleTiles {
  readonly page: Page;
  readonly #screens: ReturnType<typeof screensOf>;

  constructor(desk: RunningConsole) {
    this.page = desk.page;
    this.#screens = screensOf(desk.page);
  }

  /** Logs on and fills sixteen tiles with the cameras, in turn. @returns their live playlists and the token for them */
  async fill(cameraNames: readonly string[]): Promise<{ playlists: string[]; token: string }> {
    const { logOn, canvas, areaView } = this.#screens;
    await logOn.logOn("operator", "operator");
    await canvas.choosePattern(PATTERNS[16]);
    for (let tile = 0; tile < 16; tile++) {
      await canvas.tile(tile + 1).select();
      await areaView.open(cameraNames[tile % cameraNames.length] ?? "");
    }
    return await this.page.evaluate(async (names) => {
      const ask = async (name: string): Promise<unknown> => {
        const { evidenceDesk } = window as unknown as { evidenceDesk: PageBridge };
        return (await evidenceDesk.request(name, undefined)).value;
      };
      const access = (await ask("cameras.playbackAccess")) as { baseUrl: string; token: string };
      const cameras = (await ask("cameras.list")) as { id: string; name: string }[];
      const idOf = (name: string | undefined): string => cameras.find((each) => each.name === name)?.id ?? "";
      const playlists = Array.from(
        { length: 16 },
        (_, tile) => `${access.baseUrl}/cameras/${idOf(names[tile % names.length])}/live.m3u8`,
      );
      return { playlists, token: access.token };
    }, cameraNames);
  }

  /** Shows so many of the tiles; the players of the others are released. */
  async show(count: TileCount): Promise<void> {
    await this.#screens.canvas.choosePattern(PATTERNS[count]);
    for (let tile = 1; tile <= count; tile++) await this.#screens.canvas.tile(tile).isPlaying();
  }

  async choosePattern(name: string): Promise<void> {
    await this.#screens.canvas.choosePattern(name);
  }

  async putCamera(tile: number, cameraName: string): Promise<void> {
    await this.#screens.canvas.tile(tile).select();
    await this.#screens.areaView.open(cameraName);
    await this.#screens.canvas.tile(tile).isPlaying();
  }

  /** Two sources more for the tile's player. */
  async toPlaybackAndBack(tile: number): Promise<void> {
    const { element, badge } = this.#screens.canvas.tile(tile);
    await element.focus();
    await element.press("Space");
    await badge.filter({ hasText: "Playback" }).waitFor();
    await element.locator("[data-visible] video").waitFor();
    await element.press("l");
    await badge.filter({ hasText: "Live" }).waitFor();
  }

  /** Leaves nothing that plays: one tile, and that empty. */
  async rest(): Promise<void> {
    await this.#screens.canvas.choosePattern(PATTERNS[1]);
    if (await this.#hasCamera()) await this.#screens.canvas.tile(1).choose("Remove from tile");
  }

  /** Puts a camera back into the first tile, which `rest` has emptied. */
  async resume(cameraName: string): Promise<void> {
    if (await this.#hasCamera()) return;
    await this.#screens.canvas.tile(1).select();
    await this.#screens.areaView.open(cameraName);
  }

  async #hasCamera(): Promise<boolean> {
    return (await this.page.locator("[data-tile='0'] video").count()) > 0;
  }

  /** The box of the first tile's timeline, to drag over. */
  async timelineBox(): Promise<{ x: number; y: number; width: number; height: number }> {
    const box = await this.#screens.canvas.tile(1).timeline.position.boundingBox();
    if (box === null) throw new Error("The first tile's timeline is not in sight.");
    return box;
  }
}
