import fc from "fast-check";
import { expect, test } from "vitest";
import { portFailedAs, ABORTED, portFailed, type PortOutcome } from "./export-pipeline/ports/port-call.ts";
import { ProcessDied } from "./export-pipeline/testing/killable-process.ts";
import {
  anyFailure,
  type PortEvent,
  REFUSED,
  eventLoopTurn,
  until,
} from "./export-pipeline/testing/hindered-calls.ts";
import { cameraExport, exportOf, NEW_CASE, type Run, World } from "./export-pipeline/testing/world.ts";

/** What a segment of the world in memory takes in the spool. */
const PART_BYTES = 128;
const LONG = process.env["EVIDENCE_DESK_LONG_TESTS"] === "1";
/** The short form plays the same stories each time, the long one others; a failure prints its seed. */
const RUNS = LONG ? 20_000 : 250;
/** What the spool gives back is not what was written. */
const DAMAGED = portFailed("permanent", { code: "SPOOL_FILE_DAMAGED", message: "It has other bytes." });
/** What was sent can never become right. */
const SPOILT = portFailed("permanent", { code: "CHECKSUM_MISMATCH", message: "It is another file." });
const AWAY = portFailedAs("transient", anyFailure("AWAY", "It is away."));

/** The calls of ports at which something can go wrong, and those that are held for as long as one likes. */
const METHODS = [
  ...["planExport", "lock", "unlock", "write", "writeDocument", "space", "recipientKey", "createCase"],
  ...["createEvidence", "sendFile", "completeResource", "completeEvidence", "registerDeviceKey", "lifecycle"],
] as const;
type Method = (typeof METHODS)[number];

interface Fault {
  readonly method: Method;
  /** Of the calls that follow, so many. */
  readonly times: number;
  readonly how: "transient" | "permanent" | "useless" | "held";
}

type Step =
  | { readonly kind: "turns"; readonly count: number }
  | { readonly kind: "start" | "killed" | "stopped" | "purge" | "faults end" }
  | { readonly kind: "cancel" | "retry" | "dismiss"; readonly which: number }
  | { readonly kind: "fault"; readonly fault: Fault }
  | { readonly kind: "quota" | "others' files"; readonly parts: number };

interface Story {
  readonly quotaParts: number;
  readonly exports: readonly { readonly hours: readonly number[]; readonly account: string }[];
  /** How many turns of the event loop each call takes, over and over: who is first differs from story to story. */
  readonly delays: readonly number[];
  readonly steps: readonly Step[];
}

const fault: fc.Arbitrary<Fault> = fc
  .record({
    method: fc.constantFrom(...METHODS, "sendFile", "sendFile", "write"),
    times: fc.constantFrom(1, 2, 3, Infinity),
    how: fc.constantFrom("transient", "permanent", "useless", "held"),
  })
  // An archive that refuses for good to free a lock is asked again at the next start, not before.
  .filter(({ method, how }) => method !== "unlock" || how === "transient" || how === "held");

const step: fc.Arbitrary<Step> = fc.oneof(
  { weight: 5, arbitrary: fc.record({ kind: fc.constant("turns"), count: fc.integer({ min: 1, max: 40 }) }) },
  {
    weight: 4,
    arbitrary: fc.record({
      kind: fc.constantFrom("start", "start", "killed", "stopped", "purge", "faults end"),
    }),
  },
  {
    weight: 3,
    arbitrary: fc.record({
      kind: fc.constantFrom("cancel", "retry", "retry", "dismiss"),
      which: fc.nat({ max: 3 }),
    }),
  },
  { weight: 4, arbitrary: fc.record({ kind: fc.constant("fault"), fault }) },
  {
    weight: 1,
    arbitrary: fc.record({ kind: fc.constantFrom("quota", "others' files"), parts: fc.nat({ max: 6 }) }),
  },
);

const story: fc.Arbitrary<Story> = fc.record({
  quotaParts: fc.constantFrom(0.5, 1, 2, 3.5, 5, 100),
  exports: fc.array(
    fc.record({
      hours: fc.array(fc.integer({ min: 1, max: 7 }), { minLength: 1, maxLength: 3 }),
      account: fc.constantFrom("one", "one", "two"),
    }),
    { minLength: 1, maxLength: 4 },
  ),
  delays: fc.array(fc.nat({ max: 4 }), { minLength: 1, maxLength: 7 }),
  steps: fc.array(step, { maxLength: 18 }),
});

/** Plays one story; what is wrong in it ends with its end. */
class Play {
  readonly #story: Story;
  readonly #world = new World("as the program");
  #run: Run;
  #started = 0;
  #calls = 0;
  /** Counts the console's processes: what one of them was doing when it died has no effect any more. */
  #process = 0;
  #faults: { readonly fault: Fault; left: number }[] = [];
  #faultsEnd = Promise.withResolvers<void>();
  readonly #asked: Promise<unknown>[] = [];
  readonly bugs: unknown[] = [];

  constructor(told: Story) {
    this.#story = told;
    this.#world.spool.quotaBytes = told.quotaParts * PART_BYTES;
    this.#run = this.#world.boot();
    for (const port of [this.#world.archive, this.#world.spool, this.#world.service]) {
      port.hindrance = (event) => this.#hindrance(event);
    }
  }

  async toItsEnd(): Promise<void> {
    for (const one of this.#story.steps) await this.#take(one);
    this.#endFaults();
    this.#world.spool.othersBytes = 0;
    while (this.#started < this.#story.exports.length) await this.#startNext();
    await this.#everythingEnds("when all is well again");
    for (const { exportId, kind } of this.#run.pipeline.statuses()) {
      if (kind === "failed") this.#run.pipeline.retry(exportId);
    }
    await this.#everythingEnds("after Retry");
  }

  left() {
    const ends = this.#run.pipeline.statuses().flatMap(({ cameraExports }) => cameraExports);
    return {
      notSent: ends.filter(({ kind }) => kind !== "available" && kind !== "cancelled"),
      spoolFiles: [...this.#world.spool.files.keys()],
      locks: [...this.#world.archive.locks.keys()],
      bugs: this.bugs.concat(this.#run.bugs),
    };
  }

  async #everythingEnds(when: string): Promise<void> {
    let settled = false;
    void Promise.allSettled(this.#asked).then(() => (settled = true));
    await this.#run.ended().catch(() => {
      const told = this.#run.pipeline.statuses().map(({ kind, failure, cameraExports }) => ({
        ...{ kind, failure: failure?.code },
        segments: cameraExports.map(({ segments }) => segments.map((segment) => segment.kind).join(" ")),
      }));
      throw new Error(`Nothing moves ${when}: ${JSON.stringify(told)}`);
    });
    await until(() => settled, `every button pressed is answered, ${when}`);
    const { locks } = this.#world.archive;
    const isHeld = (id: string) => this.#run.pipeline.statuses().some((status) => holdsLock(status, id));
    await until(() => [...locks.keys()].every(isHeld), `locks are freed, ${when}`);
  }

  async #take(one: Step): Promise<void> {
    const { pipeline } = this.#run;
    switch (one.kind) {
      case "turns":
        for (let count = 0; count < one.count; count += 1) await eventLoopTurn();
        return;
      case "start":
        return await this.#startNext();
      case "killed":
        this.#run.process.dead = true;
        return await this.#bootAgain();
      case "stopped": {
        let stopped = false;
        void pipeline.stop().then(() => (stopped = true));
        await until(() => stopped, "the console stops, whatever is wrong outside");
        return await this.#bootAgain();
      }
      case "purge":
        return this.#world.service.purge();
      case "faults end":
        return this.#endFaults();
      case "cancel":
      case "dismiss": {
        const id = `export-${one.which}`;
        const answered = one.kind === "cancel" ? pipeline.cancel(id) : pipeline.dismiss(id);
        this.#asked.push(answered.catch((error: unknown) => this.#note(error)));
        return;
      }
      case "retry":
        pipeline.retry(`export-${one.which}`);
        return;
      case "fault":
        this.#faults.push({ fault: one.fault, left: one.fault.times });
        return;
      case "quota":
        this.#world.spool.quotaBytes = Math.max(0.5, one.parts) * PART_BYTES;
        return;
      case "others' files":
        this.#world.spool.diskBytes = 12 * PART_BYTES;
        this.#world.spool.othersBytes = one.parts * 2 * PART_BYTES;
        return;
    }
  }

  /** Whoever had pressed a button of a console that was killed gets no answer. */
  #note(error: unknown): void {
    if (!(error instanceof ProcessDied)) this.bugs.push(error);
  }

  async #bootAgain(): Promise<void> {
    this.bugs.push(...this.#run.bugs);
    this.#run.process.dead = true;
    // Calls that were made are on their way by then, and known as this process's.
    await eventLoopTurn();
    this.#process += 1;
    this.#asked.length = 0;
    this.#run = this.#world.boot();
    await this.#run.pipeline.resume();
  }

  async #startNext(): Promise<void> {
    const next = this.#story.exports[this.#started];
    if (next === undefined) return;
    const requestId = `export-${this.#started}`;
    this.#started += 1;
    const cameras = next.hours.map((hours, index) => cameraExport(`camera-${index}`, hours));
    const caseAssociation = next.hours.length > 1 ? NEW_CASE : ({ kind: "none" } as const);
    const { hindrance } = this.#world.archive;
    this.#world.archive.hindrance = () => null;
    const entry = await this.#world.admit(exportOf(cameras, { requestId, caseAssociation }));
    this.#world.archive.hindrance = hindrance;
    const account = { accountId: next.account, name: next.account, webAddress: null };
    this.#run.pipeline.start({ ...entry, record: { ...entry.record, account } });
  }

  async #hindrance({ method }: PortEvent): Promise<PortOutcome<never> | null> {
    const process = this.#process;
    const { delays } = this.#story;
    const turns = delays[this.#calls++ % delays.length] ?? 0;
    for (let count = 0; count < turns; count += 1) await eventLoopTurn();
    const hit = this.#faults.find((active) => active.fault.method === method && active.left > 0);
    if (hit !== undefined) {
      hit.left -= 1;
      if (hit.fault.how === "held") await this.#faultsEnd.promise;
    }
    if (process !== this.#process) return ABORTED;
    if (hit?.fault.how === "transient") return AWAY;
    if (hit?.fault.how === "useless") return method === "sendFile" ? DAMAGED : SPOILT;
    return hit?.fault.how === "permanent" ? REFUSED : null;
  }

  #endFaults(): void {
    this.#faults = [];
    this.#faultsEnd.resolve();
    this.#faultsEnd = Promise.withResolvers();
  }
}

/** What has failed keeps its footage locked, for Retry. */
function holdsLock({ cameraExports }: ReturnType<Run["pipeline"]["statuses"]>[number], id: string): boolean {
  return cameraExports.some(({ cameraExportId, kind }) => cameraExportId === id && kind === "failed");
}

test(
  `whatever goes wrong, is pressed or is restarted: once nothing is wrong outside, every export ends (${RUNS} stories)`,
  async () => {
    const property = fc.asyncProperty(story, async (told) => {
      const play = new Play(told);
      await play.toItsEnd();
      expect(play.left()).toEqual({ notSent: [], spoolFiles: [], locks: [], bugs: [] });
    });
    const seed = Number(process.env["EVIDENCE_DESK_SEED"] ?? (LONG ? Date.now() % 2 ** 31 : 1));
    await fc.assert(property, { numRuns: RUNS, seed });
  },
  LONG ? 3_600_000 : 120_000,
);
