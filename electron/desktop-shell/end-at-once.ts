import { app, dialog } from "electron";
import { PRODUCT_NAME } from "#shared/domain/brand.ts";
import { helpText, NOT_UNDERSTOOD, type Told, type ToldToStart } from "./read-command-line.mjs";

/** As the packages name it. */
const EXECUTABLE = "evidence-desk";

/** Says what was asked for, or why nothing can be done, and ends without a window. */
export function endAtOnce(told: Exclude<Told, ToldToStart>): void {
  if (told.kind === "refused") {
    console.error(told.sentence);
    // There a program of the desktop has no terminal; on Linux the box would be one more line in it.
    if (app.isPackaged && process.platform !== "linux") dialog.showErrorBox(PRODUCT_NAME, told.sentence);
    return app.exit(NOT_UNDERSTOOD);
  }
  console.log(told.kind === "help" ? helpText(EXECUTABLE) : `${PRODUCT_NAME} ${app.getVersion()}`);
  app.exit(0);
}
