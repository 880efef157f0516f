import type { Locator, Page } from "playwright-core";
import { expect } from "../fixture/test.ts";

/** So many controls no page has between two of them. */
const MOST_STEPS = 120;

/** Somebody without a mouse: goes from control to control, and must always know where he is. */
export class KeyboardAlone {
  readonly #page: Page;

  constructor(page: Page) {
    this.#page = page;
    // From here on, not from the first choice: a dialog that opens before the page is told would never be seen.
    page.on("filechooser", () => undefined);
  }

  /** Goes on with Tab, or back with Shift+Tab, until the control has the focus. @throws Error when it never does */
  async reach(control: Locator, key: "Tab" | "Shift+Tab" = "Tab"): Promise<void> {
    await control.waitFor();
    for (let steps = 0; steps < MOST_STEPS; steps += 1) {
      if (await isFocused(control)) return;
      await this.#page.keyboard.press(key);
      // Behind the last control comes the window's own frame, and behind that the first one.
      if ((await this.#where()) === "nowhere") await this.#page.keyboard.press(key);
      await this.isSomewhere();
    }
    throw new Error(`${key} never came to ${String(control)}.`);
  }

  /** Reaches a control and presses a key there. */
  async press(control: Locator, key = "Enter"): Promise<void> {
    await this.reach(control);
    await this.#page.keyboard.press(key);
  }

  /** The focus is on something that is seen and has a name. */
  async isSomewhere(): Promise<void> {
    await expect.poll(() => this.#where(), { message: "where the focus is" }).toMatch(/^\w+ “.+”$/);
  }

  /** And in this part of the page, or on it. */
  async isIn(part: Locator): Promise<void> {
    await this.isSomewhere();
    await expect.poll(() => part.evaluate((element) => element.contains(document.activeElement))).toBe(true);
  }

  #where(): Promise<string> {
    return this.#page.evaluate<string>(WHERE);
  }

  /** Chooses a file of this computer where the control asks for one; the focus is at the control then. */
  async chooseFile(control: Locator, path: string): Promise<void> {
    await this.reach(control);
    const asked = this.#page.waitForEvent("filechooser");
    await this.#page.keyboard.press("Enter");
    await (await asked).setFiles(path);
  }
}

function isFocused(control: Locator): Promise<boolean> {
  return control.evaluate((element) => element === document.activeElement);
}

/** Role or kind of what has the focus, and what it is called. */
const WHERE = `(() => {
  const at = document.activeElement;
  if (at === null || at === document.body) return "nowhere";
  const { width, height } = at.getBoundingClientRect();
  if (width === 0 || height === 0) return "out of sight";
  const ids = (at.getAttribute("aria-labelledby") ?? "").split(" ");
  const labelled = ids.map((id) => document.getElementById(id)?.textContent ?? "").join(" ").trim();
  const labels = Array.from(at.labels ?? [], (label) => label.textContent).join(" ");
  const name = at.getAttribute("aria-label") || labelled || labels || at.textContent || at.getAttribute("title") || "";
  return (at.getAttribute("role") ?? at.tagName.toLowerCase()) + " “" + name.trim().replaceAll(/\\s+/g, " ").slice(0, 80) + "”";
})()`;
