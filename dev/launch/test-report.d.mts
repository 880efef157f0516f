export interface Tally {
  passed: number;
  failed: number;
  skipped: number;
}
export interface Report {
  /** By the name of each file, with the names of the tests that failed. */
  files: Map<string, Tally & { failures: string[] }>;
  /** What failed beside any test. */
  broken: number;
}
/** Of vitest's JSON reporter. */
export function readVitest(path: string): Report;
/** Of Playwright's JSON reporter. */
export function readPlaywright(path: string): Report;
export function failedFiles(report: Report): string[];
/** Of each test that failed its file, its name and the beginning of what it said. */
export function failureLines(report: Report, root: string): string[];
/** The files that took longest, the longest first, with their seconds. */
export function longestFiles(report: Report, root: string, most?: number): string[];
/** Of different files. */
export function joined(reports: readonly Report[]): Report;
/** The results of the second, which ran some files of the first, hold. */
export function ranAgain(first: Report, second: Report): Report;
export function tally(report: Report): Tally;
export function sum(tallies: Tally[]): Tally;
