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

/** E.g. "4 min 2 s behind", of this computer's clock against the service's. */
export function differenceInWords({ offsetMs }: ClockDifference): string {
  const seconds = Math.round(Math.abs(offsetMs) / 1000);
  const parts: readonly [number, string][] = [
    [Math.floor(seconds / 86_400), "d"],
    [Math.floor(seconds / 3600) % 24, "h"],
    [Math.floor(seconds / 60) % 60, "min"],
    [seconds % 60, "s"],
  ];
  const told = parts.filter(([count]) => count > 0).slice(0, 2);
  const size = told.map(([count, unit]) => `${count} ${unit}`).join(" ") || "0 s";
  return `${size} ${offsetMs > 0 ? "behind" : "ahead"}`;
}
