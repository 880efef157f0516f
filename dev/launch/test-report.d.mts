export interface Tally {
  passed: number;
  failed: number;
  skipped: number;
}
/** Of a report of vitest's JSON reporter. */
export function tallyVitest(path: string): Tally;
/** Of a report of Playwright's JSON reporter. */
export function tallyPlaywright(path: string): Tally;
export function sum(tallies: Tally[]): Tally;
