import { release } from "node:os";
import { APP_ORIGIN } from "./page-origin.ts";

/**
 * The Chromium shell stands in for Electron's runtime where that cannot be had. It names the origin
 * under which it serves the console's page in this variable.
 */
const SHELL_ORIGIN_VARIABLE = "EVIDENCE_DESK_SHELL_ORIGIN";

export function isChromiumShell(): boolean {
  return process.env[SHELL_ORIGIN_VARIABLE] !== undefined;
}

/** Origins under which the console's page may run, for the archive's CORS. */
export function pageOrigins(): string[] {
  const shellOrigin = process.env[SHELL_ORIGIN_VARIABLE];
  return shellOrigin === undefined ? [APP_ORIGIN] : [APP_ORIGIN, shellOrigin];
}

/** For the log-on dialog and reports. */
export function runtimeLabel(): string {
  if (isChromiumShell()) return "Chromium shell: no system tray, no native notifications";
  return `Electron ${process.versions["electron"] ?? ""} on ${process.platform} ${release()}`;
}
