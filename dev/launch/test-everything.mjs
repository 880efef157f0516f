import { rmSync } from "node:fs";
import { join } from "node:path";
import { build } from "./build.mjs";
import { check } from "./check.mjs";
import { findElectron } from "./electron-runtime.mjs";
import { node24, packageScript, rootDir, run, runNode } from "./run-program.mjs";
import { hasProgram } from "./system-packages.mjs";
import { sum, tallyPlaywright, tallyVitest } from "./test-report.mjs";

const reports = join(rootDir, "test-results", "reports");
const vitestReport = join(reports, "vitest.json");
const playwrightReport = join(reports, "playwright.json");

/**
 * Checks, builds and runs every test, each step even after one has failed.
 *
 * @returns {Promise<number>} 1 when anything failed
 */
export async function testEverything() {
  rmSync(reports, { recursive: true, force: true });
  const steps = { check: await check(), build: await build() };
  steps["unit tests"] = await runVitest();
  // Without a build there is nothing to drive; Playwright's missing report then counts as one failure.
  steps["end-to-end tests"] = steps.build === 0 ? await runPlaywright() : 1;
  const { passed, failed, skipped } = sum([tallyVitest(vitestReport), tallyPlaywright(playwrightReport)]);
  const broken = Object.keys(steps).filter((name) => steps[name] !== 0);
  if (broken.length > 0) console.log(`Not in order: ${broken.join(", ")}.`);
  console.log(`${passed} passed, ${failed} failed, ${skipped} skipped`);
  return broken.length > 0 || failed > 0 ? 1 : 0;
}

function runVitest() {
  const reporters = ["--reporter=default", "--reporter=json", `--outputFile.json=${vitestReport}`];
  return runNode([packageScript("vitest", "vitest.mjs"), "run", ...reporters]);
}

function runPlaywright() {
  const args = [packageScript("@playwright", "test", "cli.js"), "test", "--pass-with-no-tests"];

  // Electron needs a display even for tests; Chromium does without.
  const needsDisplay = findElectron() && process.platform === "linux" && !process.env.DISPLAY;
  if (needsDisplay && hasProgram("xvfb-run")) return run("xvfb-run", ["-a", node24, ...args]);
  return runNode(args);
}
