import { execFile } from "node:child_process";
import { promisify } from "node:util";
import { chromium, type Browser } from "playwright-core";

const find = ["-c", "command -v chromium || command -v google-chrome || true"];

/** Path of the browser that is installed; empty without one, and tests that need it are skipped. */
export const browserPath = await promisify(execFile)("sh", find).then(({ stdout }) => stdout.trim());

/** @param more options of the command line */
export function launchBrowser(...more: string[]): Promise<Browser> {
  const args = [
    "--no-sandbox",
    "--disable-gpu",
    "--no-first-run",
    "--disable-background-networking",
    ...more,
  ];
  return chromium.launch({ executablePath: browserPath, args });
}
