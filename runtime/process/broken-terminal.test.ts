import { spawn } from "node:child_process";
import { EventEmitter, once } from "node:events";
import { expect, test } from "vitest";
import { heedBrokenTerminal } from "./broken-terminal.ts";

const HEED = new URL("./broken-terminal.ts", import.meta.url).href;

/** Runs a program that writes to its stderr after that has been closed, and ends with 0 if nothing else ends it. */
async function exitCodeOf(heeds: boolean): Promise<number | null> {
  const program = `
    ${heeds ? `(await import(${JSON.stringify(HEED)})).heedBrokenTerminal();` : ""}
    process.stdin.once("data", () => {
      process.stderr.write("nobody reads this\\n");
      setTimeout(() => process.exit(0), 200);
    });
    process.stdout.write("ready");`;
  const child = spawn(process.execPath, ["--input-type=module", "-e", program], { stdio: "pipe" });
  await once(child.stdout, "data");
  child.stderr.destroy();
  child.stdin.write("go");
  const [code] = (await once(child, "exit")) as [number | null];
  return code;
}

test("a program whose terminal is closed goes on, where one that does not heed it ends", async () => {
  expect(await exitCodeOf(true)).toBe(0);
  expect(await exitCodeOf(false)).not.toBe(0);
});

test("a terminal that was closed is no error, a broken disk behind a redirected output is one", () => {
  const stream = new EventEmitter();
  heedBrokenTerminal([stream]);
  stream.emit("error", Object.assign(new Error("closed"), { code: "EPIPE" }));
  expect(() => stream.emit("error", Object.assign(new Error("full"), { code: "ENOSPC" }))).toThrow("full");
});
