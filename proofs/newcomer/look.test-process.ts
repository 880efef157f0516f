/**
 * Attaches to a console at the address given, logs on as the demo's operator, and ends when a camera plays. With `short`
 * it ends when the log-on dialog is there.
 */
import { chromium } from "playwright-core";

const browser = await chromium.connectOverCDP(process.argv[2] ?? "");
const page = browser.contexts()[0]?.pages()[0];
if (page === undefined) throw new Error("The console has no window.");
const dialog = page.getByRole("dialog", { name: "Log on", exact: true });
await dialog.waitFor();
if (process.argv[3] === "short") {
  console.log(`The log-on dialog of ${await page.title()} is there.`);
  process.exit(0);
}
await dialog.getByLabel("User name", { exact: true }).fill("operator");
await dialog.getByLabel("Password", { exact: true }).fill("operator");
await dialog.getByRole("button", { name: "Log on", exact: true }).click();
await dialog.waitFor({ state: "hidden" });
const video = page.getByRole("region", { name: "Canvas", exact: true }).locator("video").first();
await video.evaluate(async (element) => {
  const shown = element as HTMLVideoElement;
  for (let pictures = 0; pictures < 3; pictures++)
    await new Promise<void>((resolve) => void shown.requestVideoFrameCallback(() => resolve()));
});
console.log(`A camera plays in ${await page.title()}.`);
await browser.close();
