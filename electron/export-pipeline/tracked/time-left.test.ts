import fc from "fast-check";
import { describe, expect, test } from "vitest";
import type { SegmentState } from "#shared/domain/segment-state.ts";
import type { SegmentRecord } from "../ports/export-journal.ts";
import { PARALLEL_UPLOADS_PER_CAMERA } from "./pipeline-context.ts";
import { timeLeftMs } from "./time-left.ts";
import { TransferProgress } from "./transfer-progress.ts";

const isLong = process.env["EVIDENCE_DESK_LONG_TESTS"] === "1";
const TICK_MS = 250;
const EXPORT = "export";

interface Course {
  readonly partBytes: readonly number[];
  readonly readBytesPerSecond: number;
  readonly sendBytesPerSecond: number;
  /** How far speeds wander, from 0 to 1, and by what. */
  readonly wander: number;
  readonly seed: number;
}

interface Look {
  readonly atMs: number;
  readonly doneShare: number;
  readonly leftMs: number | null;
  readonly hasSent: boolean;
}

/** Parts on their way: one is read at a time, up to five are sent over one line, as the pipeline does. */
class SimulatedExport {
  nowMs = 0;
  readonly progress = new TransferProgress(() => undefined, { now: () => this.nowMs });
  readonly looks: Look[] = [];
  readonly #course: Course;
  readonly #read: number[];
  readonly #sent: number[];
  readonly #ends = new Map<string, () => void>();

  constructor(course: Course) {
    this.#course = course;
    this.#read = course.partBytes.map(() => 0);
    this.#sent = course.partBytes.map(() => 0);
  }

  /** Answers how long it took, in milliseconds. */
  async run(): Promise<number> {
    const total = this.#course.partBytes.reduce((sum, bytes) => sum + bytes, 0);
    while (this.#sumOf(this.#sent) < total) {
      const [reading, sending] = [this.#readable(), this.#sendable()];
      for (const part of reading) this.#begin("read", part);
      for (const part of sending) this.#begin("send", part);
      this.nowMs += TICK_MS;
      this.#move("read", this.#read, reading, this.#course.readBytesPerSecond);
      this.#move("send", this.#sent, sending, this.#course.sendBytesPerSecond);
      // Pieces of work that have ended are noticed within the same instant.
      for (let turns = 0; turns < 3; turns += 1) await Promise.resolve();
      this.looks.push({
        atMs: this.nowMs,
        doneShare: (this.#sumOf(this.#read) + this.#sumOf(this.#sent)) / 2 / total,
        leftMs: timeLeftMs(EXPORT, this.#segments(), this.progress),
        hasSent: this.#sumOf(this.#sent) > 0,
      });
    }
    return this.nowMs;
  }

  #move(direction: "read" | "send", done: number[], parts: readonly number[], bytesPerSecond: number): void {
    const { wander, seed } = this.#course;
    const wandering = 1 + wander * Math.sin(this.nowMs / 3_000 + seed);
    const share = (bytesPerSecond * wandering * TICK_MS) / 1000 / Math.max(1, parts.length);
    for (const part of parts) {
      const bytes = Math.min(this.#bytesOf(part), (done[part] ?? 0) + share);
      done[part] = bytes;
      const change = direction === "read" ? { readBytes: bytes } : { sentBytes: bytes };
      this.progress.report(EXPORT, `part-${part}`, change);
      if (bytes === this.#bytesOf(part)) this.#ends.get(`${direction}-${part}`)?.();
    }
  }

  /** Work of a part begins with its first bytes and ends with its last. */
  #begin(direction: "read" | "send", part: number): void {
    const key = `${direction}-${part}`;
    if (this.#ends.has(key)) return;
    const { promise, resolve } = Promise.withResolvers<void>();
    void this.progress.during(EXPORT, direction, () => promise);
    this.#ends.set(key, resolve);
  }

  #readable(): number[] {
    const next = this.#read.findIndex((bytes, part) => bytes < this.#bytesOf(part));
    return next === -1 ? [] : [next];
  }

  #sendable(): number[] {
    return this.#sent
      .map((_bytes, part) => part)
      .filter((part) => this.#isRead(part) && (this.#sent[part] ?? 0) < this.#bytesOf(part))
      .slice(0, PARALLEL_UPLOADS_PER_CAMERA);
  }

  #segments(): SegmentRecord[] {
    return this.#course.partBytes.map((plannedLengthBytes, index) => ({
      ...{ segmentId: `part-${index}`, cameraExportId: "camera-export", index, plannedLengthBytes },
      ...{ range: { startUtcMs: index, endUtcMs: index + 1 }, encryptionData: null, recorded: null },
      state: this.#stateOf(index),
    }));
  }

  #stateOf(part: number): SegmentState {
    const bytes = this.#bytesOf(part);
    const file = {
      ...{ plaintextLengthBytes: bytes, plaintextSha256: "" },
      ...{ ciphertextLengthBytes: bytes, ciphertextSha512: "" },
    };
    if ((this.#sent[part] ?? 0) >= bytes) return { kind: "verified", file, resourceId: "r" };
    if (this.#isRead(part)) return { kind: "uploading", file, resourceId: "r" };
    return (this.#read[part] ?? 0) > 0 ? { kind: "exporting" } : { kind: "queued" };
  }

  #isRead(part: number): boolean {
    return (this.#read[part] ?? 0) >= this.#bytesOf(part);
  }

  #bytesOf(part: number): number {
    return this.#course.partBytes[part] ?? 0;
  }

  #sumOf(bytes: readonly number[]): number {
    return bytes.reduce((sum, one) => sum + one, 0);
  }
}

const MEGABYTE = 1_000_000;
const speeds = fc.integer({ min: 10, max: 180 }).map((megabytes) => megabytes * MEGABYTE);
const courses: fc.Arbitrary<Course> = fc.record({
  partBytes: fc
    .tuple(fc.integer({ min: 3, max: 26 }), fc.integer({ min: 200, max: 1_000 }))
    .chain(([parts, megabytes]) =>
      fc.array(
        fc.integer({ min: Math.round(megabytes * 0.8), max: megabytes }).map((size) => size * MEGABYTE),
        { minLength: parts, maxLength: parts },
      ),
    ),
  readBytesPerSecond: speeds,
  sendBytesPerSecond: speeds,
  wander: fc.double({ min: 0, max: 0.1, noNaN: true }),
  seed: fc.double({ min: 0, max: 6, noNaN: true }),
});

/** Of what is said once a tenth is done, the first that is further off than a fifth and a second. */
function wrongLook({ looks }: SimulatedExport, tookMs: number): Look | undefined {
  return looks.find(({ atMs, doneShare, leftMs }) => {
    if (doneShare < 0.1 || leftMs === null) return false;
    const trueLeftMs = tookMs - atMs;
    return Math.abs(leftMs - trueLeftMs) > 0.2 * trueLeftMs + 1_000;
  });
}

describe("the time that an export still takes", () => {
  test("is within a fifth of the truth once a tenth is done, whichever of reading and sending is slower", async () => {
    await fc.assert(
      fc.asyncProperty(courses, async (course) => {
        const simulated = new SimulatedExport(course);
        const tookMs = await simulated.run();
        expect(wrongLook(simulated, tookMs)).toBeUndefined();
      }),
      { numRuns: isLong ? 60 : 12 },
    );
  });

  test("is told from two seconds after the first byte was sent on, and not before", async () => {
    await fc.assert(
      fc.asyncProperty(courses, async (course) => {
        const simulated = new SimulatedExport(course);
        await simulated.run();
        const { looks } = simulated;
        const firstSentMs = looks.find(({ hasSent }) => hasSent)?.atMs ?? Infinity;
        expect(looks.filter(({ hasSent, leftMs }) => !hasSent && leftMs !== null)).toEqual([]);
        expect(looks.filter(({ atMs, leftMs }) => atMs > firstSentMs + 2_000 && leftMs === null)).toEqual([]);
      }),
      { numRuns: isLong ? 20 : 6 },
    );
  });
});
