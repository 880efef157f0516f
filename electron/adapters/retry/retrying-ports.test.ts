import { describe, expect, test, vi } from "vitest";
import { portFailed, type PortOutcome, portSucceeded } from "../../export-pipeline/ports/port-call.ts";
import { cameraExport, exportOf, NEW_CASE, World } from "../../export-pipeline/testing/world.ts";
import { anyFailure, until } from "../../export-pipeline/testing/hindered-calls.ts";
import { BELIEVED_AFTER, untilSettled } from "./retrying.ts";

const OFFLINE = portFailed("transient", {
  code: "SERVICE_UNREACHABLE",
  message: "The service cannot be reached.",
});

function patientWorld(): World {
  return new World("as the program");
}

/** A hindrance that makes the first calls of a method fail as transient. */
function failing(method: string, times: number) {
  let left = times;
  return (event: { method: string }) => {
    if (event.method !== method || left === 0) return null;
    left -= 1;
    return Promise.resolve(OFFLINE);
  };
}

describe("what is away for a while", () => {
  const request = exportOf([cameraExport("a", 2)], { caseAssociation: NEW_CASE });

  test.each([
    ["archive", "lock"],
    ["spool", "write"],
    ["service", "recipientKey"],
    ["service", "createCase"],
    ["service", "createEvidence"],
    ["service", "sendFile"],
    ["service", "completeResource"],
    ["service", "completeEvidence"],
    ["service", "lifecycle"],
  ] as const)("%s (%s) is waited for, and the export goes on by itself", async (port, method) => {
    const world = patientWorld();
    const run = world.boot();
    const entry = await world.admit(request);
    world[port].hindrance = failing(method, 3);
    run.pipeline.start(entry);
    await run.ended();
    expect(run.seen).toContain("waiting");
    expect(run.seen).not.toContain("failed");
    expect(run.kind()).toBe("available");
    expect(world.service.evidence.size).toBe(1);
    expect(world.service.cases.size).toBe(1);
    expect(world.evidence()[0]?.completedWith).toHaveLength(2);
  });

  test("the operator sees what is waited for and when it is tried again", async () => {
    const world = patientWorld();
    const run = world.boot();
    const entry = await world.admit(request);
    world.service.hindrance = failing("createEvidence", 1_000_000);
    run.pipeline.start(entry);
    await until(() => run.kind() === "waiting", "the export waits");
    const [status] = run.pipeline.statuses();
    expect(status?.failure).toEqual({
      code: "SERVICE_UNREACHABLE",
      message: "The service cannot be reached.",
      action: expect.stringContaining("tried again by itself"),
    });
    expect(status?.cameraExports[0]?.nextRetryAtMs).toBeGreaterThan(0);
    await run.pipeline.stop();
  });

  test("what is shown until the next try is the same when the clock is set back, or forward", async () => {
    const world = patientWorld();
    const run = world.boot();
    const entry = await world.admit(request);
    const shownMs: number[] = [];
    const asked = failing("createEvidence", 1_000_000);
    world.service.hindrance = (call) => {
      world.nowMs += shownMs.length % 2 === 0 ? -600_000 : 600_000;
      return asked(call);
    };
    run.pipeline.start(entry);
    await until(() => {
      const { toldAtMs, exports } = run.feed.snapshot();
      const nextRetryAtMs = exports[0]?.cameraExports[0]?.nextRetryAtMs ?? null;
      if (nextRetryAtMs !== null) shownMs.push(nextRetryAtMs - toldAtMs);
      return shownMs.length > 20;
    }, "it has been tried again a few times");
    expect(Math.min(...shownMs)).toBeGreaterThanOrEqual(0);
    expect(Math.max(...shownMs)).toBeLessThanOrEqual(60_000);
    await run.pipeline.stop();
  });

  test("an archive that is away at the end does not hold back what is available", async () => {
    const world = patientWorld();
    const run = world.boot();
    run.pipeline.start(await world.admit(request));
    let tries = 0;
    world.archive.hindrance = ({ method }) => {
      if (method === "unlock") tries += 1;
      return method === "unlock" && tries <= 3 ? Promise.resolve(OFFLINE) : null;
    };
    await until(() => tries === 3, "freeing the lock is tried again");
    expect(run.kind()).toBe("available");
    await until(() => world.archive.locks.size === 0, "the lock is freed");
  });

  test("cancelling ends the waiting", async () => {
    const world = patientWorld();
    const run = world.boot();
    const entry = await world.admit(request);
    world.service.hindrance = failing("createCase", 1_000_000);
    run.pipeline.start(entry);
    await until(() => run.kind() === "waiting", "the export waits");
    await run.pipeline.cancel("export-1");
    expect(run.kind()).toBe("cancelled");
  });
});

test("a delay that the other side names is kept", async () => {
  const world = patientWorld();
  const run = world.boot();
  const entry = await world.admit(exportOf([cameraExport("a")]));
  const before = world.nowMs;
  let refused = false;
  world.service.hindrance = () => {
    if (refused) return null;
    refused = true;
    const error = { kind: "transient", ...anyFailure("BUSY", "Later."), retryAfterMs: 90_000 } as const;
    return Promise.resolve({ ok: false, error });
  };
  run.pipeline.start(entry);
  await run.ended();
  expect(run.kind()).toBe("available");
  expect(world.nowMs - before).toBeGreaterThanOrEqual(90_000);
});

test("a delay of a day is shown and not kept: the service may be well long before", async () => {
  const waits: { message: string; nextRetryAtMs: number }[] = [];
  const DAY_MS = 86_400_000;
  const busy = { kind: "transient", ...anyFailure("BUSY", "Later."), retryAfterMs: DAY_MS } as const;
  let tries = 0;
  const pauses: number[] = [];
  const outcome = await untilSettled(
    () => Promise.resolve((tries += 1) === 1 ? { ok: false, error: busy } : portSucceeded("there")),
    {
      signal: new AbortController().signal,
      reportWaiting: (waiting) => {
        if (waiting !== null)
          waits.push({ message: waiting.failure.message, nextRetryAtMs: waiting.nextRetryAtMs });
      },
    },
    { steadyNow: () => 0, pause: async (ms) => void pauses.push(ms) },
  );
  expect(outcome).toEqual(portSucceeded("there"));
  expect(waits[0]?.message).toContain("24 h");
  expect(pauses).toEqual([15 * 60_000]);
  expect(waits[0]?.nextRetryAtMs).toBe(15 * 60_000);
});

describe("a failure that one answer alone does not prove", () => {
  const DOUBTED = {
    ok: false,
    error: { kind: "permanent", unconfirmed: true, ...anyFailure("ANSWER_NOT_UNDERSTOOD", "What?") },
  } as const;

  /** Plays these outcomes one after another and tells what came of it. */
  async function played(outcomes: readonly PortOutcome<string>[]) {
    const waits: (string | undefined)[] = [];
    let tries = 0;
    const outcome = await untilSettled(
      () => Promise.resolve(outcomes[tries++] ?? OFFLINE),
      {
        signal: new AbortController().signal,
        reportWaiting: (waiting) => waits.push(waiting?.failure.code),
      },
      { steadyNow: () => 0, pause: () => Promise.resolve() },
    );
    return { outcome, tries, waits };
  }

  const doubted = (times: number) => Array.from({ length: times }, () => DOUBTED);

  test("is asked for again and shown as waiting, and forgotten once the right answer comes", async () => {
    const { outcome, waits } = await played([...doubted(BELIEVED_AFTER - 1), portSucceeded("right")]);
    expect(outcome).toEqual(portSucceeded("right"));
    expect(waits).toEqual([...doubted(BELIEVED_AFTER - 1).map(({ error }) => error.code), undefined]);
  });

  test("is believed once it has come several times in a row", async () => {
    const { outcome, tries } = await played(doubted(BELIEVED_AFTER));
    expect(outcome).toMatchObject({ ok: false, error: { kind: "permanent", code: "ANSWER_NOT_UNDERSTOOD" } });
    expect(tries).toBe(BELIEVED_AFTER);
  });

  test("begins to count anew after a failure of the line", async () => {
    const almost = doubted(BELIEVED_AFTER - 1);
    const { outcome } = await played([...almost, OFFLINE, ...almost, portSucceeded("right")]);
    expect(outcome).toEqual(portSucceeded("right"));
  });

  test("that is certain is believed at once", async () => {
    const { tries } = await played([portFailed("permanent", { code: "CASE_CLOSED", message: "Closed." })]);
    expect(tries).toBe(1);
  });
});

test("Retry ends the pause of what waits: the next try is made at once", async () => {
  const hurry = new AbortController();
  const call = {
    signal: new AbortController().signal,
    reportWaiting: () => undefined,
    hurry: () => hurry.signal,
  };
  const pauses: AbortSignal[] = [];
  let tries = 0;
  const attempt = () => {
    tries += 1;
    return Promise.resolve(tries === 1 ? OFFLINE : portSucceeded("there"));
  };
  const pause = async (_ms: number, signal: AbortSignal) => {
    pauses.push(signal);
    hurry.abort();
    await new Promise<void>((resolve) =>
      signal.aborted ? resolve() : signal.addEventListener("abort", () => resolve()),
    );
  };
  const outcome = await untilSettled(attempt, call, { steadyNow: () => 0, pause });
  expect(outcome).toEqual(portSucceeded("there"));
  expect(pauses[0]?.aborted).toBe(true);
  expect(tries).toBe(2);
});

test("a try that was under way when everything began anew is made again at once, and pauses begin with the shortest", async () => {
  let hurry = new AbortController();
  const resumeAfterWake = () => {
    hurry.abort();
    hurry = new AbortController();
  };
  const call = {
    signal: new AbortController().signal,
    reportWaiting: () => undefined,
    hurry: () => hurry.signal,
  };
  const pauses: number[][] = Array.from({ length: 12 }, () => []);
  let tries = 0;
  const attempt = () => {
    tries += 1;
    // The eighth is on its way while the machine sleeps.
    if (tries === 8) resumeAfterWake();
    return Promise.resolve(tries === 11 ? portSucceeded("there") : OFFLINE);
  };
  const pause = (ms: number) => {
    pauses[tries]?.push(ms);
    // The network is not quite there; then it is.
    if (tries === 9) resumeAfterWake();
    return Promise.resolve();
  };
  const random = vi.spyOn(Math, "random").mockReturnValue(1);
  await untilSettled(attempt, call, { steadyNow: () => 0, pause });
  random.mockRestore();
  expect(pauses[7]).toEqual([60_000]);
  expect(pauses.slice(8)).toEqual([[], [1_000], [1_000], []]);
});
