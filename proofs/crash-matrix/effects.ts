/**
 * Counts what a process does outside itself, and ends the process with SIGKILL just before or just after one
 * of these effects. Every thread of the process counts for itself; kinds are named after the thread.
 */
import { appendFileSync } from "node:fs";
import { isMainThread } from "node:worker_threads";

export interface KillPoint {
  /** Such as "console journal.saveSegment". */
  readonly kind: string;
  /** Which effect of this kind, from 1. */
  readonly number: number;
  readonly moment: "before" | "after";
}

/** File that gets a line for each effect that has happened; and where to die, as JSON. */
export const EFFECT_LOG_VARIABLE = "CRASH_MATRIX_LOG";
export const KILL_POINT_VARIABLE = "CRASH_MATRIX_KILL_POINT";

const logFile = process.env[EFFECT_LOG_VARIABLE];
const killPoint = JSON.parse(process.env[KILL_POINT_VARIABLE] ?? "null") as KillPoint | null;
const thread = isMainThread ? "console" : "worker";
const counts = new Map<string, number>();

/** @param name of the effect, such as "file.rename" */
export function withEffect<T>(name: string, act: () => T): T {
  const dieAt = enter(name);
  if (dieAt === "before") die();
  const answer = act();
  if (answer instanceof Promise) return answer.then((value: unknown) => left(name, dieAt, value)) as T;
  return left(name, dieAt, answer);
}

function enter(name: string): KillPoint["moment"] | null {
  const kind = `${thread} ${name}`;
  const number = (counts.get(kind) ?? 0) + 1;
  counts.set(kind, number);
  return killPoint?.kind === kind && killPoint.number === number ? killPoint.moment : null;
}

function left<T>(name: string, dieAt: KillPoint["moment"] | null, value: T): T {
  if (logFile !== undefined) appendFileSync(logFile, `${thread} ${name}\n`);
  if (dieAt === "after") die();
  return value;
}

/** Nothing runs in this thread any more while the signal is on its way. */
function die(): never {
  process.kill(process.pid, "SIGKILL");
  for (;;) Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0);
}
