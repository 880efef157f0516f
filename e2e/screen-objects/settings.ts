import type { Locator, Page } from "playwright-core";

/** The dialog `Settings` with one tab a subject. */
export class Settings {
  readonly dialog: Locator;
  readonly #page: Page;

  constructor(page: Page) {
    this.#page = page;
    this.dialog = page.getByRole("dialog", { name: "Settings", exact: true });
  }

  async open(): Promise<void> {
    await this.#page.getByRole("button", { name: "Settings", exact: true }).click();
    await this.dialog.waitFor();
  }

  /** Turns to a tab, as `Destination`. */
  async turnTo(tab: string): Promise<void> {
    await this.dialog.getByRole("tab", { name: tab, exact: true }).click();
  }

  /** Tab Destination: pastes a connection file's text and imports it. */
  async importConnectionFile(json: string): Promise<void> {
    await this.field("Or paste the connection file").fill(json);
    await this.button("Import the pasted text").click();
  }

  /**
   * Opens tab Cameras, adds one and waits until it stands in the list.
   * @throws with the console's sentence where the camera is refused
   */
  async addCamera(camera: {
    readonly name: string;
    readonly area: string;
    readonly address: string;
    readonly user?: string;
    readonly password?: string;
  }): Promise<void> {
    await this.open();
    await this.turnTo("Cameras");
    await this.field("Name").fill(camera.name);
    await this.field("Area").fill(camera.area);
    await this.field("Address").fill(camera.address);
    if (camera.user !== undefined) await this.field("User").fill(camera.user);
    if (camera.password !== undefined) await this.field("Password").fill(camera.password);
    await this.button("Add camera").click();
    await this.#accepted(camera.name);
    // A list of many draws only what is in sight: the one that was added is brought there.
    await this.button(`Remove ${camera.name}`).waitFor();
    await this.close();
  }

  async #accepted(name: string): Promise<void> {
    const form = this.dialog.getByRole("form", { name: "Add a camera" });
    const done = form.getByRole("status").filter({ hasText: name });
    const refused = form.getByRole("alert");
    await done.or(refused).waitFor();
    if (await refused.isVisible()) throw new Error(`"${name}" was refused: ${await refused.textContent()}`);
  }

  /** Tab Cameras: only cameras with these words in their name or area are listed. */
  async searchCameras(text: string): Promise<void> {
    await this.dialog.getByRole("searchbox", { name: "Search cameras" }).fill(text);
  }

  /** Opens tab Cameras and a camera's dialog `Edit …`, in which `field` and `button` are by label. */
  async openCamera(name: string): Promise<Locator> {
    await this.open();
    await this.turnTo("Cameras");
    await this.searchCameras(name);
    await this.button(`Edit ${name}`).click();
    const dialog = this.#page.getByRole("dialog", { name: `Edit ${name}`, exact: true });
    await dialog.waitFor();
    return dialog;
  }

  /** Opens tab Cameras, removes one and waits until it has left the list. */
  async removeCamera(name: string): Promise<void> {
    await this.open();
    await this.turnTo("Cameras");
    await this.searchCameras(name);
    await this.button(`Remove ${name}`).click();
    await this.confirm("Remove");
    await this.button(`Remove ${name}`).waitFor({ state: "hidden" });
  }

  field(label: string): Locator {
    return this.dialog.getByLabel(label, { exact: true });
  }

  button(name: string): Locator {
    return this.dialog.getByRole("button", { name, exact: true });
  }

  /** Answers a question that the dialog asks before it does something. */
  async confirm(answer: string): Promise<void> {
    await this.#page.getByRole("alertdialog").getByRole("button", { name: answer, exact: true }).click();
  }

  /** What was typed and not saved is discarded. */
  async close(): Promise<void> {
    await this.button("Close").click();
    // Drawn within the click, where there is something to lose.
    const question = this.#page.getByRole("alertdialog", { name: "Leave without saving?" });
    if (await question.isVisible()) await question.getByRole("button", { name: "Discard" }).click();
    await this.dialog.waitFor({ state: "hidden" });
  }
}
