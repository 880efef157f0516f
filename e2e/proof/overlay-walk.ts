import type { Locator, Page } from "playwright-core";
import { expect } from "../fixture/test.ts";

/** Something that opens over a page, and every way in which it is closed without changing anything. */
export interface Overlay {
  /** As `overlaysInSource` names the place that opens it. */
  readonly source: string;
  readonly name: string;
  readonly opener: Locator;
  /** The key with which the opener opens it. */
  readonly key: string;
  readonly overlay: Locator;
  /** A key, a button inside, or a point of the window beside it. */
  readonly ways: readonly (string | Locator | { readonly x: number; readonly y: number })[];
}

/**
 * Opens it by keyboard, once for each way of closing it: the focus is inside, and afterwards where it came from.
 */
export async function closeEachWay(page: Page, overlay: Overlay): Promise<void> {
  const { opener, key, overlay: opened, ways } = overlay;
  for (const way of ways) {
    await opener.focus();
    await page.keyboard.press(key);
    await expect(opened).toBeVisible();
    await expect
      .poll(() => opened.evaluate((element) => element.contains(document.activeElement)))
      .toBe(true);
    if (typeof way === "string") await page.keyboard.press(way);
    else if ("x" in way) await page.mouse.click(way.x, way.y);
    else {
      await way.focus();
      await page.keyboard.press("Enter");
    }
    await expect(opened).toBeHidden();
    await expect.poll(() => opener.evaluate(whoHasFocus)).toBe("it");
  }
}

/** "it", or in words what has the focus in its place; a window that another one covers has none. */
function whoHasFocus(wanted: Element): string {
  const { activeElement } = document;
  if (!document.hasFocus()) return "another window";
  if (activeElement === wanted) return "it";
  return activeElement?.outerHTML.slice(0, 200) ?? "nothing";
}
