import { existsSync, readFileSync } from "node:fs";
import { stripVTControlCharacters } from "node:util";

/** @typedef {{passed: number, failed: number, skipped: number}} Tally */
/** @typedef {Tally & {failures: string[], whys: string[], ms: number}} FileResult names of the tests that failed, and of each the beginning of what it said */
/** @typedef {{files: Map<string, FileResult>, broken: number}} Report broken: what failed beside any test */

/** A runner that left no report has failed as a whole, which counts as one failure. */
const noReport = () => ({ files: new Map(), broken: 1 });

function readJson(path) {
  return existsSync(path) ? JSON.parse(readFileSync(path, "utf8")) : undefined;
}

/** Of what a failure says. */
const WHY_CHARACTERS = 400;

/** @returns {FileResult} */
function fileResult(tests) {
  const ended = (...statuses) => tests.filter(({ status }) => statuses.includes(status));
  const broken = ended("failed", "unexpected", "flaky");
  const failures = broken.map(({ name }) => name);
  const whys = broken.map(({ why = "" }) => stripVTControlCharacters(why).slice(0, WHY_CHARACTERS));
  const passed = ended("passed", "expected").length;
  const skipped = tests.length - passed - failures.length;
  const ms = tests.reduce((total, { duration = 0 }) => total + duration, 0);
  return { passed, failed: failures.length, skipped, failures, whys, ms };
}

/** @returns {Report} of vitest's JSON reporter; a file that cannot even be loaded is a failure */
export function readVitest(path) {
  const report = readJson(path);
  if (!report) return noReport();
  const files = report.testResults.map((file) => {
    const tests = file.assertionResults.map(({ status, fullName, failureMessages, duration }) => {
      return { status, name: fullName, why: failureMessages?.[0], duration };
    });
    const isUntold = file.status === "failed" && tests.every(({ status }) => status !== "failed");
    if (isUntold) tests.push({ status: "failed", name: "the file as a whole", why: file.message });
    return [file.name, fileResult(tests)];
  });
  return { files: new Map(files), broken: 0 };
}

/** @returns {Report} of Playwright's JSON reporter */
export function readPlaywright(path) {
  const report = readJson(path);
  if (!report) return noReport();
  const files = report.suites.map((suite) => [suite.file, fileResult(testsIn(suite))]);
  return { files: new Map(files), broken: report.errors.length };
}

function testsIn({ suites = [], specs = [] }) {
  const own = specs.flatMap(({ title, tests }) =>
    tests.map(({ status, results = [] }) => {
      const duration = results.reduce((total, { duration: ms }) => total + ms, 0);
      return { status, name: title, why: results[0]?.errors[0]?.message, duration };
    }),
  );
  return [...own, ...suites.flatMap(testsIn)];
}

/** @param {Report} report @returns {string[]} files in which a test failed */
export function failedFiles({ files }) {
  return [...files].filter(([, { failed }]) => failed > 0).map(([name]) => name);
}

/** @param {Report} report @returns {string[]} of each test that failed its file, its name and what it said, with paths below `root` */
export function failureLines({ files }, root) {
  return [...files].flatMap(([file, { failures, whys }]) =>
    failures.map((name, at) => `${file.replace(`${root}/`, "")}: ${name}: ${whys[at]}`),
  );
}

/** @param {Report} report @returns {string[]} the files that took longest, the longest first, with their seconds */
export function longestFiles({ files }, root, most = 8) {
  return [...files]
    .toSorted(([, one], [, other]) => other.ms - one.ms)
    .slice(0, most)
    .map(([file, { ms }]) => `${Math.round(ms / 1000)} s ${file.replace(`${root}/`, "")}`);
}

/** @param {Report[]} reports of different files @returns {Report} */
export function joined(reports) {
  const files = new Map(reports.flatMap((report) => [...report.files]));
  return { files, broken: reports.reduce((count, { broken }) => count + broken, 0) };
}

/** @param {Report} first @param {Report} second of some of its files, whose results hold @returns {Report} */
export function ranAgain(first, second) {
  return { files: new Map([...first.files, ...second.files]), broken: first.broken + second.broken };
}

/** @param {Report} report @returns {Tally} */
export function tally({ files, broken }) {
  const total = { passed: 0, failed: broken, skipped: 0 };
  for (const file of files.values()) {
    for (const name of Object.keys(total)) total[name] += file[name];
  }
  return total;
}

/** @param {Tally[]} tallies @returns {Tally} */
export function sum(tallies) {
  const total = (name) => tallies.reduce((count, tally) => count + tally[name], 0);
  return { passed: total("passed"), failed: total("failed"), skipped: total("skipped") };
}
