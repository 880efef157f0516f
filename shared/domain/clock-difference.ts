/** How far the service's clock is ahead of this computer's. */
export interface ClockDifference {
  readonly offsetMs: number;
  /** The true difference lies within this of the measured one. */
  readonly uncertaintyMs: number;
}

/** Clocks that are set by the network agree far better; footage is told apart by the second. */
const NOTICED_MS = 2_000;

/** Whether one of the clocks is wrong by more than the measurement may be. */
export function clocksDiffer({ offsetMs, uncertaintyMs }: ClockDifference): boolean {
  return Math.abs(offsetMs) - uncertaintyMs > NOTICED_MS;
}
