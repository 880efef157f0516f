/**
 * What `npm run proofs -- soak` runs, in a display: sixteen live tiles, an export every minute through the wizard, the page
 * killed again and again; then whether memory stayed where it was, nothing was lost and nothing is left behind.
 */
import { mkdirSync, rmSync } from "node:fs";
import { dirname, join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { type MemorySample, type Part, PARTS, slopeMBAnHour } from "#proofs/soak/memory-slope.ts";
import { DEMO_CAMERAS } from "#dev/demo-site/footage/demo-cameras.ts";
import { type RunningConsole, startConsole } from "../fixture/console.ts";
import { killPageProcesses } from "../fixture/page-process.ts";
import { makeDemoSite, removeDemoSite } from "../fixture/test.ts";
import { type Screens, screensOf } from "../screen-objects/screens.ts";
import { asEntered, serviceAddress } from "../proof/site-facts.ts";
import { Investigator } from "../proof/investigator.ts";
import { filesLeft, processesOf, stillRunning, temporaryFilesLeft } from "./left-behind.ts";
import { sampleMemory } from "./memory-samples.ts";

const MINUTES = Number(process.argv[2] ?? 120);
const TILES = 16;
const EXPORT_EVERY_MS = 60_000;
/** In a short run as well the page is killed twice at least. */
const KILL_EVERY_MS = Math.min(10, MINUTES / 3) * 60_000;
const SAMPLE_EVERY_MS = 10_000;
const FOOTAGE_MS = 15_000;
/** A site that was just made records for this long before its live footage is asked for. */
const BEFORE_FIRST_MS = 45_000;
const ALL_AVAILABLE_WITHIN_MS = 300_000;
/** In the first part of it caches fill; memory is judged by the rest. */
const SETTLED_AFTER = 1 / 4;
const WANTED_MB_AN_HOUR = 15;
/** A shorter run says what its slope is, which then is of what programs do in their first minutes. */
const JUDGED_FROM_MINUTES = 60;
const JUDGED: readonly Part[] = ["main", "page", "archive", "evidence service"];

let failures = 0;

/** @param isSo null: told, and not judged */
function row(isSo: boolean | null, what: string, found: string): void {
  if (isSo === false) failures++;
  const verdict = isSo === null ? "not judged" : isSo ? "as wanted " : "NOT SO    ";
  console.log(`${verdict}  ${what}: ${found}`);
}

/** The console and its page of now. */
class Soak {
  readonly desk: RunningConsole;
  readonly samples: MemorySample[] = [];
  readonly names: string[] = [];
  kills = 0;
  #screens: Screens;

  constructor(desk: RunningConsole) {
    this.desk = desk;
    this.#screens = screensOf(desk.page);
  }

  async begin(): Promise<void> {
    const { logOn, canvas, areaView } = this.#screens;
    await logOn.logOn("operator", "operator");
    await canvas.choosePattern("4×4");
    for (let tile = 0; tile < TILES; tile++) {
      await canvas.tile(tile + 1).select();
      await areaView.open(DEMO_CAMERAS[tile % DEMO_CAMERAS.length]?.name ?? "");
    }
    await this.#allPlay();
  }

  async #allPlay(): Promise<void> {
    for (let tile = 1; tile <= TILES; tile++) await this.#screens.canvas.tile(tile).isPlaying();
  }

  /** As an operator sends what a tile has just shown. */
  async send(): Promise<void> {
    const { canvas, wizard } = this.#screens;
    const number = (this.names.length % TILES) + 1;
    const camera = DEMO_CAMERAS[(number - 1) % DEMO_CAMERAS.length]?.name ?? "";
    const name = `Soak ${String(this.names.length + 1).padStart(4, "0")}`;
    const endUtcMs = Date.now() - 20_000;
    await wizard.openFrom(canvas.tile(number));
    await wizard.next();
    await wizard.fillTimes(camera, {
      name,
      start: asEntered(endUtcMs - FOOTAGE_MS),
      end: asEntered(endUtcMs),
    });
    await wizard.next();
    await wizard.associate("Skip and upload evidence");
    await wizard.next();
    await wizard.finish();
    this.names.push(name);
  }

  /** The page's process is killed, and the tiles play again in the one that comes in its place. */
  async killPage(): Promise<void> {
    if (killPageProcesses(this.desk.pid) === 0) throw new Error("There was no page to be killed.");
    this.kills++;
    const deadlineMs = performance.now() + 60_000;
    for (;;) {
      try {
        this.#screens = screensOf(await this.desk.pageAfterCrash());
        await this.#screens.canvas.tile(TILES).element.waitFor({ timeout: 5_000 });
        break;
      } catch (error) {
        if (performance.now() > deadlineMs) throw error;
        await sleep(500);
      }
    }
    await this.#allPlay();
  }

  async run(): Promise<void> {
    const startedMs = performance.now();
    const sampling = setInterval(
      () => this.samples.push(sampleMemory(this.desk.pid, performance.now() - startedMs)),
      SAMPLE_EVERY_MS,
    );
    try {
      let nextKillMs = KILL_EVERY_MS;
      for (let minute = 0; minute < MINUTES; minute++) {
        await sleep(Math.max(0, startedMs + minute * EXPORT_EVERY_MS - performance.now()));
        await this.send();
        if (performance.now() - startedMs + EXPORT_EVERY_MS / 2 >= nextKillMs) {
          // What was just sent is on its way.
          await this.killPage();
          nextKillMs += KILL_EVERY_MS;
        }
        process.stderr.write(`  minute ${minute + 1}: ${this.#words()}\n`);
      }
      await sleep(Math.max(0, startedMs + MINUTES * 60_000 - performance.now()));
    } finally {
      clearInterval(sampling);
    }
  }

  #words(): string {
    const { residentMB } = sampleMemory(this.desk.pid, 0);
    const parts = PARTS.map((part) => `${part} ${residentMB[part].toFixed(0)} MB`);
    return `${this.names.length} exports, page killed ${this.kills} times, ${parts.join(", ")}`;
  }
}

/** Every export is one evidence, available, and each of its stored bytes is as its manifest says. */
async function lookAtEvidence(siteDir: string, names: readonly string[]): Promise<void> {
  const investigator = await Investigator.signIn(await serviceAddress(siteDir));
  const deadlineMs = performance.now() + ALL_AVAILABLE_WITHIN_MS;
  const wrong: string[] = [];
  for (const name of names) {
    let found = await investigator.evidenceNamed(name);
    while (found[0]?.state !== "available" && performance.now() < deadlineMs) {
      await sleep(1_000);
      found = await investigator.evidenceNamed(name);
    }
    const [evidence] = found;
    if (found.length !== 1 || evidence?.state !== "available") {
      wrong.push(`${name}: ${found.map(({ state }) => state).join(", ") || "not there"}`);
      continue;
    }
    const { outcome } = await investigator.verify(evidence.evidenceId);
    if (outcome !== "verified") wrong.push(`${name}: ${outcome}`);
  }
  const sound = `${names.length - wrong.length} of ${names.length} are one evidence each, available, with every stored byte verified`;
  row(wrong.length === 0, "exports", [sound, ...wrong].join("; "));
}

function lookAtMemory(samples: readonly MemorySample[]): void {
  const settled = samples.slice(Math.floor(samples.length * SETTLED_AFTER));
  const isJudged = MINUTES >= JUDGED_FROM_MINUTES;
  for (const part of PARTS) {
    const of = settled.map(({ residentMB }) => residentMB[part]);
    const slope = slopeMBAnHour(settled, part);
    const isCounted = isJudged && JUDGED.includes(part);
    const wanted = isCounted ? ` (wanted at most ${WANTED_MB_AN_HOUR})` : "";
    const range = `${Math.min(...of).toFixed(0)} to ${Math.max(...of).toFixed(0)} MB`;
    row(
      isCounted ? slope <= WANTED_MB_AN_HOUR : null,
      `memory of ${part}`,
      `${range} in ${settled.length} samples, ${slope >= 0 ? "+" : "−"}${Math.abs(slope).toFixed(1)} MB an hour${wanted}`,
    );
  }
}

const siteDir = await makeDemoSite();
const temporary = join(dirname(siteDir), "temporary");
mkdirSync(temporary);
try {
  const desk = await startConsole({ siteDir, env: { TMPDIR: temporary } });
  const soak = new Soak(desk);
  row(desk.runtime === "electron", "runtime", desk.runtime);
  await soak.begin();
  await sleep(BEFORE_FIRST_MS);
  await soak.run();
  row(soak.names.length === MINUTES, "exports sent", `${soak.names.length} in ${MINUTES} minutes`);
  row(soak.kills >= 2, "page killed", `${soak.kills} times; sixteen tiles played again each time`);
  await lookAtEvidence(siteDir, soak.names);
  lookAtMemory(soak.samples);
  const before = processesOf(desk.pid);
  await desk.close();
  const isClean = !/did not end cleanly|unforeseen error|made a mistake/.test(desk.output());
  row(isClean, "what the console said", isClean ? "no error of its own" : desk.output().slice(-2_000));
  const running = await stillRunning(before);
  row(running.length === 0, `of ${before.length} processes there run on`, running.join("; ") || "none");
  const files = filesLeft(siteDir);
  row(files.length === 0, "spool and half-written files", files.join(", ") || "none");
  const left = temporaryFilesLeft(temporary);
  row(left.length === 0, "temporary files", left.join(", ") || "none");
} finally {
  rmSync(temporary, { recursive: true, force: true });
  await removeDemoSite(siteDir);
}
process.exitCode = failures === 0 ? 0 : 1;
