import type { BenchResult } from "../report.ts";

/** What one part of the benchmark found; the parts' figures stand beside each other in its last line. */
export type PartResult = Omit<BenchResult, "bench">;
