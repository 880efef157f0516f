import { describe, expect, test } from "vitest";
import { eventLoopTurn } from "./testing/hindered-calls.ts";
import { cameraExport, exportOf, NEW_CASE, type Run, World } from "./testing/world.ts";

const REQUEST = exportOf([cameraExport("a", 3), cameraExport("b")], { caseAssociation: NEW_CASE });

/** The service has each camera's footage whole, in the export's case, and the console says so. */
function expectAllThere(world: World, run: Run): void {
  expect([run.kind(), run.bugs]).toEqual(["available", []]);
  const complete = world.evidence().filter(({ completedWith }) => completedWith !== null);
  expect(complete.map(({ request }) => request.cameraId).toSorted()).toEqual(["a", "b"]);
  for (const { request, resources, manifests, completedWith } of complete) {
    expect([resources.size, manifests.size]).toEqual([request.cameraId === "a" ? 3 : 1, 1]);
    expect(completedWith).toHaveLength(resources.size);
    expect(world.service.cases.size).toBe(1);
  }
  expect([world.spool.files.size, world.archive.locks.size]).toEqual([0, 0]);
}

/** Calls `act` before the call of this number that the service gets; numbers begin with 1. */
function beforeCall(world: World, acts: ReadonlyMap<number, () => void>): void {
  let calls = 0;
  world.service.hindrance = () => {
    calls += 1;
    acts.get(calls)?.();
    return null;
  };
}

async function callsOfAWholeRun(): Promise<number> {
  const world = new World();
  const run = await world.started(REQUEST);
  await run.ended();
  expectAllThere(world, run);
  return world.service.calls.length;
}

const calls = await callsOfAWholeRun();
const moments = Array.from({ length: calls }, (_, index) => index + 1);

describe("a service that is restored from a backup", () => {
  test.each(moments)("made before call %i of an export that ended, has all of it again", async (moment) => {
    const world = new World();
    let restore = world.service.backup();
    beforeCall(world, new Map([[moment, () => (restore = world.service.backup())]]));
    const run = await world.started(REQUEST);
    await run.ended();
    restore();
    await run.pipeline.lookForRestorations();
    await run.ended();
    expectAllThere(world, run);
  });

  const pairs = moments.flatMap((made) =>
    moments.filter((at) => at > made && (at - made) % 3 === 1).map((at) => ({ made, at })),
  );
  test.each(pairs)(
    "made before call $made, and restored before call $at, lets no export fail",
    async ({ made, at }) => {
      const world = new World();
      let restore = world.service.backup();
      beforeCall(
        world,
        new Map([
          [made, () => (restore = world.service.backup())],
          [at, () => restore()],
        ]),
      );
      const run = await world.started(REQUEST);
      await run.ended();
      await run.pipeline.lookForRestorations();
      await run.ended();
      expect(run.seen).not.toContain("failed");
      expectAllThere(world, run);
    },
  );

  test("says on the card that it was restored, and does nothing when it is asked again", async () => {
    const world = new World();
    const restore = world.service.backup();
    const run = await world.started(REQUEST);
    await run.ended();
    restore();
    await run.pipeline.lookForRestorations();
    await run.ended();
    const [status] = run.pipeline.statuses();
    expect(status?.cameraExports.map(({ startedOver }) => startedOver)).toEqual(
      [0, 1].map(() => expect.objectContaining({ times: 1, wasRestored: true })),
    );
    const before = world.service.calls.length;
    await run.pipeline.lookForRestorations();
    await world.boot().ended();
    expect(world.service.calls).toHaveLength(before);
  });

  test("is looked at again when it is restored again, from the same backup", async () => {
    const world = new World();
    const restore = world.service.backup();
    const run = await world.started(REQUEST);
    await run.ended();
    for (const times of [1, 2]) {
      restore();
      await run.pipeline.lookForRestorations();
      await run.ended();
      expectAllThere(world, run);
      expect(run.pipeline.statuses()[0]?.cameraExports[0]?.startedOver?.times).toBe(times);
    }
  });

  test("brings back what was taken off the list and is missing, and leaves off it what is there", async () => {
    const world = new World();
    const run = await world.started(exportOf([cameraExport("a")], { requestId: "kept" }));
    await run.ended();
    const restore = world.service.backup();
    run.pipeline.start(await world.admit(exportOf([cameraExport("b")], { requestId: "missing" })));
    await run.ended();
    for (const id of ["kept", "missing"]) expect(await run.pipeline.dismiss(id)).toMatchObject({ ok: true });
    restore();
    const next = world.boot();
    await next.pipeline.resume();
    await next.pipeline.lookForRestorations();
    await next.ended();
    expect(next.pipeline.statuses().map(({ exportId, kind }) => [exportId, kind])).toEqual([
      ["missing", "available"],
    ]);
    expect(world.evidence()).toHaveLength(2);
    expect([world.journal.owedLocks(), world.archive.locks.size]).toEqual([[], 0]);
  });

  test("keeps footage locked that is read again, though the unlocking of before had not got through", async () => {
    const world = new World();
    const restore = world.service.backup();
    let isArchiveAway = true;
    const unlock = world.archive.unlock.bind(world.archive);
    world.archive.unlock = async (id, call) => {
      while (isArchiveAway && !call.signal.aborted) await eventLoopTurn();
      return await unlock(id, call);
    };
    const run = await world.started(exportOf([cameraExport("a")]));
    while (run.kind() !== "available") await eventLoopTurn();
    restore();
    const looked = run.pipeline.lookForRestorations();
    while (run.kind() === "available") await eventLoopTurn();
    isArchiveAway = false;
    await looked;
    await run.ended();
    expect([run.kind(), world.archive.locks.size]).toEqual(["available", 0]);
  });

  test("is a failure that is shown where the archive has not got the footage any more", async () => {
    const world = new World();
    const restore = world.service.backup();
    const run = await world.started(exportOf([cameraExport("a")]));
    await run.ended();
    world.archive.emptyFromUtcMs.add(cameraExport("a").range.startUtcMs);
    restore();
    await run.pipeline.lookForRestorations();
    await run.ended();
    expect(run.kind()).toBe("failed");
    expect(run.pipeline.statuses()[0]?.cameraExports[0]?.startedOver?.wasRestored).toBe(true);
  });

  test("finds the rest after the console was killed in between, at whatever moment", async () => {
    const small = exportOf([cameraExport("b")], { caseAssociation: NEW_CASE });
    for (let atEffect = 1; ; atEffect += 2) {
      const world = new World();
      const restore = world.service.backup();
      const run = await world.started(small);
      await run.ended();
      restore();
      const killed = world.boot({ atEffect, moment: "after" });
      void killed.pipeline.resume();
      await Promise.race([killed.pipeline.lookForRestorations().then(() => killed.ended()), dead(killed)]);
      const hasDied = killed.process.dead;
      killed.process.dead = true;
      const next = world.boot();
      await next.pipeline.resume();
      await next.pipeline.lookForRestorations();
      await next.ended();
      expect([next.kind(), world.evidence().map(({ completion }) => completion === null)]).toEqual([
        "available",
        [false],
      ]);
      if (!hasDied) break;
    }
  });
});

async function dead({ process }: Run): Promise<void> {
  while (!process.dead) await eventLoopTurn();
}
