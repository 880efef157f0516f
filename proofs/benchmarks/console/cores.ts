import { readFile } from "node:fs/promises";
import { descendants, processFacts } from "../tiles/browser-cost.ts";

/** Who works in a running console. */
export const PROGRAMS = ["page", "rest of the browser", "console", "archive", "evidence service"] as const;
export type Program = (typeof PROGRAMS)[number];

/** Processor seconds of each program so far; only on Linux. */
export type ProgramSeconds = Readonly<Record<Program, number>>;

/** @param pid of the console's main process; its worker threads count as the console */
export async function programSeconds(pid: number): Promise<ProgramSeconds> {
  const seconds: Record<Program, number> = {
    ...{ page: 0, "rest of the browser": 0, console: 0, archive: 0, "evidence service": 0 },
  };
  const own = await processFacts(pid);
  for (const process of [...(own === null ? [] : [own]), ...(await descendants(pid))])
    seconds[process.pid === pid ? "console" : await programOf(process.pid)] += process.cpuSeconds;
  return seconds;
}

async function programOf(pid: number): Promise<Program> {
  const command = await readFile(`/proc/${pid}/cmdline`, "utf8").catch(() => "");
  if (command.includes("--type=renderer")) return "page";
  if (command.includes("archive.js")) return "archive";
  return command.includes("evidence-service.js") ? "evidence service" : "rest of the browser";
}

/** Cores that each program had between two looks. */
export function coresBetween(before: ProgramSeconds, after: ProgramSeconds, seconds: number): ProgramSeconds {
  return Object.fromEntries(
    PROGRAMS.map((program) => [program, (after[program] - before[program]) / seconds]),
  ) as unknown as ProgramSeconds;
}
