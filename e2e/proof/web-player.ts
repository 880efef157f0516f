import type { Browser, Locator, Page } from "playwright-core";
import { startBrowser } from "../fixture/browser.ts";

/** The service's web application in an investigator's browser, signed in. */
export class WebPlayer {
  readonly #browser: Browser;
  readonly #page: Page;
  readonly #address: string;

  private constructor(browser: Browser, page: Page, address: string) {
    this.#browser = browser;
    this.#page = page;
    this.#address = address;
  }

  static async signIn(address: string): Promise<WebPlayer> {
    const browser = await startBrowser();
    const page = await browser.newPage();
    await page.goto(address);
    await page.getByLabel("User name", { exact: true }).fill("investigator");
    await page.getByLabel("Password", { exact: true }).fill("investigator");
    await page.getByRole("button", { name: "Sign in", exact: true }).click();
    await page.getByRole("button", { name: "Sign in", exact: true }).waitFor({ state: "hidden" });
    return new WebPlayer(browser, page, address);
  }

  get region(): Locator {
    return this.#page.getByRole("region", { name: "Player" });
  }

  get video(): Locator {
    return this.region.locator("video").first();
  }

  /** Opens an evidence; its player shows the first picture. */
  async open(evidenceId: string): Promise<void> {
    await this.#page.goto(`${this.#address}/evidence/${evidenceId}`);
    await this.region.getByRole("button", { name: "Play", exact: true }).waitFor();
  }

  /** Presses a key in the player: `j` and `l` jump 15 s back and on. */
  async press(key: string): Promise<void> {
    await this.region.getByRole("button", { name: "Play", exact: true }).press(key);
  }

  async close(): Promise<void> {
    await this.#browser.close();
  }
}
