import { expect } from "@playwright/test";
import type { Page } from "playwright-core";
import { violations } from "./axe.ts";
import { outOfReach } from "./in-reach.ts";

/** How large a page of the web application is looked at. */
export const USUAL = { width: 1280, height: 800 };
/** As a window of 1280 pixels is at 400 %. */
const SMALLEST = { width: 320, height: 256 };

/** Nothing against axe's rules, and everything can be reached where there is least room. @param screen names it in a failure */
export async function isAccessible(page: Page, screen: string): Promise<void> {
  expect(await violations(page), screen).toEqual([]);
  await page.setViewportSize(SMALLEST);
  await expect.poll(() => outOfReach(page), { message: screen }).toEqual([]);
  await page.setViewportSize(USUAL);
}
