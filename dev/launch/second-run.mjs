import { failedFiles, ranAgain } from "./test-report.mjs";

/** More than these is no race, and nobody waits for it twice. */
const MOST_FILES = 3;

/**
 * Runs the files in which a test failed once more, alone (decision 88). What fails twice has failed; what passes then
 * is told by name, for it is a race that somebody has to find.
 *
 * @param {{code: number, report: import("./test-report.mjs").Report}} first
 * @param {(files: string[]) => Promise<{code: number, report: import("./test-report.mjs").Report}>} runFiles
 * @returns {Promise<{code: number, report: import("./test-report.mjs").Report, races: string[]}>}
 */
export async function withSecondRun(first, runFiles) {
  const files = failedFiles(first.report);
  if (first.code === 0 || first.report.broken > 0 || files.length === 0 || files.length > MOST_FILES) {
    return { ...first, races: [] };
  }
  console.log(`Failed, and run once more alone: ${files.join(", ")}`);
  const second = await runFiles(files);
  const still = new Set(failedFiles(second.report));
  const races = files
    .filter((file) => second.report.files.has(file) && !still.has(file))
    .flatMap((file) => first.report.files.get(file).failures.map((name) => `${file}: ${name}`));
  const report = ranAgain(first.report, second.report);
  return { code: second.code, report, races };
}
