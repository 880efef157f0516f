import { expect, test } from "vitest";
import { ExportLedger } from "../tracked/export-ledger.ts";
import { portSucceeded } from "../ports/port-call.ts";
import type { SegmentSpool, SpoolJob, SpoolSpace } from "../ports/segment-spool.ts";
import { MemoryArchive } from "../testing/memory-archive.ts";
import { MemoryJournal } from "../testing/memory-journal.ts";
import { MemorySpool } from "../testing/memory-spool.ts";
import { until } from "../testing/hindered-calls.ts";
import { TransferProgress } from "../tracked/transfer-progress.ts";
import { readInTurn } from "./read-in-turn.ts";

/** A spool whose disk has so much room, where no pause is ever over by itself: only what happens makes anybody look again. */
class Desk {
  freeBytes = 100;
  readonly read: string[] = [];
  readonly told: string[] = [];
  readonly spool: SegmentSpool;
  pauses = 0;

  constructor() {
    const inner = Object.assign(new MemorySpool(new MemoryArchive()), {
      space: () => Promise.resolve(portSucceeded(this.#space())),
      write: ({ segmentId }: SpoolJob) => {
        this.read.push(segmentId);
        return Promise.resolve(portSucceeded({} as never));
      },
    });
    const ledger = new ExportLedger(new MemoryJournal(), () => undefined);
    const progress = new TransferProgress(() => undefined);
    const pause = async (_ms: number, signal: AbortSignal) => {
      this.pauses += 1;
      if (!signal.aborted) await new Promise((resolve) => signal.addEventListener("abort", resolve));
    };
    this.spool = readInTurn(inner, { ledger, progress, steadyNow: () => 0, pause });
  }

  #space(): SpoolSpace {
    const about = { folder: "/spool", quotaBytes: Infinity, diskBytes: Infinity, reserveBytes: 0 };
    return { ...about, freeBytes: this.freeBytes, files: new Map() };
  }

  ask(segmentId: string, lengthBytes: number, signal = new AbortController().signal) {
    const about = { segmentId, exportId: "export", cameraExportId: segmentId, cameraId: "a", lengthBytes };
    const job = {
      ...about,
      range: { startUtcMs: 0, endUtcMs: 1 },
      recipient: { keyId: "k", n: "n", e: "e" },
    };
    const observer = { onBegin: () => undefined, onProgress: () => undefined };
    const reportWaiting = (waiting: unknown) => void (waiting !== null && this.told.push(segmentId));
    return this.spool.write(job as unknown as SpoolJob, observer, { signal, reportWaiting });
  }
}

test("whoever waits for room is served at once when a file is removed, not when it is looked at next", async () => {
  const desk = new Desk();
  const asked = desk.ask("large", 500);
  await until(() => desk.told.includes("large"), "it waits for room");
  desk.freeBytes = 1_000;
  await desk.spool.remove("another");
  await asked;
  expect(desk.read).toEqual(["large"]);
});

test("whoever stood behind one that had no room is served at once when that one leaves", async () => {
  const desk = new Desk();
  const leaving = new AbortController();
  const large = desk.ask("large", 500, leaving.signal);
  await until(() => desk.told.includes("large"), "it waits for room");
  const small = desk.ask("small", 50);
  await until(() => desk.pauses >= 2, "it stands behind the large one");
  expect(desk.read).toEqual([]);
  leaving.abort();
  expect(await large).toMatchObject({ error: { kind: "aborted" } });
  await small;
  expect(desk.read).toEqual(["small"]);
});
