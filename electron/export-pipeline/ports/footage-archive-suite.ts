/** What every archive is held to. */
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import type { TimeRange } from "#shared/domain/time-range.ts";
import { type FootageArchive, recordedFootageOf } from "./footage-archive.ts";

export interface ArchiveUnderTest {
  readonly archive: FootageArchive;
  readonly cameraId: string;
  /** Of the camera. */
  readonly area: string;
  /** A range of which there is footage, and one of which there is none. */
  readonly recorded: TimeRange;
  readonly empty: TimeRange;
  /** Does this while the archive cannot be reached. */
  readonly whileAway: (work: () => Promise<void>) => Promise<void>;
  readonly close: () => Promise<void>;
}

const CALL = { signal: new AbortController().signal, reportWaiting: () => undefined };
const GIVEN_UP = { ...CALL, signal: AbortSignal.abort() };

export function describeArchive(name: string, open: () => Promise<ArchiveUnderTest>): void {
  describe(`${name}, as every archive,`, () => {
    let tested: ArchiveUnderTest;
    let archive: FootageArchive;
    beforeAll(async () => {
      tested = await open();
      ({ archive } = tested);
    });
    afterAll(() => tested.close());

    test("tells what an export of a range will be, to the frame, and the same again", async () => {
      const { cameraId, recorded } = tested;
      const planned = await archive.planExport(cameraId, recorded, CALL);
      if (!planned.ok) throw new Error(planned.error.message);
      const { lengthBytes, codec, ...facts } = planned.value;
      const { firstFrameUtcUs, lastFrameUtcUs, endUtcUs, frameCount } = recordedFootageOf({
        ...facts,
        ...{ lengthBytes, codec },
      });
      expect(lengthBytes).toBeGreaterThan(0);
      expect(codec).not.toBe("");
      expect(frameCount).toBeGreaterThan(0);
      expect(firstFrameUtcUs).toBeGreaterThanOrEqual(recorded.startUtcMs * 1000);
      expect(lastFrameUtcUs).toBeGreaterThanOrEqual(firstFrameUtcUs);
      expect(lastFrameUtcUs).toBeLessThan(recorded.endUtcMs * 1000);
      expect(endUtcUs).toBeGreaterThan(lastFrameUtcUs);
      expect(await archive.planExport(cameraId, recorded, CALL)).toEqual(planned);
    });

    test("says of a range without a frame that there is none", async () => {
      expect(await archive.planExport(tested.cameraId, tested.empty, CALL)).toMatchObject({
        ok: false,
        error: { kind: "no-footage", code: "NO_FOOTAGE" },
      });
    });

    test("tells the areas of all cameras at once", async () => {
      const areas = await archive.cameraAreas(CALL);
      if (!areas.ok) throw new Error(areas.error.message);
      expect(areas.value.get(tested.cameraId)).toBe(tested.area);
      expect(areas.value.has("no such camera")).toBe(false);
      expect([...areas.value.values()]).not.toContain("");
    });

    test("tells its present in milliseconds, whatever is in the way", async () => {
      const now = await archive.now(tested.cameraId, CALL);
      expect(Number.isInteger(now)).toBe(true);
      // How far a clock is ahead is known to what a question and its answer take.
      const leastMs = now - 1_000;
      expect(await archive.now(tested.cameraId, GIVEN_UP)).toBeGreaterThan(leastMs);
      expect(await archive.now("no such camera", CALL)).toBeGreaterThan(leastMs);
      await tested.whileAway(async () => {
        expect(await archive.now(tested.cameraId, CALL)).toBeGreaterThan(leastMs);
      });
    });

    test("locks and frees, however often, and puts a lock of the same id in the place of the first", async () => {
      const { cameraId, recorded, empty } = tested;
      const done = { ok: true, value: undefined };
      for (const range of [recorded, recorded, empty]) {
        expect(await archive.lock({ lockId: "lock/1", cameraId, range }, CALL)).toEqual(done);
      }
      expect(await archive.unlock("lock/1", CALL)).toEqual(done);
      expect(await archive.unlock("lock/1", CALL)).toEqual(done);
      expect(await archive.unlock("never locked", CALL)).toEqual(done);
    });

    test("that is away fails as what may succeed later", async () => {
      const away = { ok: false, error: { kind: "transient", code: "ARCHIVE_UNREACHABLE" } };
      const { cameraId, recorded: range } = tested;
      await tested.whileAway(async () => {
        expect(await archive.planExport(cameraId, range, CALL)).toMatchObject(away);
        expect(await archive.cameraAreas(CALL)).toMatchObject(away);
        expect(await archive.lock({ lockId: "l", cameraId, range }, CALL)).toMatchObject(away);
        expect(await archive.unlock("l", CALL)).toMatchObject(away);
      });
    });

    test("does nothing for a caller who has given up", async () => {
      const aborted = { ok: false, error: { kind: "aborted" } };
      const { cameraId, recorded: range } = tested;
      expect(await archive.planExport(cameraId, range, GIVEN_UP)).toMatchObject(aborted);
      expect(await archive.cameraAreas(GIVEN_UP)).toMatchObject(aborted);
      expect(await archive.lock({ lockId: "l", cameraId, range }, GIVEN_UP)).toMatchObject(aborted);
      expect(await archive.unlock("l", GIVEN_UP)).toMatchObject(aborted);
    });
  });
}
