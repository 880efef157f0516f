import fc from "fast-check";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { anyStep, playStory, type Played, type Step } from "../testing/simulated-week.ts";

const CAMERAS = 3;
const isLong = process.env["EVIDENCE_DESK_LONG_TESTS"] === "1";

async function play(story: readonly Step[]): Promise<Played> {
  const dir = await mkdtemp(join(tmpdir(), "evidence-desk-week-"));
  try {
    return await playStory({ dir, cameras: CAMERAS, retentionHours: 6 }, story);
  } finally {
    await rm(dir, { recursive: true, force: true });
  }
}

/** The long form, weeks of ten cameras: npm run proofs -- week. */
describe("whatever clocks, cameras and restarts do, nothing is deleted early, hidden or shown twice", () => {
  test("in a night in which the clock is set back and leaps, and footage is locked", async () => {
    const record: Step = { kind: "record", minutes: 90 };
    const { deleted, overlaps } = await play([
      ...[record, record, { kind: "lock", id: 1, camera: 0, ago: 60, minutes: 30 } as const, record],
      ...[{ kind: "clock", byMinutes: -60 } as const, { kind: "new-session", camera: 0 } as const, record],
      ...[
        { kind: "leap", days: 40 } as const,
        record,
        { kind: "reboot", offMinutes: 30, losesClock: false } as const,
        record,
      ],
      ...[{ kind: "silent", camera: 1 } as const, record, { kind: "unlock", id: 1 } as const, record],
    ]);
    // Otherwise nothing would have been proved.
    expect(deleted).toBeGreaterThan(100);
    expect(overlaps).toBeGreaterThan(50);
  }, 60_000);

  test("in a night after which the clock is set that had no battery: what was recorded in it is as young as it is", async () => {
    const record: Step = { kind: "record", minutes: 90 };
    const lost: Step = { kind: "reboot", offMinutes: 30, losesClock: true };
    const set: Step = { kind: "clock", byMinutes: 0 };
    const { deleted } = await play([
      ...[record, record, lost, record, record, set, { kind: "new-session", camera: 0 } as const, record],
      // Another run of the machine that ends before its clock is set.
      ...[lost, record, { kind: "reboot", offMinutes: 10, losesClock: false } as const, record, record],
      ...[record, record, record, record, record, record],
    ]);
    expect(deleted).toBeGreaterThan(100);
  }, 60_000);

  test("in random stories", async () => {
    const steps = fc.array(anyStep(CAMERAS), { minLength: 15, maxLength: 40 });
    const told = fc.asyncProperty(steps, async (story) => void (await play(story)));
    await fc.assert(told, { numRuns: isLong ? 60 : 3, endOnFailure: true });
  }, 600_000);
});
