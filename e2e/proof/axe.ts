import { readFile } from "node:fs/promises";
import { createRequire } from "node:module";
import { expect } from "@playwright/test";
import type { Page } from "playwright-core";

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
export async function violations(page: Page): Promise<string[]> {
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
