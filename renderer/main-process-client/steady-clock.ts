/**
 * The clock of the main process that only goes forward, as this page knows it. Both sides have one that starts with them;
 * what main tells with its own is compared with the page's at the moment of its arrival.
 */
let mainAheadMs = 0;

/** Main told now what its clock says. */
export function mainSaid(steadyMs: number): void {
  mainAheadMs = steadyMs - performance.now();
}

/** What main's clock says now, in milliseconds. */
export function mainSteadyNow(): number {
  return performance.now() + mainAheadMs;
}
