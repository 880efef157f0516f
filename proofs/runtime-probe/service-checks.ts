import { existsSync, mkdtempSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { utilityProcess } from "electron";
import { ServiceProcess } from "#electron/embedded-services/service-process.ts";
import type { ReadyLine } from "#runtime/process/ready-line.ts";
import type { Checks } from "./checks.ts";

/** Beside this module, and built beside it. */
const modulePath = join(import.meta.dirname, `probed-service${import.meta.filename.slice(-3)}`);

function probed(kind: "slow" | "deaf", endingPatienceMs?: number) {
  const wholePath = join(mkdtempSync(join(tmpdir(), "evidence-desk-probe-")), "whole");
  const ready = Promise.withResolvers<ReadyLine>();
  const service = new ServiceProcess({
    name: kind,
    modulePath,
    argumentsFor: () => [kind, wholePath],
    onReady: ready.resolve,
    onLost: () => undefined,
    onOutput: () => undefined,
    ...(endingPatienceMs === undefined ? {} : { endingPatienceMs }),
  });
  service.start();
  return { service, ready: ready.promise, wholePath };
}

const isRunning = (pid: number): boolean => {
  try {
    return process.kill(pid, 0);
  } catch {
    return false;
  }
};

/** The most that V8 would take, as a plain utility process with these switches says. */
async function heapLimitWith(execArgv: string[]): Promise<number> {
  const child = utilityProcess.fork(modulePath, ["deaf"], { execArgv, stdio: "pipe", serviceName: "plain" });
  const line = await new Promise<string>((resolve) => child.stdout?.once("data", resolve));
  const gone = new Promise((resolve) => child.once("exit", resolve));
  child.kill();
  await gone;
  return (JSON.parse(String(line)) as { heapLimitBytes: number }).heapLimitBytes;
}

export const serviceChecks: Checks = {
  "a service that is asked to end has the time to leave what it wrote whole": async () => {
    const { service, ready, wholePath } = probed("slow");
    await ready;
    await service.stop();
    return existsSync(wholePath);
  },
  "a service that does not end when asked is ended": async () => {
    const { service, ready } = probed("deaf", 300);
    const pid = Number((await ready)["pid"]);
    await service.stop();
    return !isRunning(pid);
  },
  "V8 options reach a service": async () => {
    const { service, ready } = probed("slow");
    const heapLimitBytes = Number((await ready)["heapLimitBytes"]);
    await service.stop();
    return heapLimitBytes < (await heapLimitWith([]));
  },
  "V8 takes a limit by --js-flags": async () =>
    (await heapLimitWith(["--js-flags=--max-old-space-size=99"])) < (await heapLimitWith([])) / 2,
};
