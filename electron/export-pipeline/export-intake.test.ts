import { describe, expect, test } from "vitest";
import { HOUR_MS } from "#shared/domain/time-range.ts";
import { admitExport } from "./export-intake.ts";
import { portFailed } from "./ports/port-call.ts";
import { MemoryArchive } from "./testing/memory-archive.ts";
import { cameraExport, exportOf, NOW } from "./testing/world.ts";

/** Of every range that the archive in memory holds. */
const FIRST_FRAME_MS = 40;
const CALL = { signal: new AbortController().signal, reportWaiting: () => undefined };

function admit(request: ReturnType<typeof exportOf>, archive = new MemoryArchive(), aheadMs = 0) {
  archive.readClock = () => NOW + aheadMs;
  return admitExport({ request, createdBy: "operator", createdUtcMs: NOW }, archive, CALL);
}

function ended(endUtcMs: number, lengthMs: number) {
  return { ...cameraExport("a"), range: { startUtcMs: endUtcMs - lengthMs, endUtcMs } };
}

describe("an export that is asked for", () => {
  test("is cut into segments with their exact lengths, under ids of its own", async () => {
    const admitted = await admit(exportOf([cameraExport("a", 2), cameraExport("b")]));
    if (!admitted.ok) throw new Error(admitted.error.code);
    const { record, cameraExports } = admitted.value;
    expect(record).toMatchObject({ exportId: "export-1", createdBy: "operator", createdUtcMs: NOW });
    expect(cameraExports.map(({ segments }) => segments.length)).toEqual([2, 1]);
    const segments = cameraExports.flatMap((one) => one.segments);
    expect(segments.every(({ plannedLengthBytes }) => plannedLengthBytes === 100)).toBe(true);
    expect(new Set(segments.map(({ segmentId }) => segmentId)).size).toBe(3);
  });

  test("asks for the list of cameras once, however many are sent", async () => {
    const archive = new MemoryArchive();
    archive.areas.set("b", "Yard").delete("c");
    const asked: string[] = [];
    archive.hindrance = ({ method }) => (asked.push(method), null);
    const admitted = await admit(exportOf(["a", "b", "c"].map((id) => cameraExport(id))), archive);
    if (!admitted.ok) throw new Error(admitted.error.code);
    const areas = admitted.value.cameraExports.map(({ record }) => record.cameraArea);
    expect(areas).toEqual(["Gate", "Yard", null]);
    expect(asked.filter((method) => method === "cameraAreas")).toHaveLength(1);
  });

  test("is checked again, whatever the page has checked", async () => {
    expect(await admit(exportOf([]))).toMatchObject({ error: { code: "NO_CAMERA" } });
    expect(await admit(exportOf([ended(NOW, 24 * HOUR_MS + 1)]))).toMatchObject({
      error: {
        code: "RANGE_TOO_LONG",
        message: "Export range for g64 must be shorter than 1 days",
      },
    });
    expect(await admit(exportOf([cameraExport("a"), cameraExport("a")]))).toMatchObject({
      error: { code: "CAMERA_TWICE" },
    });
  });

  test("without any footage is refused, naming the camera", async () => {
    const archive = new MemoryArchive();
    archive.emptyFromUtcMs.add(cameraExport("a").range.startUtcMs);
    expect(await admit(exportOf([cameraExport("a")]), archive)).toMatchObject({
      error: { code: "NO_FOOTAGE", message: expect.stringContaining("Camera a") },
    });
  });

  test("over a change of codec is refused with the instant, within an hour and between two", async () => {
    const asked = ended(NOW - HOUR_MS, 2 * HOUR_MS);
    const archive = new MemoryArchive();
    for (const afterMs of [HOUR_MS / 2, HOUR_MS]) {
      archive.codecChangeUtcMs = asked.range.startUtcMs + afterMs;
      const refused = await admit(exportOf([asked]), archive);
      const atUtcMs = archive.codecChangeUtcMs + (afterMs === HOUR_MS ? FIRST_FRAME_MS : 0);
      expect(refused).toMatchObject({ ok: false, error: { code: "CODEC_CHANGED", atUtcMs } });
      if (!refused.ok) expect(refused.error.message).toContain("Camera a");
    }
    archive.codecChangeUtcMs = asked.range.endUtcMs;
    expect(await admit(exportOf([asked]), archive)).toMatchObject({ ok: true });
  });

  test("an hour without footage is known to be empty", async () => {
    const archive = new MemoryArchive();
    archive.emptyFromUtcMs.add(cameraExport("a", 2).range.startUtcMs);
    const admitted = await admit(exportOf([cameraExport("a", 2)]), archive);
    if (!admitted.ok) throw new Error(admitted.error.code);
    const states = admitted.value.cameraExports[0]?.segments.map(({ state }) => state.kind);
    expect(states).toEqual(["empty", "queued"]);
  });

  test("a part that ends just now is not given up because the archive has not indexed it yet", async () => {
    const archive = new MemoryArchive();
    const asked = ended(NOW - 1_000, HOUR_MS + 3_000);
    archive.emptyFromUtcMs.add(asked.range.startUtcMs + HOUR_MS);
    const admitted = await admit(exportOf([asked]), archive);
    if (!admitted.ok) throw new Error(admitted.error.code);
    const states = admitted.value.cameraExports[0]?.segments.map(({ state }) => state.kind);
    expect(states).toEqual(["queued", "queued"]);
  });

  test.each([90_000, -90_000])(
    "is measured by a clock of the archive that is %i ms ahead",
    async (aheadMs) => {
      const archiveNowMs = NOW + aheadMs;
      const upToNow = await admit(
        exportOf([ended(archiveNowMs - 500, 60_000)]),
        new MemoryArchive(),
        aheadMs,
      );
      expect(upToNow).toMatchObject({ ok: true, value: { record: { createdUtcMs: NOW } } });
      expect(
        await admit(exportOf([ended(archiveNowMs + 500, 60_000)]), new MemoryArchive(), aheadMs),
      ).toMatchObject({ error: { code: "RANGE_IN_FUTURE" } });

      // A part that ends just now may be indexed yet; one of a minute ago would be by now.
      const stateOf = async (agoMs: number) => {
        const archive = new MemoryArchive();
        const asked = ended(archiveNowMs - agoMs, HOUR_MS + 3_000);
        archive.emptyFromUtcMs.add(asked.range.startUtcMs + HOUR_MS);
        const admitted = await admit(exportOf([asked]), archive, aheadMs);
        return admitted.ok && admitted.value.cameraExports[0]?.segments[1]?.state.kind;
      };
      expect([await stateOf(1_000), await stateOf(60_000)]).toEqual(["queued", "empty"]);
    },
  );

  test("is refused with the archive's reason when that cannot be asked", async () => {
    const archive = new MemoryArchive();
    archive.hindrance = () =>
      Promise.resolve(
        portFailed("transient", { code: "ARCHIVE_UNREACHABLE", message: "It cannot be reached." }),
      );
    expect(await admit(exportOf([cameraExport("a")]), archive)).toMatchObject({
      error: { code: "ARCHIVE_UNREACHABLE" },
    });
  });
});
