import { describe, expect, test } from "vitest";
import { hold, REFUSED, eventLoopTurn, until } from "./testing/hindered-calls.ts";
import { cameraExport, exportOf, World } from "./testing/world.ts";

describe("a segment that fails", () => {
  test("fails its camera export, not the others, and is never left out of the evidence", async () => {
    const world = new World();
    world.spool.hindrance = ({ subject }) =>
      Promise.resolve(subject === world.spool.writes[0] ? REFUSED : null);
    const run = await world.started(exportOf([cameraExport("a", 3), cameraExport("b", 2)]));
    await run.ended();
    const [status] = run.pipeline.statuses();
    expect(status?.cameraExports.map(({ kind }) => kind)).toEqual(["failed", "available"]);
    expect(status?.cameraExports[0]?.segments.map(({ kind }) => kind)).toEqual([
      "failed",
      "queued",
      "queued",
    ]);
    expect(world.evidence().map(({ completedWith }) => completedWith?.length)).toEqual([undefined, 2]);
    expect(world.archive.locks.size).toBe(1);
  });

  test("while it is sent keeps its spool file, also over a restart; Retry goes on from there", async () => {
    const world = new World();
    world.service.hindrance = ({ method }) => (method === "sendFile" ? Promise.resolve(REFUSED) : null);
    const run = await world.started(exportOf([cameraExport("a")]));
    await run.ended();
    expect(run.kind()).toBe("failed");
    expect(world.spool.files.size).toBe(1);
    const next = world.boot();
    await next.pipeline.resume();
    expect(world.spool.files.size).toBe(1);
    world.service.hindrance = () => null;
    next.pipeline.retry("export-1");
    await next.ended();
    expect(next.kind()).toBe("available");
    expect(world.spool.writes).toHaveLength(1);
    expect(world.spool.files.size).toBe(0);
    expect(world.archive.locks.size).toBe(0);
  });

  test("is refused a retry when nothing has failed", async () => {
    const run = await new World().started(exportOf([cameraExport("a")]));
    await run.ended();
    expect(run.pipeline.retry("export-1")).toMatchObject({ error: { code: "NOTHING_TO_RETRY" } });
    expect(run.pipeline.retry("export-9")).toMatchObject({ error: { code: "UNKNOWN_EXPORT" } });
  });

  test("a mistake of the console's own ends the work as a whole, and Retry takes it up again", async () => {
    const world = new World();
    let mistakes = 1;
    world.spool.hindrance = ({ method }) => {
      if (method !== "write") return null;
      mistakes -= 1;
      return mistakes >= 0 ? Promise.reject(new Error("a mistake")) : null;
    };
    const run = await world.started(exportOf([cameraExport("a", 3)]));
    await run.ended();
    expect(run.bugs).toHaveLength(1);
    expect(run.pipeline.statuses()[0]).toMatchObject({ kind: "failed", failure: { code: "INTERNAL" } });
    run.pipeline.retry("export-1");
    await run.ended();
    expect(run.kind()).toBe("available");
    expect(world.evidence()[0]?.completedWith).toHaveLength(3);
  });
});

test("a mistake with one part ends the sending of the others at once, and only then is it said", async () => {
  const world = new World();
  const sending = hold("sendFile");
  world.service.hindrance = sending.hindrance;
  world.spool.hindrance = ({ method, subject }) =>
    method === "write" && world.spool.writes.indexOf(subject) === 1
      ? Promise.reject(new Error("a mistake"))
      : null;
  const run = await world.started(exportOf([cameraExport("a", 3)]));
  await run.ended();
  expect(run.pipeline.statuses()[0]).toMatchObject({ kind: "failed", failure: { code: "INTERNAL" } });
  expect(run.bugs).toHaveLength(1);
  const kinds = run.pipeline.statuses()[0]?.cameraExports[0]?.segments.map(({ kind }) => kind);
  expect(kinds).toEqual(["spooled", "queued", "queued"]);
  world.service.hindrance = world.spool.hindrance = () => null;
  run.pipeline.retry("export-1");
  await run.ended();
  expect(run.kind()).toBe("available");
  expect(world.spool.writes).toHaveLength(4);
});

describe("evidence that the service has forgotten", () => {
  test("is created anew under another generation, and what was only there is read again", async () => {
    const world = new World();
    let purged = false;
    world.service.hindrance = ({ method }) => {
      if (method === "completeEvidence" && !purged) {
        purged = true;
        world.service.purge();
      }
      return null;
    };
    const run = await world.started(exportOf([cameraExport("a", 2)]));
    await run.ended();
    expect(run.kind()).toBe("available");
    const [evidence] = world.evidence();
    expect(evidence?.request.externalId).toMatch(/-2$/);
    expect(evidence?.completedWith).toHaveLength(2);
    expect(world.spool.writes).toHaveLength(4);
    expect(world.spool.files.size).toBe(0);
    expect(world.archive.locks.size).toBe(0);
  });

  /** Forgets every evidence that should be completed. */
  function forgetful(): World {
    const world = new World();
    world.service.hindrance = ({ method }) => {
      if (method === "completeEvidence") world.service.purge();
      return null;
    };
    return world;
  }

  function created(world: World): number {
    return world.service.calls.filter((call) => call === "createEvidence").length;
  }

  test("says how often it was started over and why, to the operator and to the journal", async () => {
    const world = forgetful();
    const run = await world.started(exportOf([cameraExport("a")]));
    await run.ended();
    const told = {
      wasRestored: false,
      times: 4,
      lastUtcMs: expect.any(Number),
      reason: expect.stringContaining("does not know"),
    };
    expect(run.pipeline.statuses()[0]?.cameraExports[0]?.startedOver).toEqual(told);
    const [entry] = world.journal.load();
    expect(entry?.cameraExports[0]?.record.startedOver).toMatchObject({
      times: 4,
      inVain: 3,
      mostConfirmedBytes: 128,
    });
  });

  test("three times in a row without a byte more than before fails the export, and Retry gives it three more", async () => {
    const world = forgetful();
    const run = await world.started(exportOf([cameraExport("a")]));
    await run.ended();
    expect(run.pipeline.statuses()[0]).toMatchObject({
      kind: "failed",
      failure: { code: "EVIDENCE_FORGOTTEN_AGAIN", action: expect.stringContaining("shorter") },
    });
    expect(created(world)).toBe(4);
    world.service.hindrance = () => null;
    run.pipeline.retry("export-1");
    await run.ended();
    expect(run.kind()).toBe("available");
    expect(created(world)).toBe(5);
  });

  test("counts over restarts of the console", async () => {
    const world = forgetful();
    let run = await world.started(exportOf([cameraExport("a")]));
    const times = () => run.pipeline.statuses()[0]?.cameraExports[0]?.startedOver?.times ?? 0;
    for (let restarts = 0; restarts < 3; restarts += 1) {
      await until(() => times() > restarts, "another start");
      await run.pipeline.stop();
      run = world.boot();
      await run.pipeline.resume();
    }
    await run.ended();
    expect(run.kind()).toBe("failed");
    expect(times()).toBe(4);
  });

  test("does not make the bytes that are shown run back, neither now nor after a restart", async () => {
    const world = new World();
    let purges = 0;
    world.service.hindrance = ({ method }) => {
      if (method === "completeEvidence" && purges++ < 2) world.service.purge();
      return null;
    };
    const run = await world.started(exportOf([cameraExport("a", 3)]));
    const shown: number[] = [];
    const look = ({ pipeline }: typeof run) => shown.push(pipeline.statuses()[0]?.doneBytes ?? 0);
    const again: boolean[] = [];
    while (run.kind() !== "available" && purges < 2) {
      look(run);
      again.push(run.pipeline.statuses()[0]?.cameraExports[0]?.isAgain ?? false);
      await eventLoopTurn();
    }
    await run.pipeline.stop();
    const second = world.boot();
    look(second);
    await second.pipeline.resume();
    look(second);
    await second.ended();
    look(second);
    expect(second.kind()).toBe("available");
    expect(shown).toEqual(shown.toSorted((one, other) => one - other));
    expect(shown.at(-1)).toBe(300);
    expect(again).toContain(true);
  });

  test("does not make them run back by a power cut after it either", async () => {
    const world = new World();
    const held = hold("createEvidence");
    world.service.hindrance = (event) => {
      if (event.method === "completeEvidence") {
        world.service.purge();
        world.service.hindrance = held.hindrance;
      }
      return null;
    };
    const run = await world.started(exportOf([cameraExport("a", 3)]));
    const shown = ({ pipeline }: typeof run) => pipeline.statuses()[0];
    await until(() => shown(run)?.cameraExports[0]?.startedOver?.times === 1, "it is started over");
    expect(shown(run)?.doneBytes).toBe(300);
    run.process.dead = true;
    const second = world.boot();
    expect(shown(second)?.doneBytes).toBe(300);
    world.service.hindrance = () => null;
    await second.pipeline.resume();
    await second.ended();
    expect(second.kind()).toBe("available");
  });
});

test.each(["stopped", "killed"])(
  "an upload that a console has in hand that is %s is not shown as less at the next start",
  async (how) => {
    const world = new World();
    world.service.sentBeforeHindrance = [0, 100];
    world.service.hindrance = hold("sendFile").hindrance;
    const run = await world.started(exportOf([cameraExport("a")]));
    const shown = ({ pipeline }: typeof run) => pipeline.statuses()[0]?.doneBytes ?? 0;
    await until(() => shown(run) > 50, "most of it is sent");
    const before = shown(run);
    if (how === "stopped") await run.pipeline.stop();
    run.process.dead = true;
    const second = world.boot();
    expect(shown(second)).toBe(before);
    world.service.sentBeforeHindrance = [0];
    await second.pipeline.resume();
    await until(() => second.pipeline.statuses()[0]?.cameraExports[0]?.isAgain === true, "it is sent again");
    expect(shown(second)).toBe(before);
  },
);

test("a service that cannot consolidate fails the export with its reason", async () => {
  const world = new World();
  world.service.lifecycleOfComplete = { kind: "failed", detail: "a file is damaged" };
  const run = await world.started(exportOf([cameraExport("a")]));
  await run.ended();
  expect(run.pipeline.statuses()[0]?.failure).toMatchObject({
    code: "CONSOLIDATION_FAILED",
    message: expect.stringContaining("a file is damaged"),
  });
});
