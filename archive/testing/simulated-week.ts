/**
 * Cameras that misbehave under clocks that misbehave, played as fast as the machine can, against a model that knows the
 * true time: nothing is deleted early, nothing that is held is hidden, nothing is shown twice, and live is what was
 * recorded last.
 */
import fc from "fast-check";
import { AssertionError } from "node:assert";
import { footageIndex, type FootageIndex } from "../index/footage-index.ts";
import type { SessionRow } from "../index/index-rows.ts";
import { footageLocks } from "../index/footage-locks.ts";
import { openIndex, type IndexDatabase } from "../index/open-index.ts";
import { packSamples } from "../index/sample-table.ts";
import { ageClock, type AgeClock } from "../retention/age-clock.ts";
import { archiveSettingsSchema, removeOldFootage } from "../retention/retention.ts";
import { SpaceWatch } from "../retention/space-watch.ts";

const MINUTE_MS = 60_000;
const HOUR_MS = 60 * MINUTE_MS;
const START_MS = Date.UTC(2026, 10, 23, 12);
const EMPTY = packSamples({ firstDecodeTicks: 0, samples: [] });
const ALL_TIME = { startUtcMs: 0, endUtcMs: 8e12 };

/** What happens in a story; instants and lengths in minutes. */
export type Step =
  | { readonly kind: "record"; readonly minutes: number }
  | { readonly kind: "new-session" | "silent"; readonly camera: number }
  | { readonly kind: "clock"; readonly byMinutes: number }
  | { readonly kind: "leap"; readonly days: number }
  | { readonly kind: "restart" }
  | { readonly kind: "reboot"; readonly offMinutes: number; readonly losesClock: boolean }
  | {
      readonly kind: "lock";
      readonly id: number;
      readonly camera: number;
      readonly ago: number;
      readonly minutes: number;
    }
  | { readonly kind: "unlock"; readonly id: number };

/** What a clock without a battery is behind by, and how long it takes at most until it is set. */
const LOST_MS = 6 * 365 * 24 * HOUR_MS;

/** Clocks are set by so much; who is further off has leapt. */
const MOST_SET_MINUTES = 120;

export const anyStep = (cameras: number): fc.Arbitrary<Step> => {
  const camera = fc.nat(cameras - 1);
  const id = fc.nat(5);
  return fc.oneof(
    {
      weight: 8,
      arbitrary: fc.record({ kind: fc.constant("record"), minutes: fc.integer({ min: 1, max: 90 }) }),
    },
    { weight: 3, arbitrary: fc.record({ kind: fc.constantFrom("new-session", "silent"), camera }) },
    {
      weight: 3,
      arbitrary: fc.record({
        kind: fc.constant("clock"),
        byMinutes: fc.integer({ min: -MOST_SET_MINUTES, max: MOST_SET_MINUTES }),
      }),
    },
    {
      weight: 1,
      arbitrary: fc.record({ kind: fc.constant("leap"), days: fc.integer({ min: 20, max: 400 }) }),
    },
    { weight: 1, arbitrary: fc.record({ kind: fc.constant("restart") }) },
    {
      weight: 1,
      arbitrary: fc.record({ kind: fc.constant("reboot"), offMinutes: fc.nat(60), losesClock: fc.boolean() }),
    },
    {
      weight: 2,
      arbitrary: fc.record({
        kind: fc.constant("lock"),
        id,
        camera,
        ago: fc.integer({ min: 1, max: 400 }),
        minutes: fc.integer({ min: 1, max: 60 }),
      }),
    },
    { weight: 1, arbitrary: fc.record({ kind: fc.constant("unlock"), id }) },
  ) as fc.Arbitrary<Step>;
};

interface World {
  readonly dir: string;
  readonly cameras: number;
  readonly retentionHours: number;
}

interface Held {
  readonly camera: string;
  readonly session: string;
  readonly ordinal: number;
  readonly number: number;
  readonly startUs: number;
  readonly endUs: number;
  /** When it was recorded, whatever the clock said. */
  readonly trueMs: number;
}

interface Recording {
  readonly row: SessionRow;
  readonly ordinal: number;
  readonly begunMs: number;
  number: number;
}

export interface Played {
  readonly recorded: number;
  readonly deleted: number;
  readonly overlaps: number;
}

/** @throws AssertionError at the first thing that is not as the model says */
export async function playStory(world: World, steps: readonly Step[]): Promise<Played> {
  const story = new Story(world);
  try {
    for (const step of steps) await story.play(step);
    return story.played;
  } finally {
    story.close();
  }
}

class Story {
  readonly #world: World;
  #database: IndexDatabase;
  #index: FootageIndex;
  #ages: AgeClock;
  #trueMs = START_MS;
  #bootMs = START_MS - HOUR_MS;
  #bootId = 1;
  /** The wall's clock less the true time: as people set it, and by a leap until the next look at it. */
  #setMs = 0;
  #leapMs = 0;
  /** A clock without a battery begins years ago, until it is set. */
  #lostMs = 0;
  #held: Held[] = [];
  readonly #recordings = new Map<string, Recording>();
  readonly #locks = new Map<
    number,
    { readonly camera: string; readonly startMs: number; readonly endMs: number }
  >();
  #ordinals = 0;
  #deleted = 0;
  #recorded = 0;
  #overlaps = 0;

  constructor(world: World) {
    this.#world = world;
    this.#database = openIndex(world.dir);
    this.#index = footageIndex(this.#database);
    this.#ages = this.#ageClock();
    for (let camera = 0; camera < world.cameras; camera++) this.#newSession(camera);
  }

  get played(): Played {
    return { recorded: this.#recorded, deleted: this.#deleted, overlaps: this.#overlaps };
  }

  close(): void {
    this.#database.close();
  }

  async play(step: Step): Promise<void> {
    switch (step.kind) {
      case "record":
        this.#index.inOneStep(() => {
          for (let minute = 0; minute < step.minutes; minute++) this.#recordMinute();
        });
        await this.#pass();
        return this.#check();
      case "new-session":
        return this.#newSession(step.camera);
      case "silent":
        return void this.#recordings.delete(nameOf(step.camera));
      case "clock": {
        const wanted = this.#setMs + step.byMinutes * MINUTE_MS;
        this.#lostMs = 0;
        this.#setMs = Math.max(-MOST_SET_MINUTES * MINUTE_MS, Math.min(MOST_SET_MINUTES * MINUTE_MS, wanted));
        return;
      }
      case "leap":
        this.#leapMs = step.days * 24 * HOUR_MS;
        await this.#pass();
        this.#check();
        this.#leapMs = 0;
        return;
      case "restart":
        return this.#restart();
      case "reboot":
        this.#trueMs += step.offMinutes * MINUTE_MS;
        this.#bootMs = this.#trueMs;
        this.#bootId++;
        this.#lostMs = step.losesClock ? LOST_MS : 0;
        return this.#restart();
      case "lock":
        return this.#lock(step);
      case "unlock":
        this.#locks.delete(step.id);
        return footageLocks(this.#database).remove(String(step.id));
    }
  }

  get #wallMs(): number {
    return this.#trueMs + this.#setMs + this.#leapMs - this.#lostMs;
  }

  #ageClock(): AgeClock {
    const clock = () => {
      return { utcMs: this.#wallMs, uptimeMs: this.#trueMs - this.#bootMs, bootId: String(this.#bootId) };
    };
    const index = this.#index;
    const ages = ageClock(this.#world.dir, {
      clock,
      newestArrivalUtcMs: () => null,
      onBoot: ({ bootId, beganUtcMs }) => index.putBoot(bootId, beganUtcMs),
    });
    // As the archive has it: before anything is recorded.
    ages.look();
    return ages;
  }

  #restart(): void {
    this.#database.close();
    this.#database = openIndex(this.#world.dir);
    this.#index = footageIndex(this.#database);
    this.#ages = this.#ageClock();
    for (let camera = 0; camera < this.#world.cameras; camera++) this.#newSession(camera);
  }

  #newSession(camera: number): void {
    const cameraId = nameOf(camera);
    const name = String(START_MS + this.#ordinals++).padStart(13, "0");
    const start = { startUs: this.#wallMs * 1000, baseTime: 0, timeScale: 1000 };
    const moment = this.#ages.moment();
    const begun = { ...moment, laterUs: (this.#ages.utcMsOf(moment) ?? Number.NaN) * 1000 - start.startUs };
    const picture = { codec: "avc1", width: 2, height: 2 };
    const row = this.#index.addSession({ cameraId, name, ...start, ...picture, begun });
    this.#recordings.set(cameraId, { row, ordinal: this.#ordinals, begunMs: this.#trueMs, number: 0 });
  }

  /** A session's instants go on evenly, whatever the wall's clock does meanwhile. */
  #recordMinute(): void {
    this.#trueMs += MINUTE_MS;
    for (const [camera, recording] of this.#recordings) {
      const endUs = recording.row.startUs + (this.#trueMs - recording.begunMs) * 1000;
      const startUs = endUs - MINUTE_MS * 1000;
      const number = recording.number++;
      const times = { number, startUs, endUs, frameUs: 40_000, arrivalUs: this.#wallMs * 1000 };
      this.#index.addFootageFile(recording.row, { ...times, sizeBytes: 1, samples: EMPTY, holes: [] });
      const session = recording.row.name;
      const { ordinal } = recording;
      this.#held.push({ camera, session, ordinal, number, startUs, endUs, trueMs: this.#trueMs });
      this.#recorded++;
    }
  }

  #lock({ id, camera, ago, minutes }: Extract<Step, { kind: "lock" }>): void {
    const startMs = this.#wallMs - ago * MINUTE_MS;
    const lock = { camera: nameOf(camera), startMs, endMs: startMs + minutes * MINUTE_MS };
    this.#locks.set(id, lock);
    const kept = { cameraId: lock.camera, startUtcMs: lock.startMs, endUtcMs: lock.endMs };
    footageLocks(this.#database).put(String(id), kept);
  }

  async #pass(): Promise<void> {
    const { dir, retentionHours } = this.#world;
    const settings = archiveSettingsSchema.parse({ retentionHours, minFreeBytes: 0 });
    const space = new SpaceWatch({ freeBytes: () => Promise.resolve(Number.MAX_SAFE_INTEGER) });
    const removed = await removeOldFootage({ dir, index: this.#index, settings, space }, this.#ages.look());
    const left = this.#held.filter((held) => {
      const session = this.#index.session(held.camera, held.session);
      return session !== undefined && this.#index.hasFootageFile(held.camera, held.session, held.number);
    });
    const gone = new Set(this.#held);
    for (const held of left) gone.delete(held);
    must(gone.size === removed, `${removed} were removed and ${gone.size} are gone`);
    for (const held of gone) this.#checkRemoved(held);
    this.#held = left;
    this.#deleted += removed;
  }

  #checkRemoved({ camera, startUs, endUs, trueMs }: Held): void {
    const ageMs = this.#trueMs - trueMs;
    // Ages are compared with a clock that may be as wrong as clocks are set; and a clock is believed to be ten minutes and
    // one part in a hundred ahead.
    const slackMs = MOST_SET_MINUTES * MINUTE_MS + 10 * MINUTE_MS + 0.01 * (this.#trueMs - START_MS);
    const leastMs = this.#world.retentionHours * HOUR_MS - slackMs;
    must(ageMs >= leastMs, `${camera}: deleted when it was ${ageMs / HOUR_MS} h old`);
    for (const lock of this.#locks.values()) {
      const touches = lock.camera === camera && lock.startMs * 1000 < endUs && lock.endMs * 1000 > startUs;
      must(!touches, `${camera}: deleted although it is locked`);
    }
  }

  #check(): void {
    for (let camera = 0; camera < this.#world.cameras; camera++) this.#checkShown(nameOf(camera));
  }

  /** Between any two instants at which a footage file begins or ends the same one must be shown. */
  #checkShown(camera: string): void {
    const held = this.#held.filter((each) => each.camera === camera);
    const pieces = this.#index.footageFiles({ cameraId: camera, range: ALL_TIME });
    const edges = [...new Set(held.flatMap(({ startUs, endUs }) => [startUs, endUs]))].sort((a, b) => a - b);
    const byStart = held.toSorted((a, b) => a.startUs - b.startUs);
    let [nextHeld, nextPiece] = [0, 0];
    let [open, shown]: [Held[], typeof pieces] = [[], []];
    for (const [place, fromUs] of edges.slice(0, -1).entries()) {
      const atUs = (fromUs + edges[place + 1]!) / 2;
      while (nextHeld < byStart.length && byStart[nextHeld]!.startUs <= atUs) open.push(byStart[nextHeld++]!);
      while (nextPiece < pieces.length && pieces[nextPiece]!.shownStartUs <= atUs)
        shown.push(pieces[nextPiece++]!);
      open = open.filter(({ endUs }) => endUs > atUs);
      shown = shown.filter(({ shownEndUs }) => shownEndUs > atUs);
      // What ends within half a frame of something else shows no frame.
      if (edges[place + 1]! - fromUs <= 40_000) continue;
      const wanted = open.toSorted((a, b) => b.ordinal - a.ordinal)[0];
      const names = shown.map(({ sessionName, number }) => `${sessionName}/${number}`);
      const right = wanted === undefined ? [] : [`${wanted.session}/${wanted.number}`];
      must(
        names.join() === right.join(),
        `${camera} at ${atUs}: ${names.join()} in place of ${right.join()}`,
      );
      if (open.length > 1) this.#overlaps++;
    }
    const last = held.toSorted((a, b) => a.trueMs - b.trueMs).at(-1);
    const live = this.#index.newestFootageFiles(camera, 1)[0];
    must(
      live?.sessionName === last?.session && live?.number === last?.number,
      `${camera}: live is not the last`,
    );
  }
}

const nameOf = (camera: number): string => `camera-${camera}`;

function must(isSo: boolean, otherwise: string): void {
  if (!isSo) throw new AssertionError({ message: otherwise });
}
