import type { Locator, Page } from "playwright-core";

/** Dialog `Log on`. */
export class LogOnDialog {
  readonly dialog: Locator;

  constructor(page: Page) {
    this.dialog = page.getByRole("dialog", { name: "Log on", exact: true });
  }

  /** Enters both and logs on; resolves when the dialog is gone. */
  async logOn(user: string, password: string): Promise<void> {
    await this.enter(user, password);
    await this.dialog.waitFor({ state: "hidden" });
  }

  /** Enters both and presses the button, whatever comes of it. */
  async enter(user: string, password: string): Promise<void> {
    await this.dialog.getByLabel("User name", { exact: true }).fill(user);
    await this.dialog.getByLabel("Password", { exact: true }).fill(password);
    await this.dialog.getByRole("button", { name: "Log on", exact: true }).click();
  }
}
