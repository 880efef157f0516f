import { rmSync } from "node:fs";
import { availableParallelism } from "node:os";
import { join } from "node:path";
import { build, ensureBuilt } from "./build.mjs";
import { check } from "./check.mjs";
import { inRuntime, isLentDisplay, prepareElectron, runInDisplay } from "./end-to-end-runtime.mjs";
import { packageScript, rootFolder, runNode } from "./run-program.mjs";
import { withSecondRun } from "./second-run.mjs";
import { specsInShell } from "./specs-in-shell.mjs";
import {
  failureLines,
  joined,
  longestFiles,
  readPlaywright,
  readVitest,
  sum,
  tally,
} from "./test-report.mjs";

const reports = join(rootFolder, "test-results", "reports");
const vitestReport = join(reports, "vitest.json");
const playwrightReport = (place) => join(reports, `playwright-${place}.json`);

/**
 * Checks, builds and runs every test, each step even after one has failed. The end-to-end tests run in Electron where it
 * is on the machine or can be put together for tests, and a part of them in the Chromium shell too; else all of them
 * there. `electron` or `chromium-shell`, and specs after it, runs end-to-end tests alone.
 *
 * @param {string[]} [words]
 * @returns {Promise<number>} 1 when anything failed
 */
export async function testEverything([runtime, ...specs] = []) {
  if (runtime === "electron") return testInElectron(specs);
  if (runtime === "chromium-shell") return testInShell(specs);
  if (runtime !== undefined)
    throw new Error("After test comes nothing, or electron or chromium-shell and the specs to run in it.");
  rmSync(reports, { recursive: true, force: true });
  const steps = { check: await check(), build: await build() };
  const units = await withSecondRun(await runVitest(), runVitest);
  // Without a build there is nothing to drive; Playwright's missing report then counts as one failure.
  const driven = steps.build === 0 ? await driveInBest(steps) : [nothingToDrive()];
  steps["unit tests"] = units.code;
  steps["end-to-end tests"] = Math.max(...driven.map(({ code }) => code));
  return tell(steps, [units, ...driven]);
}

/** @returns one run, or two where a part of the specs is driven in the shell as well */
async function driveInBest(steps) {
  const asked = process.env.EVIDENCE_DESK_TEST_RUNTIME;
  const electron = asked === "chromium-shell" ? null : await prepareElectron();
  // Nobody shall take the shell for what was asked for.
  if (electron === null && asked === "electron") return [nothingToDrive()];
  console.log(`End-to-end tests run in ${electron ?? "the Chromium shell"}.`);
  if (electron === null) return [await runSpecs([], inRuntime("chromium-shell"))];
  steps["what Electron does"] = await probeElectron();
  const inElectron = await runSpecs([], inRuntime("electron"));
  if (asked === "electron") return [inElectron];
  console.log("A part of the end-to-end tests runs in the Chromium shell as well.");
  return [inElectron, await runSpecs(specsInShell, inRuntime("chromium-shell"))];
}

/**
 * Where no runtime of Electron can be had it is said, and is no failure: a registry may lack the package.
 *
 * @param {string[]} specs files or folders; none for all of them
 */
async function testInElectron(specs) {
  await ensureBuilt();
  if ((await prepareElectron()) === null) {
    console.log("0 passed, 0 failed in real Electron: it cannot be run here, for the reason above.");
    return 0;
  }
  const probe = await probeElectron();
  const run = await runSpecs(specs, inRuntime("electron"));
  const steps = { "what Electron does": probe, "end-to-end tests in Electron": run.code };
  return tell(steps, [run], " in real Electron");
}

/** @param {string[]} specs files or folders; none for all of them */
async function testInShell(specs) {
  await ensureBuilt();
  const run = await runSpecs(specs, inRuntime("chromium-shell"));
  return tell({ "end-to-end tests in the Chromium shell": run.code }, [run], " in the Chromium shell");
}

/** @param {{report: import("./test-report.mjs").Report, races: string[]}[]} runs */
function tell(steps, runs, where = "") {
  const { passed, failed, skipped } = sum(runs.map(({ report }) => tally(report)));
  for (const race of runs.flatMap(({ races }) => races)) {
    console.log(`Passed only when it ran alone, a race to be found: ${race}`);
  }
  for (const { report } of runs) {
    console.log(`The longest: ${longestFiles(report, rootFolder).join(", ")}.`);
  }
  // Last, as the end is all that many see of a long output.
  for (const line of runs.flatMap(({ report }) => failureLines(report, rootFolder)))
    console.log(`Failed: ${line}`);
  const broken = Object.keys(steps).filter((name) => steps[name] !== 0);
  if (broken.length > 0) console.log(`Not in order: ${broken.join(", ")}.`);
  console.log(`${passed} passed, ${failed} failed, ${skipped} skipped${where}`);
  return broken.length > 0 || failed > 0 ? 1 : 0;
}

const vitest = [packageScript("vitest", "vitest.mjs"), "run"];

/** The shell is asked the same with the unit tests. */
const probeElectron = () =>
  runInDisplay([...vitest, "proofs/runtime-probe", "-t", "Electron answers"], inRuntime("electron"));

async function runVitest(files = []) {
  rmSync(vitestReport, { force: true });
  const reporters = ["--reporter=default", "--reporter=json", `--outputFile.json=${vitestReport}`];
  const code = await runNode([...vitest, ...reporters, ...files]);
  return { code, report: readVitest(vitestReport) };
}

const nothingToDrive = () => ({ code: 1, report: readPlaywright(playwrightReport(0)), races: [] });

/** All of them in two halves at a time, where each has a display of its own; what fails once more, alone. */
async function runSpecs(specs, env) {
  const isAll = specs.length === 0 && isLentDisplay(env) && availableParallelism() > 1;
  const first = isAll ? await runHalves(env) : await runPlaywright(specs, env);
  return withSecondRun(first, (files) => runPlaywright(files, env));
}

/** Of all tests, in percent: the first half's take longer, and both shall end at the same time. */
const HALVES = { PWTEST_SHARD_WEIGHTS: "46:54" };

async function runHalves(env) {
  const half = (place) => runPlaywright([`--shard=${place}/2`], { ...env, ...HALVES }, place);
  const halves = await Promise.all([1, 2].map(half));
  return {
    code: Math.max(...halves.map(({ code }) => code)),
    report: joined(halves.map(({ report }) => report)),
  };
}

/** Report and pictures of each go to places of their own: a run empties its place at the start. */
async function runPlaywright(specs, env, place = 1) {
  const report = playwrightReport(place);
  rmSync(report, { force: true });
  const cli = packageScript("@playwright", "test", "cli.js");
  const args = [cli, "test", "--pass-with-no-tests", "--output", `test-results/e2e-${place}`, ...specs];
  const code = await runInDisplay(args, { ...env, PLAYWRIGHT_JSON_OUTPUT_FILE: report }, place);
  return { code, report: readPlaywright(report) };
}
