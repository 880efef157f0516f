/** Processor time of other processes, as Linux counts it. */
import { readdir, readFile } from "node:fs/promises";

/** Linux's unit of /proc; the same on every system that this runs on. */
const TICKS_PER_S = 100;

interface Counted {
  readonly parent: number;
  /** Its own, and that of its children that have ended, seconds. */
  readonly seconds: number;
}

async function counted(pid: number): Promise<Counted | null> {
  const text = await readFile(`/proc/${pid}/stat`, "utf8").catch(() => null); // It has ended.
  if (text === null) return null;
  // The name, which may hold anything, stands in brackets.
  const words = text.slice(text.lastIndexOf(")") + 2).split(" ");
  const ticks = words.slice(11, 15).reduce((sum, word) => sum + Number(word), 0);
  return { parent: Number(words[1]), seconds: ticks / TICKS_PER_S };
}

/** Of a process, all that it started, and all that those started and that have ended. */
export async function processorTimeS(pid: number): Promise<number> {
  const names = (await readdir("/proc")).filter((name) => /^\d+$/.test(name));
  const all = new Map<number, Counted>();
  for (const name of names) {
    const found = await counted(Number(name));
    if (found !== null) all.set(Number(name), found);
  }
  const isOurs = (one: number): boolean => one === pid || (one > 1 && isOurs(all.get(one)?.parent ?? 0));
  return [...all].reduce((sum, [one, { seconds }]) => sum + (isOurs(one) ? seconds : 0), 0);
}
