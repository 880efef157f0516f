import { describe, expect, test } from "vitest";
import { portFailedAs } from "../../export-pipeline/ports/port-call.ts";
import {
  anyFailure,
  hold,
  REFUSED,
  eventLoopTurn,
  until,
} from "../../export-pipeline/testing/hindered-calls.ts";
import {
  cameraExport,
  exportOf,
  NEW_CASE,
  NOW,
  type Run,
  World,
} from "../../export-pipeline/testing/world.ts";

/** What a segment of the world in memory takes in the spool. */
const PART_BYTES = 128;
const AWAY = portFailedAs("transient", anyFailure("AWAY", "It is away."));

function patientWorld(quotaParts: number): World {
  const world = new World("as the program");
  world.spool.quotaBytes = quotaParts * PART_BYTES;
  return world;
}

const send = (method: string) => method === "sendFile";

/** An export by its number, of one camera and so many segments, of an account. */
async function admitted(world: World, number: number, hours: number, account = "city") {
  const entry = await world.admit(exportOf([cameraExport("a", hours)], { requestId: `export-${number}` }));
  return {
    ...entry,
    record: { ...entry.record, account: { accountId: account, name: account, webAddress: null } },
  };
}

function kindsOf(run: Run, number: number): string[] | undefined {
  const status = run.pipeline.status(`export-${number}`);
  return status?.cameraExports[0]?.segments.map(({ kind }) => kind);
}

describe("an export whose files fill the spool", () => {
  test("is sent when Retry is pressed, though another waits for room before it", async () => {
    const world = patientWorld(3);
    const run = world.boot();
    world.service.hindrance = hold("sendFile").hindrance;
    run.pipeline.start(await admitted(world, 1, 3));
    await until(() => world.spool.files.size === 3, "its parts are in the spool");
    world.service.hindrance = ({ method }) =>
      method === "completeResource" ? Promise.resolve(REFUSED) : null;
    run.process.dead = true;
    const next = world.boot();
    await next.pipeline.resume();
    await next.ended();
    expect(next.kind("export-1")).toBe("failed");
    world.service.hindrance = ({ method }) => (send(method) ? Promise.resolve(AWAY) : null);
    next.pipeline.start(await admitted(world, 2, 4));
    await until(() => next.kind("export-2") === "waiting", "another waits");
    world.service.hindrance = () => null;
    expect(next.pipeline.retry("export-1")).toMatchObject({ ok: true });
    await next.ended();
    expect([next.kind("export-1"), next.kind("export-2")]).toEqual(["available", "available"]);
    expect(world.spool.writes).toHaveLength(7);
    expect(world.spool.files.size).toBe(0);
  });

  test("ends at once when a part is refused for good, and Retry sends what it has without reading it again", async () => {
    const world = patientWorld(3);
    const run = world.boot();
    world.service.hindrance = hold("sendFile").hindrance;
    run.pipeline.start(await admitted(world, 1, 5));
    await until(() => run.kind() === "waiting", "the fourth part waits for room");
    expect(run.pipeline.statuses()[0]?.failure).toMatchObject({
      code: "SPOOL_FULL",
      message: expect.stringMatching(/its quota of 384 B: 384 B wait to be sent in \/spool, .* needs 100 B/),
    });
    run.process.dead = true;
    world.service.hindrance = ({ method }) => (send(method) ? Promise.resolve(REFUSED) : null);
    const next = world.boot();
    await next.pipeline.resume();
    await next.ended();
    expect(next.pipeline.statuses()[0]).toMatchObject({ kind: "failed", failure: { code: "REFUSED" } });
    expect(kindsOf(next, 1)?.slice(3)).toEqual(["queued", "queued"]);
    world.service.hindrance = () => null;
    next.pipeline.retry("export-1");
    await next.ended();
    expect(next.kind()).toBe("available");
    expect(world.spool.writes).toHaveLength(5);
  });

  test("starts over at once when the service has purged it, with what lies in the spool", async () => {
    const world = patientWorld(3);
    const run = world.boot();
    const held = hold("sendFile");
    world.service.hindrance = held.hindrance;
    run.pipeline.start(await admitted(world, 1, 5));
    await until(() => run.kind() === "waiting" && held.held() === 3, "the fourth part waits for room");
    world.service.purge();
    world.service.hindrance = () => null;
    held.release();
    await run.ended();
    expect(run.kind()).toBe("available");
    expect(world.evidence()[0]?.request.externalId).toMatch(/-2$/);
    expect(world.spool.writes).toHaveLength(5);
  });
});

describe("files of failed exports", () => {
  test("leave room for others, are named, and are kept", async () => {
    const world = patientWorld(4);
    const sending = hold("sendFile");
    const run = world.boot();
    world.service.hindrance = ({ method, subject }) =>
      sending.hindrance({ method, subject }) ??
      (method === "completeResource" ? Promise.resolve(REFUSED) : null);
    run.pipeline.start(await admitted(world, 1, 3));
    await until(() => world.spool.files.size === 3, "three parts are in the spool");
    sending.release();
    await run.ended();
    expect(run.kind("export-1")).toBe("failed");
    const line = hold("sendFile");
    world.service.hindrance = line.hindrance;
    run.pipeline.start(await admitted(world, 2, 5));
    await until(() => run.kind("export-2") === "waiting", "it has filled its half");
    expect(world.spool.files.size).toBe(5);
    expect(run.pipeline.status("export-2")?.failure).toMatchObject({
      message: expect.stringMatching(
        /quota of 512 B: 256 B wait.* 384 B are held by failed exports \(Camera a\)\./,
      ),
      action: expect.stringContaining("Retry or dismiss"),
    });
    line.release();
    world.service.hindrance = () => null;
    await run.ended();
    expect([run.kind("export-1"), run.kind("export-2")]).toEqual(["failed", "available"]);
    expect(world.spool.files.size).toBe(3);
    await run.pipeline.dismiss("export-1");
    expect(world.spool.files.size).toBe(0);
  });
});

describe("a turn to read", () => {
  test("is not held while a try is waited for: another camera is read meanwhile", async () => {
    const world = patientWorld(100);
    let broken = "";
    world.spool.hindrance = ({ method, subject }) => {
      if (method !== "write") return null;
      broken ||= subject;
      return subject === broken ? Promise.resolve(AWAY) : null;
    };
    const run = world.boot();
    run.pipeline.start(await admitted(world, 1, 1));
    run.pipeline.start(await admitted(world, 2, 3));
    await until(() => run.kind("export-2") === "available", "the other export is sent");
    expect(run.kind("export-1")).toBe("waiting");
    world.spool.hindrance = () => null;
    await run.ended();
    expect(run.kind("export-1")).toBe("available");
  });

  test("is not held by footage that is not recorded yet", async () => {
    const world = patientWorld(100);
    const pauses: (() => void)[] = [];
    const { pause } = world.clock;
    const now = exportOf([{ ...cameraExport("a"), range: { startUtcMs: NOW - 60_000, endUtcMs: NOW } }]);
    Object.assign(world.clock, {
      pause: async (ms: number, signal: AbortSignal) =>
        ms === 12_000 ? await new Promise<void>((resolve) => pauses.push(resolve)) : await pause(ms, signal),
    });
    const late = world.boot();
    late.pipeline.start(await world.admit(now));
    late.pipeline.start(await admitted(world, 2, 3));
    await until(() => late.kind("export-2") === "available", "the other export is sent");
    expect(pauses).toHaveLength(1);
    world.nowMs += 12_000;
    for (const goOn of pauses) goOn();
    await late.ended();
    expect(late.kind("export-1")).toBe("available");
  });

  test("goes to another account's exports while those of one fill the spool and wait for their service", async () => {
    const world = patientWorld(2);
    const first = await admitted(world, 1, 4, "city");
    const ofCity = new Set(first.cameraExports[0]?.segments.map(({ segmentId }) => segmentId));
    world.service.hindrance = ({ method, subject }) =>
      send(method) && ofCity.has(subject) ? Promise.resolve(AWAY) : null;
    const run = world.boot();
    run.pipeline.start(first);
    await until(() => world.spool.files.size === 2, "the spool is full");
    run.pipeline.start(await admitted(world, 2, 3, "county"));
    await until(() => run.kind("export-2") === "available", "the other account's is sent");
    expect(world.spool.files.size).toBe(2);
    expect(run.kind("export-1")).not.toBe("failed");
    await run.pipeline.stop();
  });

  test("is not waited for behind a part too large for now whose export was cancelled", async () => {
    const world = patientWorld(100);
    world.spool.diskBytes = 150;
    world.spool.othersBytes = 60;
    Object.assign(world.clock, {
      pause: async (ms: number, signal: AbortSignal) => {
        const { promise, resolve } = Promise.withResolvers<void>();
        signal.addEventListener("abort", () => resolve());
        if (ms > 0 && !signal.aborted) await promise;
      },
    });
    const run = world.boot();
    run.pipeline.start(await admitted(world, 1, 1));
    await until(() => run.kind("export-1") === "waiting", "the first waits for the disk");
    const small = await admitted(world, 2, 1);
    const cameraExports = small.cameraExports.map(({ record, segments }) => ({
      record,
      segments: segments.map((segment) => ({ ...segment, plannedLengthBytes: 50 })),
    }));
    run.pipeline.start({ ...small, cameraExports });
    await until(() => run.kind("export-2") === "waiting", "the second waits behind it");
    await run.pipeline.cancel("export-1");
    await until(() => world.spool.writes.length === 1, "the second is read");
    await run.pipeline.stop();
  });

  test("is left at once by whoever is cancelled while waiting for room", async () => {
    const world = patientWorld(1);
    const line = hold("sendFile");
    world.service.hindrance = line.hindrance;
    const run = world.boot();
    run.pipeline.start(await admitted(world, 1, 2));
    await until(() => run.kind() === "waiting", "the second part waits for room");
    expect(await run.pipeline.cancel("export-1")).toMatchObject({ ok: true });
    expect(run.kind()).toBe("cancelled");
    expect(world.spool.files.size).toBe(0);
  });
});

test("an archive that is away does not keep what is in the spool from being sent", async () => {
  const world = patientWorld(100);
  const line = hold("sendFile");
  world.service.hindrance = line.hindrance;
  const run = world.boot();
  run.pipeline.start(await admitted(world, 1, 2));
  await until(() => world.spool.files.size === 2, "both parts are in the spool");
  run.process.dead = true;
  world.service.hindrance = () => null;
  const away = hold("lock");
  world.archive.hindrance = away.hindrance;
  const next = world.boot();
  await next.pipeline.resume();
  await until(() => next.kind() === "available", "it is sent");
  for (let turns = 0; turns < 5; turns += 1) await eventLoopTurn();
  expect(away.held()).toBe(0);
});

test("one camera that fails does not end the creation of the case for the others", async () => {
  const world = patientWorld(100);
  const creating = hold("createCase");
  world.service.hindrance = creating.hindrance;
  let tries = 0;
  world.archive.hindrance = ({ method, subject }) => {
    if (method !== "lock" || subject !== "a") return null;
    tries += 1;
    return until(() => creating.held() > 0, "the case is asked for").then(() => REFUSED);
  };
  const cameras = [cameraExport("a"), cameraExport("b")];
  const run = await world.started(exportOf(cameras, { caseAssociation: NEW_CASE }));
  await until(() => run.pipeline.statuses()[0]?.cameraExports[0]?.kind === "failed", "one camera fails");
  creating.release();
  await run.ended();
  expect(tries).toBe(1);
  expect(run.pipeline.statuses()[0]?.cameraExports.map(({ kind }) => kind)).toEqual(["failed", "available"]);
});
