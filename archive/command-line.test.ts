import { spawn } from "node:child_process";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { readyLineOf } from "#runtime/process/ready-line.ts";
import { parseCommandLine, TOKEN_VARIABLE } from "./command-line.ts";
import { processesNaming, PROGRAM, TEST_TOKEN } from "./testing/archive-program.ts";

const environment = { [TOKEN_VARIABLE]: TEST_TOKEN };

describe("the archive's command line", () => {
  test("serves a folder", () => {
    const words = [
      "--dir",
      "d",
      "--port",
      "7",
      "--allow-origin",
      "a",
      "--allow-origin",
      "b",
      "--or-any-port",
      "--exit-with-parent",
    ];
    expect(parseCommandLine(words, environment)).toEqual({
      ...{ kind: "serve", dir: "d", host: "127.0.0.1", port: 7, tls: null, token: TEST_TOKEN },
      ...{ orAnyPort: true, allowedOrigins: ["a", "b"], exitWithParent: true },
    });
  });

  test("serves other machines with TLS", () => {
    const words = ["--dir", "d", "--host", "0.0.0.0", "--tls-cert", "c", "--tls-key", "k"];
    expect(parseCommandLine(words, environment)).toMatchObject({
      ...{ host: "0.0.0.0", tls: { certificate: "c", key: "k" } },
    });
  });

  test.each(["reindex", "check"])("%s needs no token", (kind) => {
    expect(parseCommandLine([kind, "--dir", "d"], {})).toEqual({ kind, dir: "d" });
  });

  test.each([
    [["--dir", "d"], {}],
    [["--dir", "d"], { [TOKEN_VARIABLE]: "two words" }],
    [[], environment],
    [["--dir", "d", "--port", "70000"], environment],
    [["--dir", "d", "--unknown"], environment],
    [["erase", "--dir", "d"], environment],
    [["--dir", "d", "--host", "0.0.0.0"], environment],
    [["--dir", "d", "--host", "archive.example", "--tls-cert", "c"], environment],
    [["--dir", "d", "--tls-key", "k"], environment],
  ])("%j is refused", (words, variables) => {
    expect(() => parseCommandLine(words, variables)).toThrow(
      expect.objectContaining({ code: "BAD_ARGUMENTS" }),
    );
  });
});

test("an archive started with --exit-with-parent ends when its parent is gone", async () => {
  const dir = await mkdtemp(join(tmpdir(), "evidence-desk-parent-"));
  const starting = `require("node:child_process").spawn(process.execPath, ${JSON.stringify([PROGRAM, "--dir", dir, "--exit-with-parent"])}, { stdio: "inherit" })`;
  const parent = spawn(process.execPath, ["-e", starting], {
    env: { ...process.env, ...environment },
    stdio: ["ignore", "pipe", "inherit"],
  });
  expect(await readyLineOf(parent, "The archive")).toEqual({
    listening: expect.stringMatching(/^http:\/\/127\.0\.0\.1:\d+$/),
  });
  parent.kill("SIGKILL");
  await expect.poll(() => processesNaming(dir), { timeout: 20_000 }).toEqual([]);
  await rm(dir, { recursive: true, force: true });
});
