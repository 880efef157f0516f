import { describe, expect, test } from "vitest";
import { isUnfinished } from "#shared/domain/export-status.ts";
import { hold, REFUSED, until } from "./testing/hindered-calls.ts";
import { cameraExport, exportOf, NEW_CASE, World } from "./testing/world.ts";

describe("cancelling", () => {
  test("while reading frees the lock and leaves nothing in the spool", async () => {
    const world = new World();
    world.spool.hindrance = hold("write").hindrance;
    const run = await world.started(exportOf([cameraExport("a", 2)]));
    await until(() => world.spool.writes.length === 1, "reading has begun");
    expect(await run.pipeline.cancel("export-1")).toMatchObject({ ok: true });
    await run.ended();
    expect(run.kind()).toBe("cancelled");
    expect(world.archive.locks.size).toBe(0);
    expect(world.spool.files.size).toBe(0);
    expect(world.evidence()[0]?.completedWith).toBeNull();
  });

  test("does not wait for another export that is being read", async () => {
    const world = new World();
    const reading = hold("write");
    world.spool.hindrance = reading.hindrance;
    const run = await world.started(
      exportOf([cameraExport("a")]),
      exportOf([cameraExport("b")], { requestId: "export-2" }),
    );
    await until(() => world.spool.writes.length === 1 && world.service.evidence.size === 2, "a is read");
    expect(await run.pipeline.cancel("export-2")).toMatchObject({ ok: true });
    expect(run.kind("export-2")).toBe("cancelled");
    reading.release();
    await run.ended();
    expect(run.kind("export-1")).toBe("available");
    expect(world.spool.writes).toHaveLength(1);
  });

  test("leaves a camera alone whose evidence is complete", async () => {
    const world = new World();
    const run = await world.started(exportOf([cameraExport("a")]));
    await run.ended();
    expect(await run.pipeline.cancel("export-1")).toMatchObject({ error: { code: "NOTHING_TO_CANCEL" } });
    expect(run.kind()).toBe("available");
  });

  test("does not end what is being consolidated", async () => {
    const world = new World();
    const consolidating = hold("lifecycle");
    world.service.hindrance = consolidating.hindrance;
    world.spool.hindrance = ({ subject }) =>
      world.spool.writes.indexOf(subject) === 1 ? new Promise(() => undefined) : null;
    const run = await world.started(exportOf([cameraExport("a"), cameraExport("b")]));
    await until(() => consolidating.held() === 1 && world.spool.writes.length === 2, "a is consolidated");
    await run.pipeline.cancel("export-1");
    consolidating.release();
    await run.ended();
    const kinds = run.pipeline.statuses()[0]?.cameraExports.map(({ kind }) => kind);
    expect(kinds).toEqual(["available", "cancelled"]);
    expect(world.archive.locks.size).toBe(0);
  });

  test("an archive that is away does not make a cancelled export wait", async () => {
    const world = new World();
    world.spool.hindrance = hold("write").hindrance;
    world.archive.hindrance = hold("unlock").hindrance;
    const run = await world.started(exportOf([cameraExport("a")]));
    await until(() => world.spool.writes.length === 1, "reading has begun");
    await run.pipeline.cancel("export-1");
    expect(run.kind()).toBe("cancelled");
    expect(world.archive.locks.size).toBe(1);
    await run.pipeline.stop();
    world.archive.hindrance = () => null;
    const next = world.boot();
    await next.pipeline.resume();
    await until(() => world.archive.locks.size === 0, "the lock is freed at the next start");
  });
});

describe("dismissing", () => {
  test("is refused while the export runs", async () => {
    const world = new World();
    const reading = hold("write");
    world.spool.hindrance = reading.hindrance;
    const run = await world.started(exportOf([cameraExport("a")]));
    expect(await run.pipeline.dismiss("export-1")).toMatchObject({ error: { code: "STILL_RUNNING" } });
    reading.release();
    await run.ended();
  });

  test("is refused while one camera has failed and another goes on; then it can be cancelled", async () => {
    const world = new World();
    const sending = hold("sendFile");
    let isFirst = true;
    world.service.hindrance = (event) => {
      if (event.method !== "sendFile" || !isFirst) return sending.hindrance(event);
      isFirst = false;
      return Promise.resolve(REFUSED);
    };
    const run = await world.started(exportOf([cameraExport("a"), cameraExport("b")]));
    await until(() => run.kind() === "failed" && sending.held() === 1, "one has failed, the other is sent");
    expect(run.pipeline.statuses().some(isUnfinished)).toBe(true);
    expect(await run.pipeline.dismiss("export-1")).toMatchObject({ error: { code: "STILL_RUNNING" } });
    expect(await run.pipeline.cancel("export-1")).toMatchObject({ ok: true });
    expect(await run.pipeline.dismiss("export-1")).toMatchObject({ ok: true });
  });

  test("an export that the service has as a whole leaves the list, though that service never answers again", async () => {
    const world = new World();
    world.service.hindrance = hold("lifecycle").hindrance;
    const run = await world.started(exportOf([cameraExport("a")]));
    await until(() => run.kind() === "consolidating", "everything is sent");
    expect(run.pipeline.statuses()[0]?.cameraExports[0]?.isSent).toBe(true);
    expect(await run.pipeline.cancel("export-1")).toMatchObject({ error: { code: "NOTHING_TO_CANCEL" } });
    expect(await run.pipeline.dismiss("export-1")).toMatchObject({ ok: true });
    await until(() => world.archive.locks.size === 0, "the lock is freed");
    expect(run.pipeline.statuses()).toEqual([]);
    expect(world.journal.load()).toEqual([]);
  });

  test("a failed export gives up its spool file and its lock", async () => {
    const world = new World();
    world.service.hindrance = ({ method }) => (method === "sendFile" ? Promise.resolve(REFUSED) : null);
    const run = await world.started(exportOf([cameraExport("a")]));
    await run.ended();
    expect(await run.pipeline.dismiss("export-1")).toMatchObject({ ok: true });
    await until(() => world.archive.locks.size === 0, "the lock is freed");
    expect(world.spool.files.size).toBe(0);
    expect(run.pipeline.statuses()).toEqual([]);
    expect(world.journal.load()).toEqual([]);
  });

  test.each(["killed", "stopped"])(
    "a failed export while the archive is away frees its lock at the next start, though the console was %s before",
    async (how) => {
      const world = new World();
      world.service.hindrance = ({ method }) => (method === "sendFile" ? Promise.resolve(REFUSED) : null);
      const run = await world.started(exportOf([cameraExport("a"), cameraExport("b")]));
      await run.ended();
      world.archive.hindrance = hold("unlock").hindrance;
      expect(await run.pipeline.dismiss("export-1")).toMatchObject({ ok: true });
      expect(world.archive.locks.size).toBe(2);
      if (how === "killed") run.process.dead = true;
      else await run.pipeline.stop();
      world.archive.hindrance = () => null;
      await world.boot().pipeline.resume();
      await until(() => world.archive.locks.size === 0, "the locks are freed at the next start");
      await until(() => world.journal.owedLocks().length === 0, "and not asked for at the start after that");
    },
  );

  test("what became available while the archive was away owes its lock as well", async () => {
    const world = new World();
    world.archive.hindrance = hold("unlock").hindrance;
    const run = await world.started(exportOf([cameraExport("a")]));
    await until(() => run.kind() === "available", "it is available, and unlocking hangs");
    expect(await run.pipeline.dismiss("export-1")).toMatchObject({ ok: true });
    run.process.dead = true;
    world.archive.hindrance = () => null;
    await world.boot().pipeline.resume();
    await until(() => world.archive.locks.size === 0, "the lock is freed at the next start");
  });
});

test("stopping ends at once whatever is waited for, and the next start goes on", async () => {
  const world = new World();
  world.service.hindrance = hold("createCase").hindrance;
  const cameras = [cameraExport("a", 2), cameraExport("b")];
  const run = await world.started(exportOf(cameras, { caseAssociation: NEW_CASE }));
  await until(() => world.service.calls.includes("createCase"), "the case is asked for");
  await run.pipeline.stop();
  world.service.hindrance = () => null;
  const next = world.boot();
  await next.pipeline.resume();
  await next.ended();
  expect(next.kind()).toBe("available");
  expect(world.service.cases.size).toBe(1);
});
