import { rmSync } from "node:fs";
import { join } from "node:path";
import { build, ensureBuilt } from "./build.mjs";
import { check } from "./check.mjs";
import { findElectron } from "./electron-runtime.mjs";
import { node24, packageScript, rootDir, run, runNode } from "./run-program.mjs";
import { hasProgram } from "./system-packages.mjs";
import { withSecondRun } from "./second-run.mjs";
import { readPlaywright, readVitest, sum, tally } from "./test-report.mjs";

const reports = join(rootDir, "test-results", "reports");
const vitestReport = join(reports, "vitest.json");
const playwrightReport = join(reports, "playwright.json");

/** What the end-to-end tests run in beside the Chromium shell, where it can be had: `npm test -- electron`. */
const inElectron = { EVIDENCE_DESK_TEST_RUNTIME: "electron" };

/**
 * Checks, builds and runs every test, each step even after one has failed. `electron`, and specs after it, runs
 * end-to-end tests alone, in real Electron.
 *
 * @param {string[]} [words]
 * @returns {Promise<number>} 1 when anything failed
 */
export async function testEverything([word, ...specs] = []) {
  if (word === "electron") return testInElectron(specs);
  if (word !== undefined)
    throw new Error("After test comes nothing, or electron and the specs to run in it.");
  rmSync(reports, { recursive: true, force: true });
  const steps = { check: await check(), build: await build() };
  const units = await withSecondRun(await runVitest(), runVitest);
  // Without a build there is nothing to drive; Playwright's missing report then counts as one failure.
  const driven = steps.build === 0 ? await runSpecs() : nothingToDrive();
  steps["unit tests"] = units.code;
  steps["end-to-end tests"] = driven.code;
  return tell(steps, [units, driven]);
}

/**
 * Where no runtime of Electron can be had it is said, and is no failure: a registry may lack the package.
 *
 * @param {string[]} specs files or folders; none for all of them
 */
async function testInElectron(specs) {
  await ensureBuilt();
  const isReady = findElectron() !== undefined || (await runNode(["dev/electron-runtime/prepare.ts"])) === 0;
  if (!isReady || !hasDisplay()) {
    console.log("0 passed, 0 failed in real Electron: it cannot be run here, for the reason above.");
    return 0;
  }
  const probe = await runInDisplay([...vitest, "dev/runtime-probe"], inElectron);
  const run = await runSpecs(specs, inElectron);
  const steps = { "what both runtimes do": probe, "end-to-end tests in Electron": run.code };
  return tell(steps, [run], " in real Electron");
}

/** @param {{report: import("./test-report.mjs").Report, races: string[]}[]} runs */
function tell(steps, runs, where = "") {
  const { passed, failed, skipped } = sum(runs.map(({ report }) => tally(report)));
  for (const race of runs.flatMap(({ races }) => races)) {
    console.log(`Passed only when it ran alone, a race to be found: ${race}`);
  }
  const broken = Object.keys(steps).filter((name) => steps[name] !== 0);
  if (broken.length > 0) console.log(`Not in order: ${broken.join(", ")}.`);
  console.log(`${passed} passed, ${failed} failed, ${skipped} skipped${where}`);
  return broken.length > 0 || failed > 0 ? 1 : 0;
}

const vitest = [packageScript("vitest", "vitest.mjs"), "run"];

async function runVitest(files = []) {
  rmSync(vitestReport, { force: true });
  const reporters = ["--reporter=default", "--reporter=json", `--outputFile.json=${vitestReport}`];
  const code = await runNode([...vitest, ...reporters, ...files]);
  return { code, report: readVitest(vitestReport) };
}

const nothingToDrive = () => ({ code: 1, report: readPlaywright(playwrightReport), races: [] });

async function runSpecs(specs = [], env = {}) {
  const runFiles = async (files) => {
    rmSync(playwrightReport, { force: true });
    const code = await runPlaywright(files, env);
    return { code, report: readPlaywright(playwrightReport) };
  };
  return withSecondRun(await runFiles(specs), runFiles);
}

/** Electron needs a display even for tests; Chromium does without. */
function hasDisplay() {
  if (process.platform !== "linux" || process.env.DISPLAY || hasProgram("xvfb-run")) return true;
  console.log("There is neither a display nor xvfb-run (package xvfb), which lends one.");
  return false;
}

function runPlaywright(specs = [], env = {}) {
  const args = [packageScript("@playwright", "test", "cli.js"), "test", "--pass-with-no-tests", ...specs];
  return runInDisplay(args, env);
}

function runInDisplay(args, env) {
  const isElectron = findElectron() !== undefined || env === inElectron;
  const needsDisplay = isElectron && process.platform === "linux" && !process.env.DISPLAY;
  if (needsDisplay && hasProgram("xvfb-run")) return run("xvfb-run", ["-a", node24(), ...args], { env });
  return runNode(args, { env });
}
