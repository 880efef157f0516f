import type { Locator, Page } from "playwright-core";
import { literally } from "./name-pattern.ts";
import type { Tile } from "./tile.ts";

/** What the step Times asks for one camera; times as written in the field, `YYYY-MM-DD HH:MM:SS.mmm`, local to the site. */
export interface CameraTimes {
  name?: string;
  start?: string;
  end?: string;
  description?: string;
}

/** What became of cameras that were to be added to an export; a camera is in it once. */
export interface AddedCameras {
  readonly added: readonly string[];
  readonly alreadyIn: readonly string[];
}

export type CaseAssociation = "Select existing case" | "Create a new case" | "Skip and upload evidence";

/** The wizard's dialog and everything in its steps. */
export class ExportWizard {
  readonly dialog: Locator;
  /** Step Cameras and step Times both list the cameras under this name. */
  readonly cameras: Locator;
  readonly #page: Page;

  constructor(page: Page) {
    this.#page = page;
    this.dialog = page.getByRole("dialog", { name: "Send evidence to Genetec Clearance™", exact: true });
    this.cameras = this.dialog.getByRole("grid", { name: "Cameras to export", exact: true });
  }

  button(name: string): Locator {
    return this.dialog.getByRole("button", { name, exact: true });
  }
  next = (): Promise<void> => this.button("Next").click();
  back = (): Promise<void> => this.button("Back").click();

  /** Sends; resolves when the dialog is gone, which is before anything is exported. */
  async finish(): Promise<void> {
    await this.button("Finish").click();
    await this.dialog.waitFor({ state: "hidden" });
  }

  /** Opens the wizard from a tile; a draft that an earlier run left behind is dropped. */
  async openFrom(tile: Tile): Promise<void> {
    await tile.choose("Send evidence to Genetec Clearance™");
    const question = this.#page.getByRole("alertdialog", { name: "Continue the unfinished export?" });
    await this.dialog.or(question).first().waitFor();
    if (await question.isVisible()) await question.getByRole("button", { name: "Start anew" }).click();
    await this.dialog.waitFor();
  }

  /** Step Cameras: what start and end are, for as long as they are those that were offered. */
  get offer(): Locator {
    return this.dialog.getByTestId("offered-range");
  }

  /** Closes the wizard and drops what was entered; resolves when it is gone. */
  async discard(): Promise<void> {
    await this.button("Cancel").click();
    const question = this.#page.getByRole("alertdialog", { name: "Discard this export?" });
    const hidden = this.dialog.waitFor({ state: "hidden" }).then(() => "gone" as const);
    const asked = question.waitFor().then(
      () => "asked" as const,
      () => "gone" as const,
    );
    if ((await Promise.race([hidden, asked])) === "asked") {
      await question.getByRole("button", { name: "Discard", exact: true }).click();
    }
    await hidden;
  }

  cameraRow(camera: string): Locator {
    return this.cameras.getByRole("row", { name: camera, exact: true });
  }

  /**
   * Opens the dialog Add cameras, picks those of these that are not in the export yet, and accepts; where none is left
   * to pick, it cancels. Resolves when the dialog is gone, with the names of both kinds; a name given twice counts once.
   * @throws Error for a name that no camera of the site has, with the dialog closed and nothing added
   */
  async addCameras(...names: string[]): Promise<AddedCameras> {
    await this.button("Add cameras").click();
    const dialog = this.addCamerasDialog;
    const added: string[] = [];
    let unknown: string | null = null;
    for (const name of new Set(names)) {
      await dialog.getByRole("searchbox", { name: "Search cameras" }).fill(name);
      const option = dialog.getByRole("option", { name: new RegExp(`^${literally(name)}(?![\\w-])`) });
      await option.or(dialog.getByText("No camera has this in its name or area.")).first().waitFor();
      if ((await option.count()) === 0) unknown ??= name;
      else if ((await option.getAttribute("aria-disabled")) !== "true") {
        await option.click();
        added.push(name);
      }
    }
    const last = added.length === 0 || unknown !== null ? "Cancel" : "OK";
    await dialog.getByRole("button", { name: last, exact: true }).click();
    await dialog.waitFor({ state: "hidden" });
    if (unknown !== null) throw new Error(`No camera of this site is called ${JSON.stringify(unknown)}.`);
    return { added, alreadyIn: [...new Set(names)].filter((name) => !added.includes(name)) };
  }
  get addCamerasDialog(): Locator {
    return this.#page.getByRole("dialog", { name: "Add cameras", exact: true });
  }
  addAllCamerasInTiles = (): Promise<void> => this.button("Add all cameras in tiles").click();

  /** Selects from the first row to the last with Shift and gives all the first one's times. */
  async syncTimes(first: string, last: string): Promise<void> {
    const corner = { position: { x: 6, y: 6 } };
    await this.cameraRow(first).click(corner);
    await this.cameraRow(last).click({ ...corner, modifiers: ["Shift"] });
    await this.button("Sync times").click();
  }

  timesField(camera: string, field: "Name" | "Start" | "End" | "Description"): Locator {
    return this.cameraRow(camera).getByRole("textbox", { name: field, exact: true });
  }

  async fillTimes(camera: string, times: CameraTimes): Promise<void> {
    if (times.name !== undefined) await this.timesField(camera, "Name").fill(times.name);
    if (times.start !== undefined) await this.timesField(camera, "Start").fill(times.start);
    if (times.end !== undefined) await this.timesField(camera, "End").fill(times.end);
    if (times.description !== undefined) await this.timesField(camera, "Description").fill(times.description);
  }

  async associate(choice: CaseAssociation): Promise<void> {
    await this.dialog.getByRole("radio", { name: choice, exact: true }).check({ force: true });
  }

  /** Step Case for an existing case: searches by its name and picks it. */
  async selectCase(name: string): Promise<void> {
    await this.dialog.getByRole("searchbox", { name: "Search cases" }).fill(name);
    await this.caseOption(name).click();
  }
  caseOption(name: string): Locator {
    return this.dialog.getByRole("listbox", { name: "Cases" }).getByRole("option", { name });
  }

  /** Step Case for a new case: a text field by its label, as `Case name`. */
  async fillCaseField(label: string, text: string): Promise<void> {
    await this.dialog.getByRole("textbox", { name: label, exact: true }).fill(text);
  }

  /** Step Case for a new case: a drop-down by its label, `Department` or `Category`. */
  async chooseInCase(label: string, option: string): Promise<void> {
    await this.dialog.getByRole("button", { name: new RegExp(`${literally(label)}$`) }).click();
    await this.#page.getByRole("listbox").getByRole("option", { name: option, exact: true }).click();
  }
}
