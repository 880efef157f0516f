import { PAGE_ERROR_LIMIT } from "#shared/ipc-contract/report-contract.ts";
import { RateBound } from "#shared/domain/rate-bound.ts";
import { ask } from "./bridge.ts";

/** More of a page that fails in a loop says nothing new, and asking costs the main process time. */
const bound = new RateBound(20);

/** What nobody caught in the page goes into the console's log. */
export function reportPageErrors(): void {
  window.addEventListener("error", ({ message, filename, lineno, error }) =>
    reportPageError(`${message} (${filename}:${lineno})`, error),
  );
  window.addEventListener("unhandledrejection", ({ reason }) =>
    reportPageError("A promise was rejected and nobody caught it.", reason),
  );
}

/** @param error whatever was thrown */
export function reportPageError(what: string, error: unknown): void {
  if (bound.take(performance.now()) === null) return;
  const detail = error instanceof Error ? (error.stack ?? error.message) : String(error);
  void ask("report.pageError", { text: `${what}\n${detail}`.slice(0, PAGE_ERROR_LIMIT) });
}
