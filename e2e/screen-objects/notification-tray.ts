import type { Locator, Page } from "playwright-core";
import { ExportList } from "./export-list.ts";

/** The icon at the top right and the region `Notifications` that it opens. */
export class NotificationTray {
  readonly button: Locator;
  readonly region: Locator;
  readonly exports: ExportList;

  constructor(page: Page) {
    this.button = page.getByRole("button", { name: /^Notifications: (no errors|\d+ issues?)$/ });
    this.region = page.getByRole("region", { name: "Notifications", exact: true });
    this.exports = new ExportList(this.region);
  }

  async open(): Promise<void> {
    if (!(await this.region.isVisible())) await this.button.click();
    await this.region.waitFor();
  }

  async pinToSidebar(): Promise<void> {
    await this.open();
    await this.region.getByRole("button", { name: "Pin to sidebar", exact: true }).click();
  }

  /** @returns how many issues the icon tells of; 0 when it is blue */
  async issueCount(): Promise<number> {
    const name = (await this.button.getAttribute("aria-label")) ?? "";
    return Number(/\d+/.exec(name)?.[0] ?? 0);
  }
}
