import { describe, expect, test } from "vitest";
import type { Death } from "./testing/killable-process.ts";
import { cameraExport, exportOf, NEW_CASE, World } from "./testing/world.ts";
import { hold, REFUSED, until } from "./testing/hindered-calls.ts";

/** Two cameras, four segments of which one is empty, one new case. */
const FIRST = cameraExport("a", 3);
const REQUEST = exportOf([FIRST, cameraExport("b")], { caseAssociation: NEW_CASE });

async function worldWithOneRun(death: Death | null) {
  const world = new World();
  world.archive.emptyFromUtcMs.add(FIRST.range.startUtcMs + 3_600_000);
  const entry = await world.admit(REQUEST);
  const run = world.boot(death);
  let accepted = true;
  try {
    run.pipeline.start(entry);
  } catch {
    accepted = world.journal.load().length > 0;
  }
  await run.ended();
  return { world, run, accepted };
}

function expectSentOnce(world: World): void {
  expect(world.service.cases.size).toBe(1);
  const evidence = world.evidence();
  expect(evidence.map(({ request }) => request.cameraId).toSorted()).toEqual(["a", "b"]);
  for (const { request, resources, manifests, completedWith } of evidence) {
    expect(request.caseId).toBe("case-export-1");
    expect(resources.size).toBe(request.cameraId === "a" ? 2 : 1);
    expect([...manifests.values()].map(({ completed }) => completed)).toEqual([true]);
    expect([...resources.values()].every(({ completed }) => completed)).toBe(true);
    const stored = [...resources.values()].map(({ resourceId, stored: spooled }) => ({
      resourceId,
      sha512: spooled?.file.ciphertextSha512,
    }));
    expect(completedWith?.toSorted(byResource)).toEqual(stored.toSorted(byResource));
  }
}

function byResource(a: { resourceId: string }, b: { resourceId: string }): number {
  return a.resourceId.localeCompare(b.resourceId);
}

async function effectsOfAWholeRun(): Promise<number> {
  const { world, run } = await worldWithOneRun(null);
  expect(run.kind()).toBe("available");
  expectSentOnce(world);
  return run.process.effects;
}

const effects = await effectsOfAWholeRun();
const deaths = Array.from({ length: effects }, (_, index) => index + 1).flatMap((atEffect): Death[] => [
  { atEffect, moment: "before" },
  { atEffect, moment: "after" },
]);

describe(`killed at any of ${effects} journal writes and calls of ports`, () => {
  test.each(deaths)("$moment effect $atEffect, the next start ends the export, once", async (death) => {
    const { world, run, accepted } = await worldWithOneRun(death);
    expect(run.process.dead).toBe(true);
    const next = world.boot();
    await next.pipeline.resume();
    await next.ended();
    expect([...run.bugs, ...next.bugs]).toEqual([]);
    if (!accepted) {
      expect(world.service.calls).toEqual([]);
      return;
    }
    expect(next.kind()).toBe("available");
    expectSentOnce(world);
    await until(() => world.archive.locks.size === 0, "the locks are freed");
    expect(world.spool.files.size).toBe(0);
    const { length } = world.service.calls;
    const third = world.boot();
    await third.pipeline.resume();
    await third.ended();
    expect(world.service.calls).toHaveLength(length);
  });
});

describe("killed anywhere while one part is refused for good", () => {
  const moments = Array.from({ length: effects }, (_, index) => index + 1);
  test.each(moments)("after effect %i, the evidence is never completed without it", async (atEffect) => {
    const world = new World();
    const entry = await world.admit(exportOf([cameraExport("a", 2)]));
    const [, refused] = entry.cameraExports[0]?.segments ?? [];
    world.service.hindrance = ({ method, subject }) =>
      method === "sendFile" && subject === refused?.segmentId ? Promise.resolve(REFUSED) : null;
    const run = world.boot({ atEffect: atEffect + 1, moment: "after" });
    run.pipeline.start(entry);
    await run.ended();
    const next = world.boot();
    await next.pipeline.resume();
    await next.ended();
    expect(next.pipeline.statuses()[0]).toMatchObject({ kind: "failed", failure: { code: "REFUSED" } });
    expect(world.evidence().map(({ completedWith }) => completedWith)).toEqual([null]);
    expect(world.spool.files.size).toBe(1);
  });
});

test("killed again and again at each start, the export still ends, once", async () => {
  const { world } = await worldWithOneRun({ atEffect: 12, moment: "after" });
  for (let starts = 1; starts < 200; starts += 1) {
    const run = world.boot({ atEffect: 4 + starts, moment: starts % 2 === 0 ? "before" : "after" });
    await run.pipeline.resume().catch(() => undefined);
    await run.ended();
    if (!run.process.dead) break;
  }
  expectSentOnce(world);
  expect(world.spool.files.size).toBe(0);
  await until(() => world.archive.locks.size === 0, "the locks are freed");
});

test("what lies in the spool at a start is sent while the archive is away and the rest cannot be read", async () => {
  const world = new World();
  const sending = hold("sendFile");
  world.service.hindrance = sending.hindrance;
  world.spool.hindrance = ({ method }) =>
    method === "write" && world.spool.files.size === 2 ? new Promise(() => undefined) : null;
  const run = await world.started(exportOf([cameraExport("a", 3)]));
  await until(() => sending.held() === 2, "two parts of three are in the spool, on their way");
  run.process.dead = true;
  const locking = hold("lock");
  world.archive.hindrance = locking.hindrance;
  world.service.hindrance = () => null;
  world.spool.hindrance = () => null;
  const second = world.boot();
  await second.pipeline.resume();
  const kinds = () => second.pipeline.status("export-1")?.cameraExports[0]?.segments.map(({ kind }) => kind);
  await until(
    () => kinds()?.filter((kind) => kind === "verified").length === 2,
    "both are at the service, though the archive does not answer",
  );
  expect(kinds()).toEqual(["verified", "verified", "queued"]);
  locking.release();
  await second.ended();
  expect(second.kind()).toBe("available");
  expect(world.spool.writes).toHaveLength(4);
});
