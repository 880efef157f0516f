import { describe, expect, test } from "vitest";
import { portFailed } from "./ports/port-call.ts";
import { cameraExport, exportOf, NEW_CASE, type Run, World } from "./testing/world.ts";
import { turn, until } from "./testing/trouble.ts";

const REFUSED = portFailed("permanent", "REFUSED", "No.");
const PASS = Promise.resolve(null);

/** A trouble that holds up calls of one method until it is released. */
function hold(method: string, subject?: string) {
  const { promise, resolve } = Promise.withResolvers<null>();
  let held = 0;
  return {
    trouble: (event: { method: string; subject: string }) => {
      if (event.method !== method || (subject !== undefined && event.subject !== subject)) return null;
      held += 1;
      return promise;
    },
    held: () => held,
    release: () => resolve(null),
  };
}

async function started(world: World, ...requests: ReturnType<typeof exportOf>[]): Promise<Run> {
  const run = world.boot();
  for (const request of requests) run.pipeline.start(await world.admit(request));
  return run;
}

function evidenceOf(world: World) {
  return [...world.service.evidence.values()];
}

describe("an export from Finish to available", () => {
  test("sends every segment once, completes the evidence, frees lock and spool", async () => {
    const world = new World();
    const run = await started(world, exportOf([cameraExport("a", 3)]));
    await run.ended();
    expect(run.kind()).toBe("available");
    const [evidence] = evidenceOf(world);
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
    world.service.trouble = consolidating.trouble;
    const run = await started(world, exportOf([cameraExport("a")]));
    await until(() => consolidating.held() === 1, "the service is asked for the lifecycle");
    expect([...world.archive.locks.values()]).toEqual([{ cameraId: "a", range: cameraExport("a").range }]);
    consolidating.release();
    await run.ended();
    expect(world.archive.locks.size).toBe(0);
  });

  test("the same request again is the same export", async () => {
    const world = new World();
    const run = await started(world, exportOf([cameraExport("a")]), exportOf([cameraExport("a")]));
    await run.ended();
    expect(run.pipeline.statuses()).toHaveLength(1);
    expect(world.service.evidence.size).toBe(1);
  });
});

describe("limits", () => {
  test("one video is read at a time over all exports", async () => {
    const world = new World();
    const run = await started(
      world,
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
    world.service.trouble = sending.trouble;
    const run = await started(world, exportOf([cameraExport("a", 9), cameraExport("b", 7)]));
    await until(() => world.spool.files.size === 16 && sending.held() === 10, "ten are on their way");
    for (let turns = 0; turns < 20; turns += 1) await turn();
    expect(sending.held()).toBe(10);
    sending.release();
    await run.ended();
    expect(run.kind()).toBe("available");
    expect([...world.service.mostSendingAtOnce.values()]).toEqual([5, 5]);
  });

  test("the next segment is read while the one before is sent", async () => {
    const world = new World();
    const sending = hold("sendFile");
    world.service.trouble = sending.trouble;
    const run = await started(world, exportOf([cameraExport("a", 3)]));
    await until(() => sending.held() > 0 && world.spool.writes.length === 3, "all are read");
    expect(world.service.calls).not.toContain("completeResource");
    sending.release();
    await run.ended();
    expect(run.kind()).toBe("available");
  });

  test("a full spool is waited for and said so", async () => {
    const world = new World();
    world.spool.full = { code: "SPOOL_FULL", message: "The spool is full." };
    const run = await started(world, exportOf([cameraExport("a")]));
    await until(() => run.seen.has("waiting"), "the export waits");
    expect(run.pipeline.statuses()[0]?.failure).toMatchObject({ code: "SPOOL_FULL" });
    expect(world.spool.writes).toEqual([]);
    world.spool.full = null;
    await run.ended();
    expect(run.kind()).toBe("available");
  });
});

describe("the case of an export", () => {
  test("is created once for all its cameras, and their evidence goes into it", async () => {
    const world = new World();
    const cameras = ["a", "b", "c"].map((id) => cameraExport(id));
    const run = await started(world, exportOf(cameras, { caseAssociation: NEW_CASE }));
    await run.ended();
    expect(world.service.calls.filter((call) => call === "createCase")).toHaveLength(1);
    expect(evidenceOf(world).map(({ request }) => request.caseId)).toEqual(Array(3).fill("case-export-1"));
    expect(run.pipeline.statuses()[0]?.caseId).toBe("case-export-1");
  });

  test("that exists is used, none is none", async () => {
    const world = new World();
    const existing = { kind: "existing", caseId: "c-7", caseName: "Theft" } as const;
    const run = await started(
      world,
      exportOf([cameraExport("a")], { caseAssociation: existing }),
      exportOf([cameraExport("b")], { requestId: "export-2" }),
    );
    await run.ended();
    expect(evidenceOf(world).map(({ request }) => request.caseId)).toEqual(["c-7", null]);
    expect(world.service.cases.size).toBe(0);
  });

  test("that is refused fails every camera; Retry creates it", async () => {
    const world = new World();
    world.service.trouble = ({ method }) => (method === "createCase" ? Promise.resolve(REFUSED) : null);
    const cameras = [cameraExport("a"), cameraExport("b")];
    const run = await started(world, exportOf(cameras, { caseAssociation: NEW_CASE }));
    await run.ended();
    expect(run.pipeline.statuses()[0]).toMatchObject({ kind: "failed", failure: { code: "REFUSED" } });
    expect(world.service.evidence.size).toBe(0);
    world.service.trouble = () => null;
    expect(run.pipeline.retry("export-1")).toEqual({ ok: true, value: undefined });
    await run.ended();
    expect(run.kind()).toBe("available");
    expect(world.service.cases.size).toBe(1);
  });

  test("is not created any more for a cancelled export, not even after a restart", async () => {
    const world = new World();
    const creating = hold("createCase");
    world.service.trouble = creating.trouble;
    const run = await started(world, exportOf([cameraExport("a")], { caseAssociation: NEW_CASE }));
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
    const run = await started(world, exportOf([asked]));
    await run.ended();
    expect(run.kind()).toBe("available");
    const kinds = run.pipeline.statuses()[0]?.cameraExports[0]?.segments.map(({ kind }) => kind);
    expect(kinds).toEqual(["verified", "empty", "verified"]);
    expect(evidenceOf(world)[0]?.completedWith).toHaveLength(2);
  });

  test("footage that retention took between Finish and reading makes its part empty", async () => {
    const world = new World();
    const asked = cameraExport("a", 2);
    const entry = await world.admit(exportOf([asked]));
    world.archive.emptyFromUtcMs.add(asked.range.startUtcMs);
    const run = world.boot();
    run.pipeline.start(entry);
    await run.ended();
    expect(run.kind()).toBe("available");
    expect(evidenceOf(world)[0]?.completedWith).toHaveLength(1);
  });

  test("where all of it is gone, nothing is completed and the operator is told", async () => {
    const world = new World();
    const asked = cameraExport("a");
    const entry = await world.admit(exportOf([asked]));
    world.archive.emptyFromUtcMs.add(asked.range.startUtcMs);
    const run = world.boot();
    run.pipeline.start(entry);
    await run.ended();
    expect(run.pipeline.statuses()[0]).toMatchObject({ kind: "failed", failure: { code: "NO_FOOTAGE" } });
    expect(evidenceOf(world)[0]?.completedWith).toBeNull();
  });
});

describe("a segment that fails", () => {
  test("fails its camera export, not the others, and is never left out of the evidence", async () => {
    const world = new World();
    world.spool.trouble = ({ subject }) =>
      Promise.resolve(subject === world.spool.writes[0] ? REFUSED : null);
    const run = await started(world, exportOf([cameraExport("a", 3), cameraExport("b", 2)]));
    await run.ended();
    const [status] = run.pipeline.statuses();
    expect(status?.cameraExports.map(({ kind }) => kind)).toEqual(["failed", "available"]);
    expect(status?.cameraExports[0]?.segments.map(({ kind }) => kind)).toEqual([
      "failed",
      "verified",
      "verified",
    ]);
    expect(evidenceOf(world).map(({ completedWith }) => completedWith?.length)).toEqual([undefined, 2]);
    expect(world.archive.locks.size).toBe(1);
  });

  test("while it is sent keeps its spool file, also over a restart; Retry goes on from there", async () => {
    const world = new World();
    world.service.trouble = ({ method }) => (method === "sendFile" ? Promise.resolve(REFUSED) : null);
    const run = await started(world, exportOf([cameraExport("a")]));
    await run.ended();
    expect(run.kind()).toBe("failed");
    expect(world.spool.files.size).toBe(1);
    const next = world.boot();
    await next.pipeline.resume();
    expect(world.spool.files.size).toBe(1);
    world.service.trouble = () => null;
    next.pipeline.retry("export-1");
    await next.ended();
    expect(next.kind()).toBe("available");
    expect(world.spool.writes).toHaveLength(1);
    expect(world.spool.files.size).toBe(0);
    expect(world.archive.locks.size).toBe(0);
  });

  test("is refused a retry when nothing has failed", async () => {
    const run = await started(new World(), exportOf([cameraExport("a")]));
    await run.ended();
    expect(run.pipeline.retry("export-1")).toMatchObject({ error: { code: "NOTHING_TO_RETRY" } });
    expect(run.pipeline.retry("export-9")).toMatchObject({ error: { code: "UNKNOWN_EXPORT" } });
  });

  test("a mistake of the console's own ends the work as a whole, and Retry takes it up again", async () => {
    const world = new World();
    let mistakes = 1;
    world.spool.trouble = () => {
      mistakes -= 1;
      return mistakes >= 0 ? Promise.reject(new Error("a mistake")) : PASS;
    };
    const run = await started(world, exportOf([cameraExport("a", 3)]));
    await run.ended();
    expect(run.bugs).toHaveLength(1);
    expect(run.pipeline.statuses()[0]).toMatchObject({ kind: "failed", failure: { code: "INTERNAL" } });
    run.pipeline.retry("export-1");
    await run.ended();
    expect(run.kind()).toBe("available");
    expect(evidenceOf(world)[0]?.completedWith).toHaveLength(3);
  });
});

describe("evidence that the service has forgotten", () => {
  test("is created anew under another generation, and what was only there is read again", async () => {
    const world = new World();
    let purged = false;
    world.service.trouble = ({ method }) => {
      if (method === "completeEvidence" && !purged) {
        purged = true;
        world.service.purge();
      }
      return null;
    };
    const run = await started(world, exportOf([cameraExport("a", 2)]));
    await run.ended();
    expect(run.kind()).toBe("available");
    const [evidence] = evidenceOf(world);
    expect(evidence?.request.externalId).toMatch(/-2$/);
    expect(evidence?.completedWith).toHaveLength(2);
    expect(world.spool.writes).toHaveLength(4);
    expect(world.spool.files.size).toBe(0);
    expect(world.archive.locks.size).toBe(0);
  });

  test("again and again fails the export instead of filling the service", async () => {
    const world = new World();
    world.service.trouble = ({ method }) => {
      if (method === "completeEvidence") world.service.purge();
      return null;
    };
    const run = await started(world, exportOf([cameraExport("a")]));
    await run.ended();
    expect(run.pipeline.statuses()[0]).toMatchObject({
      kind: "failed",
      failure: { code: "UNKNOWN_EVIDENCE" },
    });
    expect(world.service.calls.filter((call) => call === "createEvidence")).toHaveLength(2);
  });
});

describe("cancelling", () => {
  test("while reading frees the lock and leaves nothing in the spool", async () => {
    const world = new World();
    world.spool.trouble = hold("write").trouble;
    const run = await started(world, exportOf([cameraExport("a", 2)]));
    await until(() => world.spool.writes.length === 1, "reading has begun");
    expect(await run.pipeline.cancel("export-1")).toMatchObject({ ok: true });
    await run.ended();
    expect(run.kind()).toBe("cancelled");
    expect(world.archive.locks.size).toBe(0);
    expect(world.spool.files.size).toBe(0);
    expect(evidenceOf(world)[0]?.completedWith).toBeNull();
  });

  test("does not wait for another export that is being read", async () => {
    const world = new World();
    const reading = hold("write");
    world.spool.trouble = reading.trouble;
    const run = await started(
      world,
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
    const run = await started(world, exportOf([cameraExport("a")]));
    await run.ended();
    expect(await run.pipeline.cancel("export-1")).toMatchObject({ error: { code: "NOTHING_TO_CANCEL" } });
    expect(run.kind()).toBe("available");
  });

  test("does not end what is being consolidated", async () => {
    const world = new World();
    const consolidating = hold("lifecycle");
    world.service.trouble = consolidating.trouble;
    world.spool.trouble = ({ subject }) =>
      world.spool.writes.indexOf(subject) === 1 ? new Promise(() => undefined) : null;
    const run = await started(world, exportOf([cameraExport("a"), cameraExport("b")]));
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
    world.spool.trouble = hold("write").trouble;
    world.archive.trouble = hold("unlock").trouble;
    const run = await started(world, exportOf([cameraExport("a")]));
    await until(() => world.spool.writes.length === 1, "reading has begun");
    await run.pipeline.cancel("export-1");
    expect(run.kind()).toBe("cancelled");
    expect(world.archive.locks.size).toBe(1);
    await run.pipeline.stop();
    world.archive.trouble = () => null;
    const next = world.boot();
    await next.pipeline.resume();
    await until(() => world.archive.locks.size === 0, "the lock is freed at the next start");
  });
});

describe("dismissing", () => {
  test("is refused while the export runs", async () => {
    const world = new World();
    const reading = hold("write");
    world.spool.trouble = reading.trouble;
    const run = await started(world, exportOf([cameraExport("a")]));
    expect(await run.pipeline.dismiss("export-1")).toMatchObject({ error: { code: "STILL_RUNNING" } });
    reading.release();
    await run.ended();
  });

  test("a failed export gives up its spool file and its lock", async () => {
    const world = new World();
    world.service.trouble = ({ method }) => (method === "sendFile" ? Promise.resolve(REFUSED) : null);
    const run = await started(world, exportOf([cameraExport("a")]));
    await run.ended();
    expect(await run.pipeline.dismiss("export-1")).toMatchObject({ ok: true });
    await until(() => world.archive.locks.size === 0, "the lock is freed");
    expect(world.spool.files.size).toBe(0);
    expect(run.pipeline.statuses()).toEqual([]);
    expect(world.journal.load()).toEqual([]);
  });
});

test("stopping ends at once whatever is waited for, and the next start goes on", async () => {
  const world = new World();
  world.service.trouble = hold("createCase").trouble;
  const cameras = [cameraExport("a", 2), cameraExport("b")];
  const run = await started(world, exportOf(cameras, { caseAssociation: NEW_CASE }));
  await until(() => world.service.calls.includes("createCase"), "the case is asked for");
  await run.pipeline.stop();
  world.service.trouble = () => null;
  const next = world.boot();
  await next.pipeline.resume();
  await next.ended();
  expect(next.kind()).toBe("available");
  expect(world.service.cases.size).toBe(1);
});

test("a service that cannot consolidate fails the export with its reason", async () => {
  const world = new World();
  world.service.lifecycleOfComplete = { kind: "failed", detail: "a file is damaged" };
  const run = await started(world, exportOf([cameraExport("a")]));
  await run.ended();
  expect(run.pipeline.statuses()[0]?.failure).toMatchObject({
    code: "CONSOLIDATION_FAILED",
    message: expect.stringContaining("a file is damaged"),
  });
});
