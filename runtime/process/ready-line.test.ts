import { spawn } from "node:child_process";
import { expect, test } from "vitest";
import { parseReadyLine, readyLineOf } from "./ready-line.ts";

const READY_LINE = new URL("./ready-line.ts", import.meta.url).href;

const run = (program: string) =>
  spawn(process.execPath, ["--input-type=module", "-e", program], { stdio: ["ignore", "pipe", "ignore"] });

test("what a service says when it is ready is what its starter reads, facts of its own included", async () => {
  const ready = { listening: "http://127.0.0.1:8080", connectionFile: "/a/b.json" };
  const child = run(`(await import(${JSON.stringify(READY_LINE)})).sayReady(${JSON.stringify(ready)});`);
  expect(await readyLineOf(child, "It")).toEqual(ready);
});

test.each([
  [`process.exit(3)`, "It ended with 3 before it was ready."],
  [
    `console.log("good morning"); setInterval(() => undefined, 1_000)`,
    "It said, instead of where it listens",
  ],
])("%s: whoever waits is told", async (program, sentence) => {
  const child = run(program);
  await expect(readyLineOf(child, "It")).rejects.toThrow(sentence);
  child.kill();
});

test.each([["Listening"], ["null"], ["{}"], ['{"listening":1}'], ['{"listening":"nowhere"}'], [""]])(
  "%j is no ready line",
  (line) => {
    expect(parseReadyLine(line)).toBeNull();
  },
);
