import { existsSync, readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { commandLineOf, descendantsOf } from "../fixture/page-process.ts";

/** A process as it can be told from a later one of the same number. */
interface Seen {
  readonly pid: number;
  readonly startedTicks: string;
  readonly commandLine: string;
}

/** All processes of a console, to be looked for after its end (Linux). */
export function processesOf(consolePid: number): Seen[] {
  return [consolePid, ...descendantsOf(consolePid)].map((pid) => ({
    pid,
    startedTicks: startedTicksOf(pid),
    commandLine: commandLineOf(pid).replaceAll("\0", " ").trim(),
  }));
}

/** A page whose browser is gone notices it once it has its turn, which on a busy machine takes its time. */
const END_WITHIN_MS = 15_000;
const LOOK_EVERY_MS = 250;

/** Those that still run after a while, in words. */
export async function stillRunning(seen: readonly Seen[]): Promise<string[]> {
  const untilMs = performance.now() + END_WITHIN_MS;
  for (;;) {
    const running = seen.filter(
      ({ pid, startedTicks }) => startedTicks !== "" && startedTicksOf(pid) === startedTicks,
    );
    if (running.length === 0 || performance.now() > untilMs) {
      return running.map(({ pid, commandLine }) => `process ${pid}: ${commandLine.slice(0, 120)}`);
    }
    await sleep(LOOK_EVERY_MS);
  }
}

/** Field 22 of /proc/PID/stat (proc(5)); empty where there is no such process, or it has ended and nobody has asked for its end. */
function startedTicksOf(pid: number): string {
  const path = `/proc/${pid}/stat`;
  if (!existsSync(path)) return "";
  try {
    const fields = readFileSync(path, "utf8").split(") ").at(-1)?.split(" ") ?? [];
    return fields[0] === "Z" ? "" : (fields[19] ?? "");
  } catch {
    return "";
  }
}

/** Encrypted segments of exports that have ended, and files that are only half written, in the site. */
export function filesLeft(siteDir: string): string[] {
  const all = readdirSync(siteDir, { recursive: true, encoding: "utf8" });
  return all.filter(
    (path) =>
      /^console\/spool\/.*\.enc$/.test(path) || (/\.(?:part|making|tmp)$/.test(path) && !isBrowsers(path)),
  );
}

/** The browser keeps house in its folder as it likes. */
const isBrowsers = (path: string) => path.startsWith(join("console", "browser"));

/** What lies in the folder that was the console's for temporary files. */
export function temporaryFilesLeft(folder: string): string[] {
  return readdirSync(folder, { recursive: true, encoding: "utf8" });
}
