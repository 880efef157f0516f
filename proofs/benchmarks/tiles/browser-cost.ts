import { readdir, readFile } from "node:fs/promises";

/** Ticks of the processor clock in a second, as Linux tells them to programs (sysconf CLK_TCK). */
const TICKS_A_SECOND = 100;

/** What all processes of a browser have used, and occupy now. */
export interface BrowserCost {
  readonly cpuSeconds: number;
  /** Proportional share of memory: what processes share is divided among them. */
  readonly memoryMB: number;
}

export interface ProcessFacts {
  readonly pid: number;
  readonly parent: number;
  readonly name: string;
  readonly cpuSeconds: number;
}

/** Reads /proc (proc(5)); the name stands in brackets and may hold blanks. */
export async function processFacts(pid: number): Promise<ProcessFacts | null> {
  const text = await readFile(`/proc/${pid}/stat`, "utf8").catch(() => "");
  const nameEnd = text.lastIndexOf(")");
  if (nameEnd < 0) return null;
  const fields = text.slice(nameEnd + 2).split(" ");
  const ticks = Number(fields[11]) + Number(fields[12]);
  const name = text.slice(text.indexOf("(") + 1, nameEnd);
  return { pid, parent: Number(fields[1]), name, cpuSeconds: ticks / TICKS_A_SECOND };
}

/** Services are processes of Electron too, and no part of what draws. */
async function isService(pid: number): Promise<boolean> {
  const commandLine = await readFile(`/proc/${pid}/cmdline`, "utf8").catch(() => "");
  return commandLine.includes("--utility-sub-type=node.mojom.NodeService");
}

async function memoryMB(pid: number): Promise<number> {
  const text = await readFile(`/proc/${pid}/smaps_rollup`, "utf8").catch(() => "");
  return (Number(/^Pss:\s+(\d+) kB$/m.exec(text)?.[1] ?? 0) * 1024) / 1e6;
}

/** Every process that a process has started, and those that these have started. */
export async function descendants(rootPid: number): Promise<ProcessFacts[]> {
  const pids = (await readdir("/proc")).filter((name) => /^\d+$/.test(name)).map(Number);
  const all = (await Promise.all(pids.map(processFacts))).filter((each) => each !== null);
  const found: ProcessFacts[] = [];
  for (let parents = new Set([rootPid]); parents.size > 0;) {
    const children = all.filter(({ parent }) => parents.has(parent));
    found.push(...children);
    parents = new Set(children.map(({ pid }) => pid));
  }
  return found;
}

/** What belongs to a browser whose first process this is, as Electron's main process; only on Linux. */
export async function costOfElectron(pid: number): Promise<BrowserCost> {
  const all = [await processFacts(pid), ...(await descendants(pid))];
  const own: ProcessFacts[] = [];
  for (const each of all)
    if (each !== null && /electron/i.test(each.name) && !(await isService(each.pid))) own.push(each);
  return await sumOf(own);
}

/**
 * Adds up the processes of the browser that a process has started; only on Linux.
 * @param rootPid the process that started it, directly or not
 * @param exceptPid what this process has started belongs to somebody else
 */
export async function browserCost(rootPid: number, exceptPid: number | null): Promise<BrowserCost> {
  const others = exceptPid === null ? [] : await descendants(exceptPid);
  const otherPids = new Set(others.map(({ pid }) => pid));
  const own = (await descendants(rootPid)).filter(
    ({ pid, name }) => /chrom|electron/i.test(name) && !otherPids.has(pid),
  );
  return await sumOf(own);
}

async function sumOf(own: readonly ProcessFacts[]): Promise<BrowserCost> {
  const memory = await Promise.all(own.map(({ pid }) => memoryMB(pid)));
  return {
    cpuSeconds: own.reduce((sum, { cpuSeconds }) => sum + cpuSeconds, 0),
    memoryMB: memory.reduce((sum, each) => sum + each, 0),
  };
}
