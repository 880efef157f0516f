import { describe, expect, test } from "vitest";
import { portFailed } from "./ports/port-call.ts";
import type { Hindrance } from "./testing/hindered-calls.ts";
import { cameraExport, exportOf, NOW, World } from "./testing/world.ts";

const DAMAGED = portFailed("permanent", {
  code: "SPOOL_FILE_DAMAGED",
  message: "It has other bytes than were written to it.",
});
const LOST = portFailed("permanent", { code: "SPOOL_FILE_LOST", message: "It is not there." });
const MISMATCH = portFailed("permanent", {
  code: "CHECKSUM_MISMATCH",
  message: "The stored bytes are others.",
});

/** Fails the first calls of a method for what a test names, so often. */
function failing(
  method: string,
  times: number,
  outcome = DAMAGED,
  of = (_subject: string) => true,
): Hindrance {
  let left = times;
  return (event) => {
    if (event.method !== method || left === 0 || !of(event.subject)) return null;
    left -= 1;
    return Promise.resolve(outcome);
  };
}

const isManifest = (subject: string) => subject.endsWith("-manifest");

describe("a file that the spool does not give back as it was written", () => {
  test.each([
    ["changed", DAMAGED],
    ["lost", LOST],
  ])("because it is %s is made anew from the archive, and the operator reads so", async (_what, outcome) => {
    const world = new World();
    world.service.hindrance = failing("sendFile", 1, outcome);
    const run = await world.started(exportOf([cameraExport("a", 2)]));
    await run.ended();
    expect(run.kind()).toBe("available");
    const [first] = world.spool.writes;
    expect(world.spool.writes.filter((segmentId) => segmentId === first)).toHaveLength(2);
    expect(world.spool.writes).toHaveLength(3);
    expect(run.pipeline.statuses()[0]?.cameraExports[0]?.madeAnew).toEqual({
      ...{ times: 1, reason: outcome.ok ? "" : outcome.error.message },
      lastUtcMs: expect.any(Number),
    });
    expect(world.evidence()).toHaveLength(1);
    expect([world.spool.files.size, world.archive.locks.size]).toEqual([0, 0]);
  });

  test("is locked in the archive again though nothing had to be read any more", async () => {
    const world = new World();
    world.service.hindrance = ({ method }) => (method === "sendFile" ? new Promise(() => undefined) : null);
    const run = await world.started(exportOf([cameraExport("a")]));
    while (!run.seen.has("uploading")) await new Promise((resolve) => setImmediate(resolve));
    run.process.dead = true;
    world.archive.locks.clear();
    let locked = 0;
    world.archive.hindrance = ({ method }) => {
      if (method === "lock") locked += 1;
      return null;
    };
    world.service.hindrance = failing("sendFile", 1);
    const next = world.boot();
    await next.pipeline.resume();
    await next.ended();
    expect([next.kind(), locked, world.spool.writes.length]).toEqual(["available", 1, 2]);
  });

  test("again and again fails the export, with words, and Retry makes it anew", async () => {
    const world = new World();
    world.service.hindrance = failing("sendFile", 4);
    const run = await world.started(exportOf([cameraExport("a")]));
    await run.ended();
    expect(world.spool.writes).toHaveLength(4);
    expect(run.pipeline.statuses()[0]).toMatchObject({
      kind: "failed",
      failure: { code: "SPOOL_FILE_DAMAGED", action: expect.stringContaining("Retry") },
    });
    world.service.hindrance = failing("sendFile", 1);
    expect(run.pipeline.retry("export-1")).toMatchObject({ ok: true });
    await run.ended();
    expect([run.kind(), world.spool.writes.length]).toEqual(["available", 5]);
  });

  test("is made anew for the manifest too, and what is completed names the second", async () => {
    const world = new World();
    world.service.hindrance = failing("sendFile", 1, DAMAGED, isManifest);
    const run = await world.started(exportOf([cameraExport("a")]));
    await run.ended();
    expect(run.kind()).toBe("available");
    expect(world.spool.documents.size).toBe(2);
    expect(world.spool.writes).toHaveLength(1);
    expect(run.pipeline.statuses()[0]?.cameraExports[0]?.madeAnew?.times).toBe(1);
  });

  test("is never left out where the archive no longer has its footage", async () => {
    const world = new World();
    world.service.hindrance = ({ method }) => {
      if (method !== "sendFile") return null;
      world.archive.emptyFromUtcMs.add(NOW - 2 * 3_600_000);
      return Promise.resolve(LOST);
    };
    const run = await world.started(exportOf([cameraExport("a")]));
    await run.ended();
    expect(run.pipeline.statuses()[0]).toMatchObject({ kind: "failed", failure: { code: "FOOTAGE_GONE" } });
    expect(world.evidence()[0]?.completedWith).toBeNull();
  });
});

describe("an evidence that can never become right at the service", () => {
  test("is sent as another one by Retry, read from the archive anew", async () => {
    const world = new World();
    world.service.hindrance = failing("completeEvidence", 1, MISMATCH);
    const run = await world.started(exportOf([cameraExport("a", 2)]));
    await run.ended();
    expect(run.pipeline.statuses()[0]).toMatchObject({
      kind: "failed",
      failure: { code: "CHECKSUM_MISMATCH", action: expect.stringContaining("Retry") },
    });
    expect(run.pipeline.retry("export-1")).toMatchObject({ ok: true });
    await run.ended();
    expect([run.kind(), world.spool.writes.length]).toEqual(["available", 4]);
    expect(world.evidence().map(({ completedWith }) => completedWith?.length)).toEqual([undefined, 2]);
    expect([world.spool.files.size, world.archive.locks.size]).toEqual([0, 0]);
  });

  test("leaves nothing in the spool that was encrypted for an earlier key", async () => {
    const world = new World();
    const wrongKey = portFailed("permanent", { code: "UNKNOWN_KEY", message: "The key is unknown." });
    world.service.hindrance = failing("completeResource", 1, wrongKey);
    const run = await world.started(exportOf([cameraExport("a", 3)]));
    await run.ended();
    const written = world.spool.writes.length;
    run.pipeline.retry("export-1");
    await run.ended();
    expect([run.kind(), world.spool.writes.length]).toEqual(["available", written + 3]);
    expect(world.spool.files.size).toBe(0);
  });
});
