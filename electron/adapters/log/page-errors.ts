import type { ConsoleLog } from "./console-log.ts";
import { RateBound } from "#shared/domain/rate-bound.ts";

/** A page that fails in a loop must not fill the log, nor push out what led there. */
const LIMIT_A_MINUTE = 20;

/** @returns writes an error of the page into the log, unless there were too many within a minute: those are counted */
export function pageErrorsInto(
  log: ConsoleLog,
  steadyNowMs: () => number = () => performance.now(),
): (text: string) => void {
  const bound = new RateBound(LIMIT_A_MINUTE);
  return (text) => {
    const leftOut = bound.take(steadyNowMs());
    if (leftOut === null) return;
    if (leftOut > 0) log.write("page", "warn", `${leftOut} more errors of the page were left out.`);
    log.write("page", "error", text);
  };
}
