/** What a queue of jobs promises, whichever engine keeps it (`job-queue.ts`). */
import { spawn } from "node:child_process";
import { once } from "node:events";
import { fileURLToPath } from "node:url";
import { afterAll, afterEach, beforeEach, describe, expect, test, vi } from "vitest";
import { BlobsUnreachable } from "../storage/blob-store.ts";
import type { Metadata } from "../storage/metadata-tables.ts";
import { type TestEngine, testEngines } from "../testing/engines.ts";
import type { JobAudit, JobKind, JobQueue, JobRun, JobState } from "./job-queue.ts";
import { jobsIn } from "./jobs-in.ts";

const HOLDER = fileURLToPath(new URL("holding-job.test-process.ts", import.meta.url));
/** The shortest that pg-boss takes. */
const LEASE_S = 10;
const KIND = "kind";
const ACTOR = "user:admin";
const MOST = 100;
/** For work on a busy machine, and a queue that looks every two seconds. */
const PATIENT = { timeout: 20_000 };
/** A try that was not the job's fault is made again after 15 seconds. */
const VERY_PATIENT = { timeout: 40_000, interval: 200 };
const WHOLE_TEST_MS = 60_000;

const engines = await testEngines();
afterAll(async () => {
  for (const each of engines) await each.close();
});

describe.each(engines)("jobs in $name", { timeout: WHOLE_TEST_MS }, (each) => {
  const run = vi.fn<(subject: string, run: JobRun) => Promise<void>>();
  const giveUp = vi.fn<(subject: string, reason: string) => Promise<void>>();
  const startAnew = vi.fn<NonNullable<JobKind["startAnew"]>>();
  let engine: TestEngine;
  let opened: JobQueue[];
  let recorded: JobAudit[];
  let queue: JobQueue;
  let nowUtcMs: number;

  beforeEach(async () => {
    vi.resetAllMocks();
    nowUtcMs = Date.now();
    opened = [];
    recorded = [];
    engine = await each.open();
    queue = await open(engine.db);
  });
  afterEach(async () => {
    for (const one of opened) await one.close();
    await engine.close();
  });

  async function open(db: Metadata, kind: JobKind = { run, giveUp, startAnew }): Promise<JobQueue> {
    const one = await jobsIn({
      ...{ db, place: engine.place, now: () => nowUtcMs, firstRetryMs: 0, leaseS: LEASE_S },
      ...{ report: () => undefined, warn: () => undefined, measured: () => undefined },
      record: async (_, entry) => void recorded.push(entry),
    });
    opened.push(one);
    await one.prepare(new Map([[KIND, kind]]));
    return one;
  }

  async function add(...subjects: string[]): Promise<void> {
    await engine.db.transaction().execute((transaction) =>
      queue.add(
        transaction,
        subjects.map((subject) => ({ kind: KIND, subject })),
      ),
    );
    queue.wake();
  }

  const subjects = async (state: JobState) => (await queue.list(state, MOST)).map(({ subject }) => subject);
  const theOnly = async (state: JobState) => {
    const [job, ...others] = await queue.list(state, MOST);
    expect(others).toEqual([]);
    if (job === undefined) throw new Error(`No job is ${state}.`);
    return job;
  };
  const untilEmpty = () =>
    vi.waitFor(async () => {
      queue.wake();
      expect([await queue.count("waiting"), await queue.count("running")]).toEqual([0, 0]);
    }, PATIENT);

  const untilRun = (...wanted: string[]) =>
    vi.waitFor(() => expect(run.mock.calls.map(([subject]) => subject)).toEqual(wanted), VERY_PATIENT);

  /** What keeps a job running until it is told to end. */
  function held() {
    const entered = Promise.withResolvers<JobRun>();
    const end = Promise.withResolvers<void>();
    run.mockImplementationOnce(async (_, its) => {
      entered.resolve(its);
      await end.promise;
      its.signal.throwIfAborted();
    });
    return { entered: entered.promise, end: end.resolve };
  }

  test("they are there with their transaction, and run in the order in which they came", async () => {
    const undone = engine.db.transaction().execute(async (transaction) => {
      await queue.add(transaction, [{ kind: KIND, subject: "never" }]);
      throw new Error("undone");
    });
    await expect(undone).rejects.toThrow("undone");
    for (const subject of ["a", "b", "c"]) await add(subject);
    expect(await subjects("waiting")).toEqual(["a", "b", "c"]);
    await queue.start();
    await untilRun("a", "b", "c");
  });

  test("one that fails is tried six times, then given up, shown with its reason, and started anew", async () => {
    run.mockRejectedValue(new Error("broken"));
    await queue.start();
    await add("a");
    await vi.waitFor(async () => {
      queue.wake();
      expect(await subjects("failed")).toEqual(["a"]);
    }, PATIENT);
    expect(run).toHaveBeenCalledTimes(6);
    expect(giveUp.mock.calls).toEqual([["a", "broken"]]);
    const failed = await theOnly("failed");
    expect(failed).toMatchObject({ kind: KIND, state: "failed", detail: "broken" });

    run.mockResolvedValue();
    expect(await queue.startAnew(failed, ACTOR)).toMatchObject({ subject: "a" });
    expect(startAnew.mock.calls.map(([, subject]) => subject)).toEqual(["a"]);
    expect(recorded).toMatchObject([{ action: "JOB_STARTED_ANEW", actor: ACTOR, job: { subject: "a" } }]);
    await vi.waitFor(() => expect(run).toHaveBeenCalledTimes(7), PATIENT);
    await untilEmpty();
    expect(await subjects("failed")).toEqual([]);
    expect(await queue.startAnew(failed, ACTOR)).toBeNull();
  });

  test("where the store is away nothing is counted, and the reason is shown", async () => {
    run.mockRejectedValueOnce(new BlobsUnreachable("away"));
    await queue.start();
    await add("a");
    await vi.waitFor(async () => expect(await theOnly("waiting")).toMatchObject({ detail: "away" }), PATIENT);
    expect(giveUp).not.toHaveBeenCalled();
    expect(run).toHaveBeenCalledTimes(1);
  });

  test("how far one that runs has come is seen; cancelled, it is told so and never comes back", async () => {
    const { entered, end } = held();
    await queue.start();
    await add("a");
    const its = await entered;
    its.progress(3, 3);
    await vi.waitFor(async () => {
      expect(await theOnly("running")).toMatchObject({ subject: "a", progress: { done: 3, total: 3 } });
    }, PATIENT);
    expect(await queue.cancel(await theOnly("running"), ACTOR)).toMatchObject({ subject: "a" });
    expect(its.signal.aborted).toBe(true);
    end();
    await untilEmpty();
    expect(giveUp.mock.calls).toEqual([["a", `It was cancelled by ${ACTOR}.`]]);
    expect(recorded).toMatchObject([{ action: "JOB_CANCELLED", job: { subject: "a" } }]);
    expect(await subjects("failed")).toEqual([]);
    expect(run).toHaveBeenCalledTimes(1);
  });

  test("one that waits is cancelled, and another one is not", async () => {
    await add("a");
    await add("b");
    const [first] = await queue.list("waiting", MOST);
    if (first === undefined) throw new Error("No job waits.");
    await queue.cancel(first, ACTOR);
    expect(await queue.cancel(first, ACTOR)).toBeNull();
    expect(await queue.cancel({ kind: KIND, jobId: "no id" }, ACTOR)).toBeNull();
    expect(await queue.cancel({ kind: "no kind", jobId: first.jobId }, ACTOR)).toBeNull();
    await queue.start();
    await untilRun("b");
  });

  test("one whose giving up fails stays, and is given up at the next try", async () => {
    run.mockRejectedValue(new Error("broken"));
    giveUp.mockRejectedValueOnce(new Error("the database is away"));
    await queue.start();
    await add("a");
    await vi.waitFor(async () => {
      nowUtcMs += 1_000;
      queue.wake();
      expect(await subjects("failed")).toEqual(["a"]);
    }, VERY_PATIENT);
    expect(giveUp).toHaveBeenCalledTimes(2);
  });

  test("one that a process did not end is run again, and given up when it ends one each time", async () => {
    if (engine.another !== null) return; // Its processes are killed below.
    await engine.db.transaction().execute((one) => queue.add(one, [{ kind: KIND, subject: "a" }]));
    await engine.db.updateTable("job").set({ state: "Running", attempts: 5 }).execute();
    await queue.start();
    await untilRun("a");
    await untilEmpty();
    await add("b");
    await queue.close();
    await engine.db.updateTable("job").set({ state: "Running", attempts: 6 }).execute();
    const anew = await open(engine.db);
    await anew.start();
    await vi.waitFor(async () => expect(await subjects("failed")).toEqual(["b"]), PATIENT);
    expect(giveUp.mock.calls).toEqual([["b", expect.stringContaining("ended each time")]]);
  });

  test("one that runs while the service ends goes on at the next start, and nothing of it is counted", async () => {
    const { entered, end } = held();
    await queue.start();
    await add("a");
    const its = await entered;
    const closed = queue.close();
    expect(its.signal.aborted).toBe(true);
    end();
    await closed;
    const anew = await open(engine.db);
    expect(await anew.list("waiting", MOST)).toMatchObject([{ subject: "a" }]);
    await anew.start();
    await vi.waitFor(() => expect(run).toHaveBeenCalledTimes(2), PATIENT);
    await vi.waitFor(async () => expect(await anew.count("running")).toBe(0), PATIENT);
    expect(giveUp).not.toHaveBeenCalled();
  });

  test("one whose process is killed is run by another one, once its lease is over", async () => {
    if (engine.place.kind !== "postgres") return;
    const { url, schema } = engine.place;
    await add("a");
    const holder = spawn(process.execPath, [HOLDER, url, schema, String(LEASE_S)]);
    await new Promise<void>((resolve) => {
      holder.stdout.on("data", (line: Buffer) => line.toString().includes("holds a") && resolve());
    });
    await queue.start();
    expect(await theOnly("running")).toMatchObject({ subject: "a" });
    holder.kill("SIGKILL");
    await once(holder, "exit");
    await untilRun("a");
    await untilEmpty();
    expect(await queue.list("running", MOST)).toEqual([]);
  });

  test("several processes share the work, and none runs what another one runs", async () => {
    if (engine.another === null) return;
    const ran: string[] = [];
    const kindOf = (name: string): JobKind => ({
      run: async (subject) => {
        await new Promise((resolve) => setTimeout(resolve, 5));
        ran.push(`${subject} by ${name}`);
      },
      giveUp: async () => undefined,
    });
    const others = [
      await open(await engine.another(), kindOf("one")),
      await open(await engine.another(), kindOf("two")),
    ];
    const wanted = Array.from({ length: 40 }, (_, n) => `job ${n}`);
    await add(...wanted);
    for (const other of others) await other.start();
    const done = () => ran.map((line) => line.replace(/ by .*/, "")).toSorted();
    await vi.waitFor(() => expect(done()).toEqual(wanted.toSorted()), PATIENT);
    expect(new Set(ran.map((line) => line.replace(/.* by /, ""))).size).toBe(2);
  });
});
