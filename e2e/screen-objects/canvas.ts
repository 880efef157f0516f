import type { Locator, Page } from "playwright-core";
import { Tile } from "./tile.ts";

/** Region `Canvas`: the tiles and their pattern. */
export class Canvas {
  readonly region: Locator;
  readonly #page: Page;

  constructor(page: Page) {
    this.#page = page;
    this.region = page.getByRole("region", { name: "Canvas", exact: true });
  }

  /** @param number counted from 1, as written on the tile */
  tile(number: number): Tile {
    return new Tile(this.#page, this.region, number);
  }

  /** Chooses a pattern by its written name, as `2×2`. */
  async choosePattern(name: string): Promise<void> {
    const named = { name: `Pattern ${name}`, exact: true };
    await this.#page.getByRole("button", named).or(this.#page.getByRole("radio", named)).first().click();
  }
}
