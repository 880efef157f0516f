import { describe, expect, test } from "vitest";
import { HOUR_MS, MINUTE_MS } from "#shared/domain/time-range.ts";
import { signedManifestSchema } from "#shared/manifest/signed-manifest.ts";
import { cameraExport, exportOf, NOW, type Run, World } from "./testing/world.ts";

const START = NOW - 3 * HOUR_MS;
const FIRST_HOUR = { startUtcMs: START, endUtcMs: START + HOUR_MS };
const TEN_MINUTES = { startUtcMs: START + HOUR_MS, endUtcMs: START + HOUR_MS + 10 * MINUTE_MS };

/** An export of two hours that has passed Finish, of which the archive loses something before it is read. */
async function losing(world: World, lose: () => void): Promise<Run> {
  const entry = await world.admit(exportOf([cameraExport("a", 2)]));
  lose();
  const run = world.boot();
  run.pipeline.start(entry);
  await run.ended();
  return run;
}

const loseFirstHour = (world: World) => world.archive.emptyFromUtcMs.add(START);

const loseTenMinutes = (world: World) => world.archive.gaps.push(TEN_MINUTES);

function manifestOf(world: World) {
  const [manifest] = [...(world.evidence()[0]?.manifests.values() ?? [])];
  const text = world.spool.documents.get(manifest?.stored?.file.ciphertextSha512 ?? "") ?? "";
  return signedManifestSchema.parse(JSON.parse(text)).manifest;
}

describe("footage that the archive loses between Finish and reading", () => {
  test.each([
    ["a whole part", loseFirstHour, "1 h 00 min 00 s: 2026-11-23 10:00:00 UTC+01:00 to 11:00:00."],
    ["some of a part", loseTenMinutes, "10 min 00 s: 2026-11-23 11:00:00 UTC+01:00 to 11:10:00."],
  ])("fails the export and is named to the second: %s", async (_what, lose, words) => {
    const world = new World();
    const run = await losing(world, () => lose(world));
    expect(run.pipeline.statuses()[0]).toMatchObject({
      kind: "failed",
      failure: { code: "FOOTAGE_GONE", message: expect.stringContaining(words) },
    });
    expect(world.evidence()[0]?.completedWith).toBeNull();
    expect(world.archive.locks.size).toBe(1);
  });

  test("is read after all by Retry, where the archive has it again", async () => {
    const world = new World();
    const run = await losing(world, () => loseFirstHour(world));
    world.archive.emptyFromUtcMs.clear();
    expect(run.pipeline.retry("export-1")).toMatchObject({ ok: true });
    await run.ended();
    expect(run.kind()).toBe("available");
    expect(manifestOf(world).coverage).toMatchObject({ missingMs: 0 });
  });

  test("is left out where the operator decides so, and list, manifest and a later start say what is missing", async () => {
    const world = new World();
    const before = await losing(world, () => {
      loseFirstHour(world);
      loseTenMinutes(world);
    });
    expect(before.pipeline.sendWithoutLost("export-1")).toMatchObject({ ok: true });
    await before.ended();
    const run = world.boot();
    const missing = { startUtcMs: START, endUtcMs: TEN_MINUTES.endUtcMs };
    expect(run.pipeline.statuses()[0]).toMatchObject({
      kind: "available",
      cameraExports: [{ lost: [missing] }],
    });
    const { segments, coverage } = manifestOf(world);
    expect(segments).toMatchObject([
      { kind: "missing", lost: [FIRST_HOUR] },
      { kind: "sent", lost: [TEN_MINUTES], footage: { gaps: [TEN_MINUTES] } },
    ]);
    expect(coverage).toMatchObject({ missingMs: 70 * MINUTE_MS, sentMs: 50 * MINUTE_MS });
    expect([world.spool.files.size, world.archive.locks.size]).toEqual([0, 0]);
  });

  test("leaves nothing to send where it was all, and the operator is told", async () => {
    const world = new World();
    const run = await losing(world, () =>
      [0, 1].forEach((hour) => world.archive.emptyFromUtcMs.add(START + hour * HOUR_MS)),
    );
    expect(run.pipeline.sendWithoutLost("export-1")).toMatchObject({ ok: true });
    await run.ended();
    expect(run.pipeline.statuses()[0]).toMatchObject({ kind: "failed", failure: { code: "NO_FOOTAGE" } });
    expect(world.evidence()[0]?.completedWith).toBeNull();
  });

  test("is nothing that an export can be sent without where it has failed for something else", async () => {
    const world = new World();
    const run = await losing(world, () => undefined);
    expect([run.kind(), run.pipeline.sendWithoutLost("export-1").ok]).toEqual(["available", false]);
  });

  test("is none where there was no footage at Finish either, or more has been indexed since", async () => {
    const world = new World();
    world.archive.gaps.push(TEN_MINUTES);
    const run = await losing(world, () => world.archive.gaps.splice(0));
    expect(run.pipeline.statuses()[0]).toMatchObject({ kind: "available", cameraExports: [{ lost: [] }] });
  });
});
