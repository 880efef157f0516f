import { mkdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { connect, createServer, type AddressInfo } from "node:net";
import { join } from "node:path";
import { setTimeout as wait } from "node:timers/promises";

/** What a second instance tells the first. */
export interface SecondInstance {
  argv: string[];
  workingDirectory: string;
  additionalData: unknown;
}

interface Holder {
  pid: number;
  /** Start time of the process where the system tells it: a later process may get the same pid. */
  startedAt: string;
}

/** @returns the kernel's start time of a process, "" where it cannot be learnt, undefined when it does not run */
export function startTimeOf(pid: number): string | undefined {
  try {
    process.kill(pid, 0);
  } catch {
    return undefined;
  }
  try {
    const stat = readFileSync(`/proc/${pid}/stat`, "utf8");
    const fields = stat.slice(stat.lastIndexOf(")") + 2).split(" ");
    // A zombie no longer holds anything.
    return fields[0] === "Z" ? undefined : (fields[19] ?? "");
  } catch {
    return "";
  }
}

function readHolder(lockPath: string): Holder | undefined {
  try {
    const holder = JSON.parse(readFileSync(lockPath, "utf8")) as Holder;
    return startTimeOf(holder.pid) === holder.startedAt ? holder : undefined;
  } catch {
    // Missing, or half written by a process that was killed: nobody holds it.
    return undefined;
  }
}

/**
 * Takes the lock of one `userData` folder.
 *
 * @returns true when this process holds it now; false when another one does, which is then told about us
 */
export function takeSingleInstanceLock(
  userDataFolder: string,
  additionalData: unknown,
  onSecondInstance: (second: SecondInstance) => void,
): { taken: true } | { taken: false; told: Promise<void> } {
  mkdirSync(userDataFolder, { recursive: true });
  const lockPath = join(userDataFolder, "chromium-shell.lock");
  const addressPath = join(userDataFolder, "chromium-shell.port");
  if (readHolder(lockPath)) return { taken: false, told: tellHolder(addressPath, additionalData) };
  rmSync(lockPath, { force: true });
  rmSync(addressPath, { force: true });
  const holder: Holder = { pid: process.pid, startedAt: startTimeOf(process.pid) ?? "" };
  try {
    writeFileSync(lockPath, JSON.stringify(holder), { flag: "wx" });
  } catch {
    return { taken: false, told: tellHolder(addressPath, additionalData) };
  }
  listenForSecond(addressPath, onSecondInstance);
  process.once("exit", () => rmSync(lockPath, { force: true }));
  return { taken: true };
}

function listenForSecond(addressPath: string, onSecondInstance: (second: SecondInstance) => void): void {
  const server = createServer((socket) => {
    let text = "";
    socket.setEncoding("utf8");
    socket.on("data", (part: string) => (text += part));
    socket.on("end", () => onSecondInstance(JSON.parse(text) as SecondInstance));
    socket.on("error", (error) => console.error("A second instance broke off:", error));
  });
  server.listen(0, "127.0.0.1", () =>
    writeFileSync(addressPath, String((server.address() as AddressInfo).port)),
  );
  server.unref();
}

async function tellHolder(addressPath: string, additionalData: unknown): Promise<void> {
  const second: SecondInstance = { argv: process.argv, workingDirectory: process.cwd(), additionalData };
  for (let attempt = 0; attempt < 20; attempt += 1) {
    try {
      const port = Number(readFileSync(addressPath, "utf8"));
      await new Promise<void>((resolve, reject) => {
        const socket = connect(port, "127.0.0.1", () => socket.end(JSON.stringify(second)));
        socket.on("close", () => resolve()).on("error", reject);
      });
      return;
    } catch {
      // The holder may have taken the lock a moment ago and not listen yet.
      await wait(50);
    }
  }
}
