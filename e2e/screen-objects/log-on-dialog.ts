import type { Locator, Page } from "playwright-core";
import { ExportWizard } from "./export-wizard.ts";

/** Dialog `Log on`. */
export class LogOnDialog {
  readonly dialog: Locator;
  readonly #wizard: ExportWizard;

  constructor(page: Page) {
    this.#wizard = new ExportWizard(page);
    this.dialog = page.getByRole("dialog", { name: "Log on", exact: true });
  }

  /**
   * Enters both and logs on; resolves when the dialog is gone. A wizard that an earlier run left opens again with
   * what was entered: it is discarded unless `keepsDraft` says otherwise.
   */
  async logOn(user: string, password: string, { keepsDraft = false } = {}): Promise<void> {
    await this.enter(user, password);
    await this.dialog.waitFor({ state: "hidden" });
    if (!keepsDraft && (await this.#wizard.dialog.isVisible())) await this.#wizard.discard();
  }

  /** Enters both and presses the button, whatever comes of it. */
  async enter(user: string, password: string): Promise<void> {
    await this.dialog.getByLabel("User name", { exact: true }).fill(user);
    await this.dialog.getByLabel("Password", { exact: true }).fill(password);
    await this.dialog.getByRole("button", { name: "Log on", exact: true }).click();
  }
}
