import { app, dialog } from "electron";
import { PRODUCT_NAME } from "#shared/domain/brand.ts";
import { helpText, NOT_UNDERSTOOD, type Told, type ToldToStart } from "./read-command-line.mjs";

/** As the packages name it. */
const EXECUTABLE = "evidence-desk";

/** Says what was asked for, or why nothing can be done, and ends without a window. */
export function endAtOnce(told: Exclude<Told, ToldToStart>): void {
  if (told.kind === "refused") return endRefused(told.sentence, NOT_UNDERSTOOD);
  console.log(told.kind === "help" ? helpText(EXECUTABLE) : `${PRODUCT_NAME} ${app.getVersion()}`);
  app.exit(0);
}

/** Before a window can be opened. */
export function endRefused(sentence: string, exitCode: number): void {
  console.error(sentence);
  // There a program of the desktop has no terminal; on Linux the box would be one more line in it.
  if (app.isPackaged && process.platform !== "linux") dialog.showErrorBox(PRODUCT_NAME, sentence);
  app.exit(exitCode);
}

/** What goes wrong while the console is put together: the log has all of it, whoever started it one sentence. */
export function endUnstarted(error: unknown): void {
  console.error(`${PRODUCT_NAME} cannot start.`, error);
  const why = error instanceof Error ? error.message : "no reason is known.";
  const advice = adviceOf(error);
  if (app.isPackaged) dialog.showErrorBox(`${PRODUCT_NAME} cannot start`, `${why}\n\n${advice}`);
  else console.error(advice);
  app.exit(1);
}

/** A disk that has no room left wants no backup. */
function adviceOf(error: unknown): string {
  if (error instanceof Error && "action" in error && typeof error.action === "string") return error.action;
  return "Put the site's folder back from a backup, or start the console on another one with --site.";
}
