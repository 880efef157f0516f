import { mkdtemp, mkdir, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import fc from "fast-check";
import { afterAll, beforeAll, expect, test } from "vitest";
import { bufferSource } from "#media/byte-source.ts";
import { writeInitSegment } from "#media/fragment-writer.ts";
import { readProgressiveFile } from "#media/progressive-reader.ts";
import type { Sample, Track } from "#media/track.ts";
import { initFile, sessionFolder } from "../ground/archive-folder.ts";
import { footageIndex, type FootageIndex } from "../index/footage-index.ts";
import { openIndex, type IndexDatabase } from "../index/open-index.ts";
import { presentationSpan } from "../index/recorded-footage-file.ts";
import { packSamples } from "../index/sample-table.ts";
import { instantUs } from "../index/session-clock.ts";
import { exportDesk } from "./export-desk.ts";

const START_US = Date.UTC(2026, 10, 23, 12) * 1000;
const HOUR_US = 3_600_000_000;

/** Only its boxes matter here: nothing is decoded. */
const track: Track = {
  ...{ trackId: 1, handler: "vide", codec: "avc1", width: 16, height: 16, timescale: 90_000 },
  sampleEntry: Buffer.concat([Buffer.from([0, 0, 0, 86]), Buffer.from("avc1"), Buffer.alloc(78)]),
};

let dir: string;
let database: IndexDatabase;
let index: FootageIndex;
let cameras = 0;

beforeAll(async () => {
  dir = await mkdtemp(join(tmpdir(), "evidence-desk-random-"));
  database = openIndex(dir);
  index = footageIndex(database);
});

afterAll(async () => {
  database.close();
  await rm(dir, { recursive: true, force: true });
});

interface RandomSession {
  /** From the end of the session before. */
  readonly pauseUs: number;
  readonly timescale: number;
  readonly firstDecodeTicks: number;
  /** Frames of each footage file, in decode order; the first is a key frame. */
  readonly footageFiles: readonly (readonly { ticks: number; isSync: boolean; isLate: boolean }[])[];
}

const frame = fc.record({
  ticks: fc.integer({ min: 300, max: 9_000 }),
  isSync: fc.boolean(),
  isLate: fc.boolean(),
});
const sessions: fc.Arbitrary<readonly RandomSession[]> = fc.array(
  fc.record({
    pauseUs: fc.oneof(fc.constant(0), fc.integer({ min: 0, max: 10_000_000 }), fc.constant(20 * HOUR_US)),
    timescale: fc.constantFrom(90_000, 12_800, 10_000),
    firstDecodeTicks: fc.nat(1_000_000),
    footageFiles: fc.array(fc.array(frame, { minLength: 1, maxLength: 30 }), { minLength: 1, maxLength: 4 }),
  }),
  { minLength: 1, maxLength: 3 },
);

/** A frame that is late is shown in the middle of the frame decoded after it, as a P-frame behind its B-frame. */
function toSamples(frames: RandomSession["footageFiles"][number]): Sample[] {
  return frames.map(({ ticks, isSync, isLate }, place) => {
    const next = frames[place + 1];
    const isReordered = place > 0 && isLate && next !== undefined && !next.isSync && !next.isLate;
    const compositionOffsetTicks = isReordered ? ticks + Math.floor(next.ticks / 2) : 0;
    const common = { offset: place * 10, sizeBytes: 10, durationTicks: ticks };
    return { ...common, compositionOffsetTicks, isSync: place === 0 || isSync };
  });
}

/** Puts the sessions into the index and gives every frame's instant, microseconds UTC. */
async function store(cameraId: string, all: readonly RandomSession[]): Promise<number[]> {
  const instants: number[] = [];
  let atUs = START_US;
  for (const [place, { pauseUs, timescale, firstDecodeTicks, footageFiles }] of all.entries()) {
    const startUs = atUs + pauseUs;
    const name = String(place + 1).padStart(13, "0");
    await mkdir(sessionFolder(dir, cameraId, name), { recursive: true });
    await writeFile(initFile(dir, cameraId, name), writeInitSegment([{ ...track, timescale }]));
    const clock = { startUs, baseTime: firstDecodeTicks, timeScale: timescale };
    const session = index.addSession({ cameraId, name, ...clock, codec: "avc1", width: 16, height: 16 });
    let decodeTicks = firstDecodeTicks;
    for (const [number, frames] of footageFiles.entries()) {
      const samples = toSamples(frames);
      const recorded = { firstDecodeTicks: decodeTicks, samples };
      const span = presentationSpan(recorded);
      const [fromUs, toUs] = [instantUs(clock, span.start), instantUs(clock, span.end)];
      index.addFootageFile(session, {
        ...{ number, startUs: fromUs, endUs: toUs, arrivalUs: toUs, frameUs: 100_000, sizeBytes: 1_000 },
        ...{ samples: packSamples(recorded), holes: [] },
      });
      for (const { durationTicks, compositionOffsetTicks } of samples) {
        instants.push(instantUs(clock, decodeTicks + compositionOffsetTicks));
        decodeTicks += durationTicks;
      }
      atUs = Math.max(atUs, toUs);
    }
  }
  return instants;
}

test(
  "frames out are the frames recorded in the range, no more and no fewer",
  { timeout: 60_000 },
  async () => {
    const property = fc.asyncProperty(sessions, fc.nat(1000), fc.nat(1000), async (all, from, length) => {
      const cameraId = `camera-${++cameras}`;
      const instants = await store(cameraId, all);
      const lastUs = instants.reduce((most, at) => Math.max(most, at), START_US);
      const dayUs = Math.min(lastUs - START_US + 1_000_000, 24 * HOUR_US);
      const startUtcMs = Math.floor((START_US + ((lastUs - START_US) * from) / 1000) / 1000);
      const endUtcMs = startUtcMs + 1 + Math.floor((dayUs * length) / 1000 / 1000);
      const range = { startUtcMs, endUtcMs: Math.min(endUtcMs, startUtcMs + 24 * 3_600_000) };
      const wanted = instants
        .filter((at) => at >= range.startUtcMs * 1000 && at < range.endUtcMs * 1000)
        .toSorted((a, b) => a - b);
      const planning = exportDesk(dir, index).plan({ cameraId, range });
      if (wanted.length === 0) {
        await expect(planning).rejects.toMatchObject({ code: "NO_FOOTAGE" });
        return;
      }
      const { plan, file } = await planning;
      expect(plan.frameCount).toBe(wanted.length);
      expect([plan.firstFrameUtcUs, plan.lastFrameUtcUs]).toEqual([wanted[0], wanted.at(-1)]);
      const [read] = await readProgressiveFile({
        ...bufferSource(file.header),
        lengthBytes: file.lengthBytes,
      });
      const {
        samples,
        edits,
        track: { timescale },
      } = read!;
      const { mediaStartTicks, durationTicks } = edits[0]!;
      let decodeTicks = 0;
      const shown = Array.from(samples, ({ durationTicks: ticks, compositionOffsetTicks }) => {
        const at = decodeTicks + compositionOffsetTicks - mediaStartTicks;
        decodeTicks += ticks;
        return at;
      });
      const inEdit = shown.filter((at) => at >= 0 && at < durationTicks).toSorted((a, b) => a - b);
      expect(inEdit).toHaveLength(wanted.length);
      // Every frame at its instant, to the file's own ticks.
      inEdit.forEach((at, place) => {
        const offUs = Math.abs((at / timescale) * 1e6 - (wanted[place]! - wanted[0]!));
        expect(offUs).toBeLessThan(1.5e6 / timescale + 2);
      });
      return undefined;
    });
    await fc.assert(property, { numRuns: 100 });
  },
);
