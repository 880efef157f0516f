import type { Report } from "./test-report.mjs";

interface Run {
  code: number;
  report: Report;
}
/** Runs the files in which a test failed once more, alone; `races` are those that passed then, by name. */
export function withSecondRun(
  first: Run,
  runFiles: (files: string[]) => Promise<Run>,
): Promise<Run & { races: string[] }>;
