import { mkdtempSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, expect, test, vi } from "vitest";
import { openConsoleLog, recordTerminal } from "./console-log.ts";

let site: string;
beforeEach(() => {
  site = mkdtempSync(join(tmpdir(), "console-log-"));
});
afterEach(() => rmSync(site, { recursive: true, force: true }));

const files = () => readdirSync(join(site, "logs")).map((name) => join(site, "logs", name));
const lines = () =>
  files()
    .flatMap((file) => readFileSync(file, "utf8").trimEnd().split("\n"))
    .map((line) => JSON.parse(line) as Record<string, unknown>);
const unexpected = (error: unknown) => {
  throw error;
};

test("a line is JSON, there at once, for this user alone and without secrets", async () => {
  const log = await openConsoleLog(site, unexpected);
  log.write("archive", "warn", "The camera rtsp://admin:Zyx9@10.0.0.7/1 is gone.");
  expect(lines()).toEqual([
    {
      level: "warn",
      time: expect.stringMatching(/^\d{4}-.*Z$/),
      pid: process.pid,
      source: "archive",
      msg: "The camera rtsp://[secret]@10.0.0.7/1 is gone.",
    },
  ]);
  expect(files().map((file) => statSync(file).mode & 0o777)).toEqual([0o600]);
  expect(statSync(log.folder).mode & 0o777).toBe(0o700);
  log.close();
});

test("the log goes on where it was, and never grows beyond its files", async () => {
  const first = await openConsoleLog(site, unexpected);
  first.write("console", "info", "the first start");
  first.close();
  const log = await openConsoleLog(site, unexpected);
  const line = "x".repeat(7_900);
  for (let written = 0; written < 30e6; written += line.length) {
    log.write("console", "info", line);
    // The rotation takes its turn between two lines, as between any two that a program writes.
    if (written % (50 * line.length) === 0) await new Promise((resolve) => setImmediate(resolve));
  }
  await vi.waitFor(() => expect(files().length).toBeLessThanOrEqual(10));
  const sizes = files().map((file) => statSync(file).size);
  expect(Math.max(...sizes)).toBeLessThan(3e6);
  expect(sizes.reduce((sum, size) => sum + size)).toBeLessThan(30e6);
  log.close();
});

test("what is said at the terminal stands in the log, errors with where they happened", async () => {
  const log = await openConsoleLog(site, unexpected);
  const said: unknown[][] = [];
  const say = (...words: unknown[]) => void said.push(words);
  const terminal = { log: say, warn: say, error: say };
  recordTerminal(log, terminal);
  terminal.log("Port %d is taken.", 8081);
  terminal.error("The request failed.", new Error("no room"));
  expect(said).toHaveLength(2);
  expect(lines().map(({ level, source, msg }) => [level, source, msg])).toEqual([
    ["info", "console", "Port 8081 is taken."],
    ["error", "console", expect.stringMatching(/^The request failed\. Error: no room\n.*console-log\.test/s)],
  ]);
  log.close();
});

test("where no log can be written the program goes on, and says it once", async () => {
  writeFileSync(join(site, "logs"), "a file where the folder should be");
  const onUnwritable = vi.fn();
  const log = await openConsoleLog(site, onUnwritable);
  log.write("console", "info", "lost");
  log.close();
  expect(onUnwritable).toHaveBeenCalledTimes(1);
});
