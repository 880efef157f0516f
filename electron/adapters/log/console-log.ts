import { chmodSync, mkdirSync, readdirSync } from "node:fs";
import { join } from "node:path";
import { formatWithOptions } from "node:util";
import { pino } from "pino";
import openRollingFile from "pino-roll";
import { withoutSecrets } from "./without-secrets.ts";

/** A file is begun anew from this size on, and this many are kept beside the one in use. */
const FILE_MEGABYTES = 2;
const KEPT_FILES = 9;
/** No line is longer: a service that prints a file in one line must not fill the log. */
const LINE_LIMIT = 8_000;

export type LogSource = "console" | "page" | "archive" | "evidence-service";
export type LogLevel = "info" | "warn" | "error";

/** The log of a site: lines of JSON in files that only this user can read, the oldest of which go. */
export interface ConsoleLog {
  readonly folder: string;
  /** Writes one line at once, so that it is there whatever ends this process next. Never throws. */
  write(source: LogSource, level: LogLevel, text: string): void;
  close(): void;
}

/**
 * Opens the log in `<site>/logs`. Where it cannot be written (a full disk, no rights) the program goes on without.
 *
 * @param siteRoot the site's folder
 * @param onUnwritable told once when lines are lost, and why
 */
export async function openConsoleLog(
  siteRoot: string,
  onUnwritable: (error: unknown) => void,
): Promise<ConsoleLog> {
  const folder = join(siteRoot, "logs");
  let isTold = false;
  const tellOnce = (error: unknown) => {
    if (isTold) return;
    // Whoever is told says it at the terminal, which comes back here.
    isTold = true;
    onUnwritable(error);
  };
  const destination = await openDestination(folder).catch((error: unknown) => {
    tellOnce(error);
    return null;
  });
  if (destination === null) return { folder, write: () => undefined, close: () => undefined };
  destination.on("error", tellOnce);
  const logger = pino(
    { base: { pid: process.pid }, timestamp: pino.stdTimeFunctions.isoTime, formatters: { level } },
    destination,
  );
  return {
    folder,
    write: (source, severity, text) => {
      try {
        logger[severity]({ source }, withoutSecrets(text).slice(0, LINE_LIMIT));
      } catch (error) {
        tellOnce(error);
      }
    },
    close: () => destination.end(),
  };
}

const level = (label: string) => ({ level: label });

async function openDestination(folder: string) {
  mkdirSync(folder, { recursive: true, mode: 0o700 });
  // Of an earlier version, or copied: what is there already is for this user alone too.
  for (const name of readdirSync(folder)) chmodSync(join(folder, name), 0o600);
  return await openRollingFile({
    file: join(folder, "console"),
    extension: ".log",
    size: FILE_MEGABYTES,
    limit: { count: KEPT_FILES, removeOtherLogFiles: true },
    mode: 0o600,
    sync: true,
  });
}

/** What the console says at its terminal stands in the log too, whoever says it. */
export function recordTerminal(
  log: ConsoleLog,
  terminal: Pick<Console, "log" | "warn" | "error"> = console,
): void {
  const levels = { log: "info", warn: "warn", error: "error" } as const;
  for (const [name, severity] of Object.entries(levels) as [keyof typeof levels, LogLevel][]) {
    const say = terminal[name].bind(terminal);
    terminal[name] = (...words: unknown[]) => {
      log.write("console", severity, formatWithOptions({ depth: 4, breakLength: Infinity }, ...words));
      say(...words);
    };
  }
}
