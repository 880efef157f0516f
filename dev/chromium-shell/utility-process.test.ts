import { once } from "node:events";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, expect, test, vi } from "vitest";
import { utilityProcess } from "./utility-process.ts";

const ENDED_WITHIN_MS = 2_000;

let folder: string;

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "utility-process-"));
});

afterEach(() => {
  vi.restoreAllMocks();
  rmSync(folder, { recursive: true });
});

test("what is said to a child that has just ended goes nowhere, as when a terminal ends both at once", async () => {
  const modulePath = join(folder, "child.mjs");
  writeFileSync(modulePath, "setInterval(() => undefined, 1000);");
  const complaints = vi.spyOn(console, "error").mockImplementation(() => undefined);
  const child = utilityProcess.fork(modulePath, [], { stdio: "ignore" });
  await once(child, "spawn");
  process.kill(child.pid!, "SIGKILL");
  // It is gone before anything here has been told of it.
  Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, ENDED_WITHIN_MS);
  child.postMessage("end");
  await once(child, "exit");
  await new Promise((resolve) => setImmediate(resolve));
  expect(complaints).not.toHaveBeenCalled();
});
