/**
 * A service tells whoever started it that it takes requests, and where: by one line of JSON on its standard output, once.
 * All else that it says goes to standard error.
 */
import type { ChildProcess } from "node:child_process";
import { once } from "node:events";
import { createInterface } from "node:readline";
import { z } from "zod";

/** What a service says besides is its own. */
const readyLineSchema = z.looseObject({ listening: z.url() });
export type ReadyLine = z.infer<typeof readyLineSchema>;

export function sayReady(ready: ReadyLine): void {
  process.stdout.write(`${JSON.stringify(ready)}\n`);
}

/** Null for any other line. */
export function parseReadyLine(line: string): ReadyLine | null {
  try {
    return readyLineSchema.safeParse(JSON.parse(line)).data ?? null;
  } catch {
    return null;
  }
}

/**
 * Waits for the ready line of a service that was just started.
 * @param name of the service, for the error
 * @throws Error when it ends before that line, or says another one first
 */
export async function readyLineOf(child: ChildProcess, name: string): Promise<ReadyLine> {
  const line = await firstLineOf(child, name);
  const ready = parseReadyLine(line);
  if (ready === null) throw new Error(`${name} said, instead of where it listens: ${line}`);
  return ready;
}

/**
 * Of a program that may listen nowhere.
 * @throws Error when it ends before it has said one
 */
export async function firstLineOf(child: ChildProcess, name: string): Promise<string> {
  if (child.stdout === null) throw new Error(`${name} has no standard output to say where it listens.`);
  const ended = once(child, "exit").then(([code]) => {
    throw new Error(`${name} ended with ${String(code)} before it was ready.`);
  });
  const said = once(createInterface({ input: child.stdout }), "line").then(([line]) => String(line));
  return await Promise.race([said, ended]);
}
