import { execFile } from "node:child_process";
import { existsSync } from "node:fs";
import { mkdir, mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";
import { afterAll, beforeAll, expect, test } from "vitest";
import { describeSystem, howToInstall } from "./system-packages.mjs";

const run = fileURLToPath(new URL("./run.mjs", import.meta.url));
let folder: string;

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), "launch-"));
});
afterAll(() => rm(folder, { recursive: true, force: true }));

/** What a command that fails says on stderr. */
async function complaintOf(...words: string[]): Promise<string> {
  const failure = await promisify(execFile)(process.execPath, [run, ...words]).then(
    () => ({ code: 0, stderr: "" }),
    (error: { code: number; stderr: string }) => error,
  );
  expect(failure.code).toBe(1);
  return failure.stderr.trim();
}

test("an unknown command, a missing bench and a missing folder are named in one sentence", async () => {
  expect(await complaintOf("begin")).toMatch(/^Name a command: start, test, check,/);
  expect(await complaintOf("bench")).toMatch(/^Name a benchmark/);
  expect(await complaintOf("demo:reset", "--site")).toBe("--site needs a folder after it.");
});

test("a machine that has the evidence service alone needs no ffmpeg", async () => {
  const failure = await promisify(execFile)(process.execPath, [run, "evidence-service", "--unknown"], {
    env: { ...process.env, PATH: folder, EVIDENCE_DESK_FFMPEG: join(folder, "none") },
  }).catch((error: { stderr: string }) => error);
  expect(failure.stderr).toMatch(/^ARGUMENT_WRONG: /);
});

test("what to install is said in one sentence for each system", () => {
  const both = ["ffmpeg", "chromium"];
  const debian = 'PRETTY_NAME="Debian"\nID=debian\n';
  const mint = 'ID=linuxmint\nID_LIKE="ubuntu debian"\n';
  const rhel = 'ID="rocky"\nID_LIKE="rhel centos fedora"\n';
  expect(howToInstall(both, describeSystem("linux", debian))).toContain(
    "(sudo apt-get install ffmpeg chromium)",
  );
  expect(howToInstall(both, describeSystem("linux", mint))).toContain("install ffmpeg chromium-browser)");
  expect(howToInstall(["ffmpeg"], describeSystem("linux", rhel))).toContain(
    "(sudo dnf install ffmpeg; ffmpeg comes",
  );
  expect(howToInstall(["chromium"], describeSystem("darwin"))).toContain(
    "(brew install --cask google-chrome)",
  );
  expect(howToInstall(["ffmpeg"], describeSystem("win32"))).toContain("(winget install Gyan.FFmpeg)");
  expect(howToInstall(["ffmpeg"], describeSystem("linux", "ID=void\n"))).toBe(
    "Please install ffmpeg, or name yours in EVIDENCE_DESK_FFMPEG, and run this command again.",
  );
});

test("a reset leaves a folder alone that is no site", async () => {
  const precious = join(folder, "precious");
  await mkdir(precious);
  await writeFile(join(precious, "letter.txt"), "dear");
  expect(await complaintOf("demo:reset", "--site", precious)).toContain("is not a site of Evidence Desk");
  expect(existsSync(join(precious, "letter.txt"))).toBe(true);
});

test("what the console's options are is said, and an unknown one refused, before anything is looked for or made", async () => {
  const site = join(folder, "none");
  const started = (...words: string[]) =>
    promisify(execFile)(process.execPath, [run, "start", `--site=${site}`, ...words]).then(
      ({ stdout }) => ({ code: 0, stdout, stderr: "" }),
      (error: { code: number; stdout: string; stderr: string }) => error,
    );
  expect(await started("--help")).toMatchObject({
    code: 0,
    stdout: expect.stringMatching(/^Usage: npm start -- \[options\] \[connection file\]\n/),
  });
  expect(await started("--version")).toMatchObject({
    code: 0,
    stdout: expect.stringMatching(/^Evidence Desk \d/),
  });
  expect(await started("--windowless")).toMatchObject({
    code: 2,
    stdout: "",
    stderr: "The console has no option --windowless. --help says which there are.\n",
  });
  expect(existsSync(site)).toBe(false);
});
