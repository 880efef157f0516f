import { afterEach, beforeEach, expect, test, vi } from "vitest";
import { BlobsUnreachable } from "../storage/blob-store.ts";
import type { Metadata } from "../storage/metadata-tables.ts";
import { openSqliteMetadata } from "../storage/sqlite-metadata.ts";
import { JobRunner } from "./job-runner.ts";

const MINUTE_MS = 60_000;
let nowUtcMs = 0;
let db: Metadata;
let runner: JobRunner;
const run = vi.fn<(subject: string) => Promise<void>>();
const giveUp = vi.fn<(subject: string, reason: string) => Promise<void>>();

beforeEach(async () => {
  vi.resetAllMocks();
  db = openSqliteMetadata(":memory:");
  const job = { kind: "kind", subject: "subject", state: "Waiting" as const, attempts: 0, notBeforeUtcMs: 0 };
  await db.insertInto("job").values(job).execute();
  const kinds = new Map([["kind", { run, giveUp }]]);
  runner = new JobRunner({
    db,
    now: () => nowUtcMs,
    kinds,
    report: () => undefined,
    measured: () => undefined,
  });
});

afterEach(async () => {
  await runner.close();
  await db.destroy();
});

/** For work on a busy machine. */
const PATIENT = { timeout: 10_000 };

/** Lets the job fail this often, each time after the pause it has to make. */
async function failTimes(error: Error, times: number): Promise<void> {
  run.mockRejectedValue(error);
  for (let time = 1; time <= times; time += 1) {
    runner.wake();
    await vi.waitFor(async () => {
      expect(run).toHaveBeenCalledTimes(time);
      const { detail, notBeforeUtcMs, state } = await job();
      expect(detail).toBe(error.message);
      expect(notBeforeUtcMs > nowUtcMs || state === "Failed").toBe(true);
    }, PATIENT);
    nowUtcMs += MINUTE_MS;
  }
}

function job() {
  return db.selectFrom("job").selectAll().executeTakeFirstOrThrow();
}

test("a clock that is set back by a day keeps no job waiting", async () => {
  await failTimes(new Error("once"), 1);
  nowUtcMs -= 24 * 60 * MINUTE_MS;
  run.mockResolvedValue();
  runner.wake();
  await vi.waitFor(async () => expect((await job()).state).toBe("Done"), PATIENT);
});

test("a job that keeps failing is given up", async () => {
  await failTimes(new Error("broken"), 6);
  await vi.waitFor(async () => expect((await job()).state).toBe("Failed"), PATIENT);
  expect(giveUp.mock.calls).toEqual([["subject", "broken"]]);
});

test("a job that the store keeps waiting is not given up, and done when the store answers", async () => {
  await failTimes(new BlobsUnreachable("away"), 10);
  expect(giveUp).not.toHaveBeenCalled();
  run.mockResolvedValue();
  runner.wake();
  await vi.waitFor(async () => expect((await job()).state).toBe("Done"), PATIENT);
});
