import type { Locator, Page } from "playwright-core";
import { ExportList } from "./export-list.ts";

/** Region `Sidebar`: the notifications pinned at the right. */
export class Sidebar {
  readonly region: Locator;
  readonly exports: ExportList;

  constructor(page: Page) {
    // The wizard or the settings may bring a region of another name inside; this one is the console's own.
    this.region = page
      .getByRole("region", { name: "Sidebar", exact: true })
      .or(page.getByRole("complementary", { name: "Sidebar", exact: true }));
    this.exports = new ExportList(this.region);
  }

  async unpin(): Promise<void> {
    await this.region.getByRole("button", { name: "Unpin from sidebar", exact: true }).click();
  }
}
