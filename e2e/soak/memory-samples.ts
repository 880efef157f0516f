import { readdirSync, readFileSync, readlinkSync } from "node:fs";
import { type MemorySample, type Part, PARTS } from "#proofs/soak/memory-slope.ts";
import { commandLineOf, descendantsOf } from "../fixture/page-process.ts";

/** Reads /proc (proc(5)); only on Linux. */
export function sampleMemory(consolePid: number, atMs: number): MemorySample {
  const residentMB = Object.fromEntries(PARTS.map((part) => [part, 0])) as Record<Part, number>;
  for (const pid of [consolePid, ...descendantsOf(consolePid)])
    residentMB[pid === consolePid ? "main" : partOf(pid)] += residentOf(pid);
  return { atMs, residentMB };
}

/** The two services are processes of one kind; each has its database open. */
function partOf(pid: number): Part {
  const commandLine = commandLineOf(pid);
  if (/(^|\/)ffmpeg\0/.test(commandLine)) return "recorders";
  if (commandLine.includes("--type=renderer")) return "page";
  const files = openFilesOf(pid);
  if (files.some((path) => path.endsWith("/archive/index.sqlite"))) return "archive";
  if (files.some((path) => path.endsWith("/evidence-service/evidence.sqlite"))) return "evidence service";
  return "browser";
}

function residentOf(pid: number): number {
  const [, kibibytes = "0"] = /^VmRSS:\s+(\d+) kB$/m.exec(readIfThere(`/proc/${pid}/status`)) ?? [];
  return (Number(kibibytes) * 1024) / 1e6;
}

function readIfThere(path: string): string {
  try {
    return readFileSync(path, "utf8");
  } catch {
    return "";
  }
}

/** None where the process has ended meanwhile. */
function openFilesOf(pid: number): string[] {
  const folder = `/proc/${pid}/fd`;
  try {
    return readdirSync(folder).flatMap((name) => {
      try {
        return [readlinkSync(`${folder}/${name}`)];
      } catch {
        return [];
      }
    });
  } catch {
    return [];
  }
}
