import { once } from "node:events";
import { join } from "node:path";
import { utilityProcess } from "electron";
import type { Checks } from "./checks.ts";

const modulePath = join(import.meta.dirname, `probed-utility${import.meta.filename.slice(-3)}`);

function forked(...words: string[]) {
  const child = utilityProcess.fork(modulePath, words, {
    env: { ...process.env, PROBED: "environment" },
    stdio: "pipe",
    serviceName: "probed",
  });
  child.stderr?.resume();
  return child;
}

async function endOf(child: ReturnType<typeof forked>): Promise<unknown> {
  const [code] = (await once(child, "exit")) as [number];
  return code;
}

export const utilityChecks: Checks = {
  "a utility process gets words and environment, answers what structured clone keeps, and writes to its pipe":
    async () => {
      const child = forked("echo", "a word");
      const line = once(child.stdout ?? child, "data");
      const message = once(child, "message");
      // At once: what is sent before it listens waits for it.
      child.postMessage({ date: new Date(5), map: new Map([["a", 1n]]), bytes: new Uint8Array([1, 2]) });
      const [kept] = (await message) as [{ date: Date; map: Map<string, bigint>; bytes: Uint8Array }];
      const [text] = (await line) as [Buffer];
      child.kill();
      await once(child, "exit");
      return [
        String(text).trim(),
        kept.date.getTime(),
        String(kept.map.get("a")),
        [...kept.bytes],
        child.pid === undefined,
      ];
    },
  "the code of a utility process's own end": () => endOf(forked("exit")),
  "the code of a utility process that nobody caught an error in": () => endOf(forked("throw")),
  "the code of a utility process that is told to end": async () => {
    const child = forked("stay");
    await once(child.stdout ?? child, "data");
    const code = endOf(child);
    return [child.kill(), await code];
  },
  "the code of a utility process that had to be killed": async () => {
    const child = forked("deaf");
    await once(child.stdout ?? child, "data");
    const code = endOf(child);
    child.kill();
    return await code;
  },
};
