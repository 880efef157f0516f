import { describe, expect, test } from "vitest";
import { hold, REFUSED, eventLoopTurn, until } from "./testing/hindered-calls.ts";
import { cameraExport, exportOf, NEW_CASE, NOW, World } from "./testing/world.ts";

describe("footage that was recorded just now", () => {
  const justNow = exportOf([{ ...cameraExport("a"), range: { startUtcMs: NOW - 60_000, endUtcMs: NOW } }]);

  /** A world whose pauses last until they are ended, and what they were to last. */
  function standing() {
    const world = new World();
    const pauses: number[] = [];
    const pause = (ms: number, signal: AbortSignal) => {
      if (ms <= 0 || signal.aborted) return Promise.resolve();
      pauses.push(ms);
      return new Promise<void>((resolve) =>
        signal.addEventListener("abort", () => resolve(), { once: true }),
      );
    };
    Object.assign(world.clock, { pause });
    return { world, pauses };
  }

  test("is read at once after the machine has slept meanwhile, and not before it is indexed in another network", async () => {
    const { world, pauses } = standing();
    const run = await world.started(justNow);
    await until(() => pauses.length === 1, "it waits for the archive's index");
    run.pipeline.goOn();
    await until(() => pauses.length === 2, "another network: it waits on");
    expect(world.spool.writes).toEqual([]);
    world.nowMs += 15 * 60_000;
    run.pipeline.goOn();
    await until(() => world.spool.writes.length === 1, "it is read");
    await run.pipeline.stop();
  });

  test.each([90_000, -90_000])(
    "is waited for by a clock of the archive that is %i ms ahead",
    async (aheadMs) => {
      const { world, pauses } = standing();
      world.archiveAheadMs = aheadMs;
      const endUtcMs = NOW + aheadMs - 5_000;
      const range = { startUtcMs: endUtcMs - 60_000, endUtcMs };
      const run = await world.started(exportOf([{ ...cameraExport("a"), range }]));
      await until(() => pauses.length === 1, "it waits for the archive's index");
      expect(pauses).toEqual([7_000]);
      await run.pipeline.stop();
    },
  );

  test("is not waited for any longer because the clock was set back", async () => {
    const { world, pauses } = standing();
    const entry = await world.admit(justNow);
    world.nowMs -= 10 * 60_000;
    const run = world.boot();
    run.pipeline.start(entry);
    await until(() => pauses.length === 1, "it waits for the archive's index");
    expect(pauses).toEqual([12_000]);
    await run.pipeline.stop();
  });
});

describe("an export from Finish to available", () => {
  test("of which blanks were entered as its name is called as its camera", async () => {
    const world = new World();
    const run = await world.started(exportOf([{ ...cameraExport("a"), name: " \u00A0\u3000" }]));
    await run.ended();
    expect(world.evidence()[0]?.request.name).toBe("Camera a");
    expect(run.pipeline.statuses()[0]?.cameraExports[0]?.name).toBe("");
  });

  test("sends every segment once, completes the evidence, frees lock and spool", async () => {
    const world = new World();
    const run = await world.started(exportOf([cameraExport("a", 3)]));
    await run.ended();
    expect(run.kind()).toBe("available");
    const [evidence] = world.evidence();
    expect(evidence?.completedWith).toHaveLength(3);
    expect(evidence?.request.name).toBe("Camera a");
    expect(world.spool.writes).toHaveLength(3);
    expect(world.spool.files.size).toBe(0);
    expect(world.archive.locks.size).toBe(0);
    expect(run.bugs).toEqual([]);
    expect(run.seen).toEqual(new Set(["queued", "exporting", "uploading", "consolidating", "available"]));
  });

  test("locks the footage before it reads and keeps it locked until the service has it", async () => {
    const world = new World();
    const consolidating = hold("lifecycle");
    world.service.hindrance = consolidating.hindrance;
    const run = await world.started(exportOf([cameraExport("a")]));
    await until(() => consolidating.held() === 1, "the service is asked for the lifecycle");
    expect([...world.archive.locks.values()]).toEqual([{ cameraId: "a", range: cameraExport("a").range }]);
    consolidating.release();
    await run.ended();
    expect(world.archive.locks.size).toBe(0);
  });

  test("the same request again is the same export", async () => {
    const world = new World();
    const run = await world.started(exportOf([cameraExport("a")]), exportOf([cameraExport("a")]));
    await run.ended();
    expect(run.pipeline.statuses()).toHaveLength(1);
    expect(world.service.evidence.size).toBe(1);
  });
});

describe("limits", () => {
  test("one video is read at a time over all exports", async () => {
    const world = new World();
    const run = await world.started(
      exportOf([cameraExport("a", 4), cameraExport("b", 4)]),
      exportOf([cameraExport("a", 4)], { requestId: "export-2" }),
    );
    await run.ended();
    expect(world.spool.writes).toHaveLength(12);
    expect(world.spool.mostWritingAtOnce).toBe(1);
  });

  test("at most five segments of a camera export are sent at a time, of several cameras five each", async () => {
    const world = new World();
    const sending = hold("sendFile");
    world.service.hindrance = sending.hindrance;
    const run = await world.started(exportOf([cameraExport("a", 9), cameraExport("b", 7)]));
    await until(() => world.spool.files.size === 16 && sending.held() === 10, "ten are on their way");
    for (let turns = 0; turns < 20; turns += 1) await eventLoopTurn();
    expect(sending.held()).toBe(10);
    sending.release();
    await run.ended();
    expect(run.kind()).toBe("available");
    expect([...world.service.mostSendingAtOnce.values()]).toEqual([5, 5]);
  });

  test("the next segment is read while the one before is sent", async () => {
    const world = new World();
    const sending = hold("sendFile");
    world.service.hindrance = sending.hindrance;
    const run = await world.started(exportOf([cameraExport("a", 3)]));
    await until(() => sending.held() > 0 && world.spool.writes.length === 3, "all are read");
    expect(world.service.calls).not.toContain("completeResource");
    sending.release();
    await run.ended();
    expect(run.kind()).toBe("available");
  });
});

describe("the case of an export", () => {
  test("is created once for all its cameras, and their evidence goes into it", async () => {
    const world = new World();
    const cameras = ["a", "b", "c"].map((id) => cameraExport(id));
    const run = await world.started(exportOf(cameras, { caseAssociation: NEW_CASE }));
    await run.ended();
    expect(world.service.calls.filter((call) => call === "createCase")).toHaveLength(1);
    expect(world.evidence().map(({ request }) => request.caseId)).toEqual(Array(3).fill("case-export-1"));
    expect(run.pipeline.statuses()[0]?.caseId).toBe("case-export-1");
    expect(world.service.casesAskedBy).toEqual(["operator"]);
    expect(world.evidence().map(({ request }) => request.askedBy)).toEqual(Array(3).fill("operator"));
  });

  test("that exists is used, none is none", async () => {
    const world = new World();
    const existing = { kind: "existing", caseId: "c-7", caseName: "Theft" } as const;
    const run = await world.started(
      exportOf([cameraExport("a")], { caseAssociation: existing }),
      exportOf([cameraExport("b")], { requestId: "export-2" }),
    );
    await run.ended();
    expect(world.evidence().map(({ request }) => request.caseId)).toEqual(["c-7", null]);
    expect(world.service.cases.size).toBe(0);
  });

  test("that is refused fails every camera; Retry creates it", async () => {
    const world = new World();
    world.service.hindrance = ({ method }) => (method === "createCase" ? Promise.resolve(REFUSED) : null);
    const cameras = [cameraExport("a"), cameraExport("b")];
    const run = await world.started(exportOf(cameras, { caseAssociation: NEW_CASE }));
    await run.ended();
    expect(run.pipeline.statuses()[0]).toMatchObject({ kind: "failed", failure: { code: "REFUSED" } });
    expect(world.service.evidence.size).toBe(0);
    world.service.hindrance = () => null;
    expect(run.pipeline.retry("export-1")).toEqual({ ok: true, value: undefined });
    await run.ended();
    expect(run.kind()).toBe("available");
    expect(world.service.cases.size).toBe(1);
  });

  test("is not created any more for a cancelled export, not even after a restart", async () => {
    const world = new World();
    const creating = hold("createCase");
    world.service.hindrance = creating.hindrance;
    const run = await world.started(exportOf([cameraExport("a")], { caseAssociation: NEW_CASE }));
    await until(() => creating.held() === 1, "the case is asked for");
    expect(await run.pipeline.cancel("export-1")).toMatchObject({ ok: true });
    creating.release();
    await run.ended();
    const next = world.boot();
    await next.pipeline.resume();
    await next.ended();
    expect(next.kind()).toBe("cancelled");
    expect(world.service.cases.size).toBe(0);
  });
});

describe("parts without footage", () => {
  test("an hour without a frame is empty and the rest is sent", async () => {
    const world = new World();
    const asked = cameraExport("a", 3);
    world.archive.emptyFromUtcMs.add(asked.range.startUtcMs + 3_600_000);
    const run = await world.started(exportOf([asked]));
    await run.ended();
    expect(run.kind()).toBe("available");
    const kinds = run.pipeline.statuses()[0]?.cameraExports[0]?.segments.map(({ kind }) => kind);
    expect(kinds).toEqual(["verified", "empty", "verified"]);
    expect(world.evidence()[0]?.completedWith).toHaveLength(2);
  });
});
