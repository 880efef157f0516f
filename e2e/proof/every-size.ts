import { mkdir } from "node:fs/promises";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import type { Page } from "playwright-core";
import { expect } from "../fixture/test.ts";
import { outOfReach } from "./in-reach.ts";
import { notIsolated } from "./isolated-names.ts";

/** 100, 200 and 400 % of a window of 1280 by 800 and more, and a large screen. */
export const SIZES = [
  { width: 1280, height: 720 },
  { width: 640, height: 400 },
  { width: 320, height: 256 },
  { width: 3840, height: 2160 },
];
/** What a change of the window sets going has come to rest by then. */
const SETTLES_MS = 2_000;
const USUAL = { width: 1280, height: 720 };

/** What closes when the window changes or what it belongs to goes out of sight: a menu, a question beside a control. */
export interface Passing {
  readonly open: () => Promise<void>;
  readonly close: () => Promise<void>;
}

const arePicturesWanted = process.env["EVIDENCE_DESK_SCREENSHOTS"] === "1";
const folder = fileURLToPath(new URL("../../test-results/screens/", import.meta.url));

/**
 * Holds a screen against what everybody must be able to do with it, at each size: get at everything and read it. Names
 * of people and places must keep to themselves. With EVIDENCE_DESK_SCREENSHOTS=1 each size, and the system's forced
 * colours, leave a picture in test-results/screens.
 */
export async function expectInReachAtEverySize(
  page: Page,
  screen: string,
  passing: Passing | null = null,
): Promise<void> {
  for (const size of SIZES) {
    await page.setViewportSize(size);
    await passing?.open();
    const where = `${screen} at ${size.width}×${size.height}`;
    await expect.soft.poll(() => outOfReach(page), { message: where, timeout: SETTLES_MS }).toEqual([]);
    await picture(page, `${size.width}x${size.height}`, screen);
    await passing?.close();
  }
  await page.setViewportSize(USUAL);
  await passing?.open();
  await expect.soft
    .poll(() => notIsolated(page), { message: `Names on ${screen}`, timeout: SETTLES_MS })
    .toEqual([]);
  if (arePicturesWanted) {
    await page.emulateMedia({ forcedColors: "active" });
    await picture(page, "forced-colours", screen);
    await page.emulateMedia({ forcedColors: "none" });
  }
  await passing?.close();
}

async function picture(page: Page, kind: string, screen: string): Promise<void> {
  if (!arePicturesWanted) return;
  await mkdir(join(folder, kind), { recursive: true });
  const name = screen.toLowerCase().replaceAll(/[^a-z0-9]+/g, "-");
  await page.screenshot({ path: join(folder, kind, `${name}.png`), scale: "css", animations: "disabled" });
}
