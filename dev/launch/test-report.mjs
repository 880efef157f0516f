import { existsSync, readFileSync } from "node:fs";

/** @typedef {{passed: number, failed: number, skipped: number}} Tally */

/** A runner that left no report has failed as a whole, which counts as one failure. */
const noReport = { passed: 0, failed: 1, skipped: 0 };

function readReport(path) {
  return existsSync(path) ? JSON.parse(readFileSync(path, "utf8")) : undefined;
}

/** @returns {Tally} of a report of vitest's JSON reporter; a file that cannot even be loaded is a failure */
export function tallyVitest(path) {
  const report = readReport(path);
  if (!report) return noReport;
  const unloadable = report.testResults.filter(
    (file) => file.status === "failed" && file.assertionResults.length === 0,
  );
  return {
    passed: report.numPassedTests,
    failed: report.numFailedTests + unloadable.length,
    skipped: report.numPendingTests + report.numTodoTests,
  };
}

/** @returns {Tally} of a report of Playwright's JSON reporter */
export function tallyPlaywright(path) {
  const report = readReport(path);
  if (!report) return noReport;
  const { expected, unexpected, flaky, skipped } = report.stats;
  return { passed: expected, failed: unexpected + flaky + report.errors.length, skipped };
}

/** @param {Tally[]} tallies @returns {Tally} */
export function sum(tallies) {
  const total = (name) => tallies.reduce((count, tally) => count + tally[name], 0);
  return { passed: total("passed"), failed: total("failed"), skipped: total("skipped") };
}
