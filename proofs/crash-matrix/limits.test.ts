import { join } from "node:path";
import { setTimeout as wait } from "node:timers/promises";
import Database from "better-sqlite3";
import { afterAll, beforeAll, expect, test } from "vitest";
import { type Exchange, type FaultProxy, passOn, startFaultProxy } from "#proofs/fault-proxy/fault-proxy.ts";
import { latency } from "#proofs/fault-proxy/faults.ts";
import { cutIntoSegments } from "#shared/domain/time-range.ts";
import { MANIFEST_NAME } from "#shared/manifest/manifest.ts";
import { ConsoleProcess, through } from "./console-process.ts";
import { DeskUnderTest, SEGMENT_MAX_MS } from "./desk-under-test.ts";
import { CAMERAS } from "./tiny-footage.ts";

const PARTS = 9;
const UPLOADS_IN_PARALLEL = 5;
const PATIENCE_MS = 90_000;
const LONGEST_HOLD_MS = 20_000;

/** After all uploads that may be on their way are: time for one too many to show. */
const LINGER_MS = 500;

let desk: DeskUnderTest;
let proxy: FaultProxy;

beforeAll(async () => {
  desk = await DeskUnderTest.start();
  proxy = await startFaultProxy(passOn, new URL(desk.archive.url).host);
}, 120_000);

afterAll(async () => {
  await proxy.close();
  expect(await desk.stop()).toEqual([]);
}, 60_000);

/** What archive and service saw at the same time. */
class Traffic {
  reading = 0;
  uploading = 0;
  mostReading = 0;
  mostUploading = 0;
  readsWhileUploading = 0;
  reads = 0;
  readonly #first = Promise.withResolvers<void>();
  readonly #all = Promise.withResolvers<void>();

  readonly treatment = async (exchange: Exchange): Promise<void> => {
    const { path, method } = exchange.request;
    if (path.includes("/export.mp4")) await this.#read(exchange);
    else if (method === "PUT" && path.startsWith("/blobs/")) await this.#upload(exchange);
    else await passOn(exchange);
  };

  /** The second part waits for an upload to be on its way: reading can be faster than the start of the first one. */
  async #read(exchange: Exchange): Promise<void> {
    this.reads += 1;
    this.reading += 1;
    this.mostReading = Math.max(this.mostReading, this.reading);
    if (this.reads > CAMERAS.length) await this.#reached(this.#first);
    if (this.uploading > 0) this.readsWhileUploading += 1;
    await latency(20)(exchange).finally(() => (this.reading -= 1));
  }

  /** Uploads pile up to their limit, however slow reading is; from then on nothing holds them. */
  async #upload(exchange: Exchange): Promise<void> {
    this.uploading += 1;
    this.mostUploading = Math.max(this.mostUploading, this.uploading);
    if (this.uploading === UPLOADS_IN_PARALLEL * CAMERAS.length) setTimeout(this.#all.resolve, LINGER_MS);
    this.#first.resolve();
    await this.#reached(this.#all);
    await passOn(exchange).finally(() => (this.uploading -= 1));
  }

  async #reached({ promise }: PromiseWithResolvers<void>): Promise<void> {
    await Promise.race([promise, wait(LONGEST_HOLD_MS, undefined, { ref: false })]);
  }
}

interface AuditEntry {
  readonly action: string;
  readonly subject: string;
  readonly detail?: { readonly evidenceId?: string; readonly name?: string };
}

/** The most files of each evidence, and of all, that the service had announced and not completed at a time. */
function inFlightAtTheService(): { readonly each: number[]; readonly all: number } {
  const database = new Database(join(desk.service.dir, "evidence.sqlite"), { readonly: true });
  const entries = database.prepare<[], string>("SELECT entryJson FROM audit ORDER BY seq").pluck().all();
  database.close();
  const inFlight = new Map<string, Set<string>>();
  const most = new Map<string, number>();
  let mostOfAll = 0;
  for (const { action, subject, detail } of entries.map((text) => JSON.parse(text) as AuditEntry)) {
    const evidenceId = detail?.evidenceId ?? "";
    const files = inFlight.get(evidenceId) ?? new Set<string>();
    if (action === "RESOURCE_CREATED" && detail?.name !== MANIFEST_NAME) files.add(subject);
    if (action === "RESOURCE_COMPLETED") files.delete(subject);
    inFlight.set(evidenceId, files);
    most.set(evidenceId, Math.max(most.get(evidenceId) ?? 0, files.size));
    mostOfAll = Math.max(
      mostOfAll,
      [...inFlight.values()].reduce((sum, { size }) => sum + size, 0),
    );
  }
  return { each: [...most.values()].filter((count) => count > 0), all: mostOfAll };
}

test("one video is read at a time; five files of an evidence are sent at a time, several evidences at once, while the next is read", async () => {
  const traffic = new Traffic();
  proxy.treat(traffic.treatment);
  const { order } = desk.newExport();
  const { startUtcMs } = desk.rangeOf("gate");
  const range = { startUtcMs, endUtcMs: startUtcMs + PARTS * SEGMENT_MAX_MS };
  expect(cutIntoSegments(range, SEGMENT_MAX_MS)).toHaveLength(PARTS);
  const cameraExports = order.request.cameraExports.map((one) => ({ ...one, range }));
  const console = new ConsoleProcess(
    through(proxy, { ...order, request: { ...order.request, cameraExports } }),
  );
  await console.settled(PATIENCE_MS);
  await console.stop();
  expect([console.picture?.kind, ...console.unexpectedLines]).toEqual(["available"]);

  expect(traffic.reads).toBe(PARTS * CAMERAS.length);
  expect(traffic.mostReading).toBe(1);
  expect(traffic.readsWhileUploading).toBeGreaterThan(0);
  const { each, all } = inFlightAtTheService();
  expect(each).toEqual(CAMERAS.map(() => UPLOADS_IN_PARALLEL));
  expect(all).toBeGreaterThan(UPLOADS_IN_PARALLEL);
  expect(traffic.mostUploading).toBeGreaterThan(UPLOADS_IN_PARALLEL);
}, 120_000);
