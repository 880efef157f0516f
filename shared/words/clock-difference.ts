import type { ClockDifference } from "../domain/clock-difference.ts";
import { formatRoughDuration } from "./durations.ts";

/** E.g. "4 min 02 s behind", of this computer's clock against the service's. */
export function differenceInWords({ offsetMs }: ClockDifference): string {
  return `${formatRoughDuration(Math.abs(offsetMs))} ${offsetMs > 0 ? "behind" : "ahead"}`;
}
