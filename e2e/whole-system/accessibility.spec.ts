import { readFile } from "node:fs/promises";
import { createRequire } from "node:module";
import type { Page } from "playwright-core";
import { expect, test } from "../fixture/test.ts";

const axePath = createRequire(import.meta.url).resolve("axe-core/axe.min.js");

/** A dialog that still fades in has colours that it does not keep. */
async function standsStill(page: Page): Promise<void> {
  await page.evaluate(async () => {
    const ends = document
      .getAnimations()
      .filter(({ effect }) => effect?.getComputedTiming().endTime !== Infinity);
    await Promise.allSettled(ends.map(({ finished }) => finished));
  });
  // What is said by pointing at a button outlives it for seconds, with nothing to say any more.
  await expect(page.locator("[data-live-announcer] [role=img]")).toHaveCount(0, { timeout: 15_000 });
}

/** What axe finds wrong with the page as it stands; video pictures are nobody's text. */
async function violations(page: Page): Promise<string[]> {
  await standsStill(page);
  await page.evaluate(await readFile(axePath, "utf8"));
  return await page.evaluate(async () => {
    const axe = (
      window as unknown as {
        axe: { run(): Promise<{ violations: { id: string; nodes: { html: string }[] }[] }> };
      }
    ).axe;
    const result = await axe.run();
    return result.violations.map(
      ({ id, nodes }) => `${id}: ${nodes.map(({ html }) => html.slice(0, 160)).join(" | ")}`,
    );
  });
}

test("axe finds no violation on the console's screens", async ({ desk, screens }) => {
  await expect(screens.logOn.dialog).toBeVisible();
  expect(await violations(desk.page), "log on").toEqual([]);
  await screens.logOn.logOn("administrator", "administrator");
  await screens.canvas.tile(1).isPlaying();
  expect(await violations(desk.page), "canvas").toEqual([]);
  await screens.canvas.tile(1).openMenu();
  expect(await violations(desk.page), "context menu").toEqual([]);
  await desk.page.keyboard.press("Escape");
  await screens.wizard.openFrom(screens.canvas.tile(1));
  expect(await violations(desk.page), "wizard, cameras").toEqual([]);
  await screens.wizard.next();
  expect(await violations(desk.page), "wizard, times").toEqual([]);
  await screens.wizard.next();
  await screens.wizard.associate("Create a new case");
  expect(await violations(desk.page), "wizard, case association").toEqual([]);
  await screens.wizard.next();
  expect(await violations(desk.page), "wizard, new case").toEqual([]);
  await desk.page.keyboard.press("Escape");
  await desk.page.getByRole("button", { name: "Discard" }).click();
  await screens.tray.open();
  expect(await violations(desk.page), "tray").toEqual([]);
  await screens.settings.open();
  expect(await violations(desk.page), "settings").toEqual([]);
});
