/** A move in a process of its own, which is killed. */
import { spawn } from "node:child_process";
import { once } from "node:events";
import { existsSync } from "node:fs";
import { setTimeout as wait } from "node:timers/promises";
import { fileURLToPath } from "node:url";

const PROGRAM = fileURLToPath(new URL("../../evidence-service/main.ts", import.meta.url));
const LOOK_EVERY_MS = 1;

/**
 * @param isTime asked all the time: now it is killed
 * @returns whether it was killed before it ended
 */
async function killedMove(from: string, to: string, isTime: () => boolean): Promise<boolean> {
  const words = [PROGRAM, "move", "--from", from, "--to", to];
  const child = spawn(process.execPath, words, { stdio: "ignore" });
  const ended = once(child, "exit");
  while (child.exitCode === null && !isTime()) await wait(LOOK_EVERY_MS);
  child.kill("SIGKILL");
  await ended;
  return child.signalCode === "SIGKILL";
}

/** Killed as soon as a file is there. */
export const killedOnceThereIs = (from: string, to: string, file: string): Promise<boolean> =>
  killedMove(from, to, () => existsSync(file));

/** Killed some time after it began to bring something. */
export function killedAfter(from: string, to: string, file: string, afterMs: number): Promise<boolean> {
  let sinceMs: number | null = null;
  return killedMove(from, to, () => {
    if (sinceMs === null && existsSync(file)) sinceMs = performance.now();
    return sinceMs !== null && performance.now() - sinceMs >= afterMs;
  });
}
