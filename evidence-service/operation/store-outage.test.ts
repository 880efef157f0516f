import { expect, test, vi } from "vitest";
import { BlobLocked, BlobsUnreachable } from "../storage/blob-store.ts";
import { MetadataUnreachable } from "../storage/metadata-unreachable.ts";
import { openSqliteMetadata } from "../storage/sqlite-metadata.ts";
import { Outages } from "./outages.ts";
import { StoreOutage } from "./store-outage.ts";

const AWAY = "the stored files cannot be reached; whatever needs them goes on by itself once they are back";
const turn = () => new Promise((resolve) => setImmediate(resolve));

test("a store that only lets one wait is away in the log, once, and back in it once it answers", async () => {
  let nowMs = 0;
  let answer = Promise.withResolvers<void>();
  const warn = vi.fn();
  const report = vi.fn();
  const outage = new StoreOutage({
    ...{ log: { warn }, report, passedMs: () => nowMs, ask: () => answer.promise },
    saysAway: (error) => error instanceof BlobsUnreachable,
  });
  const said = () => warn.mock.calls.map(([, message]) => message as string);
  for (; nowMs < 10_000; nowMs += 5_000) outage.look();
  expect(said()).toEqual([]);
  for (; nowMs <= 20_000; nowMs += 5_000) outage.look();
  expect(said()).toEqual([AWAY]);
  answer.resolve();
  await turn();
  expect(said()).toEqual([AWAY, "the stored files are back"]);
  // It says no at once, whoever asks.
  answer = Promise.withResolvers();
  answer.promise.catch(() => undefined);
  answer.reject(new BlobsUnreachable("no"));
  outage.failed(new BlobsUnreachable("no"));
  outage.look();
  await turn();
  expect(said()).toHaveLength(3);
  // What is wrong elsewhere is no word of the store's.
  const elsewhere = new MetadataUnreachable(null);
  answer = Promise.withResolvers();
  answer.reject(elsewhere);
  outage.look();
  await turn();
  expect(report.mock.calls).toEqual([[elsewhere, "the store of the files cannot be asked"]]);
  outage.close();
  answer = Promise.withResolvers();
  answer.resolve();
  outage.look();
  await turn();
  expect(said()).toHaveLength(3);
});

test("whatever fails by the store is one line, and what a lock keeps is logged as it comes", async () => {
  const log = { error: vi.fn(), warn: vi.fn() };
  const db = openSqliteMetadata(":memory:");
  const insistOnAnswer = async () => undefined;
  const outages = new Outages({ log, db, engine: "sqlite", store: { insistOnAnswer } });
  for (const what of ["join", "verify"]) outages.error(new BlobsUnreachable("away"), `job ${what} failed`);
  expect(log.warn.mock.calls.map(([, message]) => message as string)).toEqual([AWAY]);
  await outages.lookAtStore();
  await expect.poll(() => log.warn.mock.lastCall?.[1] as string).toBe("the stored files are back");
  const locked = new BlobLocked("until 2030");
  outages.error(locked, "job remove-blob failed");
  expect(log.error.mock.calls).toEqual([[locked, "job remove-blob failed"]]);
  outages.close();
  await db.destroy();
});
