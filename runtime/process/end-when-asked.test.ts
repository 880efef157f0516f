import { type ChildProcess, fork, spawn } from "node:child_process";
import { once } from "node:events";
import { createInterface } from "node:readline";
import { afterEach, expect, test } from "vitest";
import { END_REQUEST } from "./end-when-asked.ts";

const PROGRAM = new URL("./ending.test-process.ts", import.meta.url).pathname;

const started: ChildProcess[] = [];
afterEach(() => {
  for (const child of started.splice(0)) child.kill("SIGKILL");
});

/** A program that says `up` when it may be asked, and what its end does. */
async function start(...words: readonly ("with-parent" | "failing" | "parent-port")[]) {
  const child = fork(PROGRAM, words, { stdio: ["ignore", "pipe", "ignore", "ipc"] });
  started.push(child);
  if (child.stdout === null) throw new Error("It was started with one.");
  const said: string[] = [];
  const lines = createInterface({ input: child.stdout }).on("line", (line) => said.push(line));
  await once(lines, "line");
  const exited = Promise.all([once(child, "exit"), once(lines, "close")]);
  return { child, end: async () => ({ code: (await exited)[0][0] as number | null, said: said.slice(1) }) };
}

test.each(["SIGTERM", "SIGINT"] as const)(
  "%s ends it when what is under way is done, once however often it is asked",
  async (signal) => {
    const { child, end } = await start();
    child.kill(signal);
    child.kill("SIGTERM");
    expect(await end()).toEqual({ code: 0, said: ["closing", "closed"] });
  },
);

test("an end that fails is told, and seen in the exit code", async () => {
  const { child, end } = await start("failing");
  child.kill("SIGTERM");
  expect(await end()).toEqual({ code: 1, said: ["closing", "failed: it cannot be closed"] });
});

test("the message of the console that started it ends it, no other one does", async () => {
  const { child, end } = await start("parent-port");
  for (const other of [null, "end", { kind: "other" }, {}]) child.send({ data: other });
  child.send({ data: END_REQUEST });
  expect(await end()).toEqual({ code: 0, said: ["closing", "closed"] });
});

test("with its parent's channel it ends only when it is to end with its parent", async () => {
  const alone = await start();
  const bound = await start("with-parent");
  alone.child.disconnect();
  bound.child.disconnect();
  expect(await bound.end()).toEqual({ code: 0, said: ["closing", "closed"] });
  expect(alone.child.exitCode).toBeNull();
});

test("a parent that is killed is noticed", async () => {
  const starting = `
    const { spawn } = require("node:child_process");
    spawn(process.execPath, [${JSON.stringify(PROGRAM)}, "with-parent"], { stdio: ["ignore", "inherit", "ignore"] });`;
  const parent = spawn(process.execPath, ["-e", starting], { stdio: ["ignore", "pipe", "ignore"] });
  started.push(parent);
  const said: string[] = [];
  const lines = createInterface({ input: parent.stdout }).on("line", (line) => said.push(line));
  await once(lines, "line");
  parent.kill("SIGKILL");
  await once(lines, "close");
  expect(said.slice(1)).toEqual(["closing", "closed"]);
});
