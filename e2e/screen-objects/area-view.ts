import type { Locator, Page } from "playwright-core";
import { literally } from "./name-pattern.ts";

/** Region `Area view`: areas and cameras at the left. */
export class AreaView {
  readonly region: Locator;

  constructor(page: Page) {
    this.region = page.getByRole("region", { name: "Area view", exact: true });
  }

  /** A camera's entry, whatever else its name tells (area, state). */
  camera(name: string): Locator {
    const named = new RegExp(`^${literally(name)}(?![\\w-])`);
    return this.region
      .getByRole("treeitem", { name: named })
      .or(this.region.getByRole("row", { name: named }))
      .first();
  }

  async search(text: string): Promise<void> {
    await this.region.getByRole("searchbox").fill(text);
  }

  /** Puts a camera into the selected tile. */
  async open(name: string): Promise<void> {
    await this.camera(name).dblclick();
  }
}
