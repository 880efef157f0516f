import { spawnSync } from "node:child_process";
import { readdirSync, statSync } from "node:fs";
import { join } from "node:path";
import { afterAll, beforeAll, expect, test, vi } from "vitest";
import { type Exchange, type FaultProxy, passOn, startFaultProxy } from "#proofs/fault-proxy/fault-proxy.ts";
import { cut } from "#proofs/fault-proxy/faults.ts";
import { type ConsoleOrder, ConsoleProcess, through } from "./console-process.ts";
import { DeskUnderTest, SEGMENT_MAX_MS } from "./desk-under-test.ts";
import { takesAll } from "./kill-points.ts";
import { CAMERAS } from "./tiny-footage.ts";

const PARTS = 4;
const PARTS_IN_QUOTA = 3;
const PATIENCE_MS = 90_000;
/** Of util-linux; only Linux has it. */
const PRLIMIT = "prlimit";

let desk: DeskUnderTest;
let proxy: FaultProxy;

beforeAll(async () => {
  desk = await DeskUnderTest.start();
  proxy = await startFaultProxy(passOn, new URL(desk.archive.url).host);
}, 120_000);

afterAll(async () => {
  await proxy.close();
  // What has failed keeps its footage locked.
  expect(await desk.stop()).toHaveLength(takesAll ? CAMERAS.length : 0);
}, 60_000);

/** Two cameras of four parts each, and a spool for three and a half. */
async function orderOfFullSpool(): Promise<ConsoleOrder> {
  const { order } = desk.newExport();
  const { startUtcMs } = desk.rangeOf("gate");
  const range = { startUtcMs, endUtcMs: startUtcMs + PARTS * SEGMENT_MAX_MS };
  const part = await desk.partOf("gate", { startUtcMs, endUtcMs: startUtcMs + SEGMENT_MAX_MS });
  const cameraExports = order.request.cameraExports.map((one) => ({ ...one, range }));
  const quotaBytes = Math.round((PARTS_IN_QUOTA + 0.5) * part.length);
  return through(proxy, { ...order, quotaBytes, request: { ...order.request, cameraExports } });
}

function filesOf(order: ConsoleOrder): number {
  return readdirSync(join(order.folder, "spool")).filter((name) => name.endsWith(".enc")).length;
}

function isUpload({ request }: Exchange): boolean {
  return request.method === "PUT" && request.path.startsWith("/blobs/");
}

async function withFullSpool(order: ConsoleOrder): Promise<ConsoleProcess> {
  const console = new ConsoleProcess(order);
  await vi.waitFor(() => expect(filesOf(order)).toBe(PARTS_IN_QUOTA), { timeout: PATIENCE_MS });
  await vi.waitFor(() => expect(console.picture?.message ?? "").toContain("has reached its quota"), {
    timeout: PATIENCE_MS,
  });
  return console;
}

/** So many requests to the service came to nothing since. */
function counting(treatment: (exchange: Exchange) => Promise<void>) {
  let count = 0;
  proxy.treat(async (exchange) => {
    if (exchange.request.target === desk.service.target) count += 1;
    await treatment(exchange);
  });
  return () => count;
}

test("killed with a full spool and started without a line, the console sends everything once the line is back", async () => {
  const order = await orderOfFullSpool();
  proxy.treat((exchange) => (isUpload(exchange) ? cut(exchange) : passOn(exchange)));
  const first = await withFullSpool(order);
  await first.kill();
  const asked = counting((exchange) =>
    exchange.request.target === desk.service.target ? cut(exchange) : passOn(exchange),
  );
  const second = new ConsoleProcess(order);
  await vi.waitFor(() => expect(asked()).toBeGreaterThan(CAMERAS.length), { timeout: PATIENCE_MS });
  proxy.treat(passOn);
  await second.settled(PATIENCE_MS);
  await second.stop();
  expect([second.picture?.kind, ...second.unexpectedLines]).toEqual(["available"]);
  expect(filesOf(order)).toBe(0);
}, 240_000);

test.skipIf(spawnSync(PRLIMIT, ["--version"]).status !== 0)(
  "where the console's own disk takes no more, the export says that it waits for it, and is sent once it does (needs prlimit)",
  async () => {
    const { order } = desk.newExport();
    const isFootage = ({ request }: Exchange): boolean => request.path.includes("/export.mp4");
    proxy.treat((exchange) => (isFootage(exchange) ? cut(exchange) : passOn(exchange)));
    const console = new ConsoleProcess(through(proxy, order));
    await vi.waitFor(() => expect(console.picture?.kind).toBe("waiting"), { timeout: PATIENCE_MS });
    const limitFiles = (bytes: number | "unlimited") =>
      expect(spawnSync(PRLIMIT, [`--fsize=${bytes}:unlimited`, "--pid", String(console.pid)]).status).toBe(0);
    // The log of the journal is as long as it may become.
    limitFiles(statSync(join(order.folder, "journal.sqlite-wal")).size);
    proxy.treat(passOn);
    await vi.waitFor(() => expect(console.picture?.failure).toBe("JOURNAL_NOT_WRITTEN"), {
      timeout: PATIENCE_MS,
    });
    expect(console.picture?.kind).toBe("waiting");
    limitFiles("unlimited");
    await console.settled(PATIENCE_MS);
    await console.stop();
    expect([console.picture?.kind, ...console.unexpectedLines]).toEqual(["available"]);
    expect(filesOf(order)).toBe(0);
  },
  240_000,
);

// A refusal without words is believed once it has come eight times, which takes most of a minute.
test.runIf(takesAll)(
  "parts that are refused for good while others wait for room fail the export, and keep what was read",
  async () => {
    const order = await orderOfFullSpool();
    proxy.treat((exchange) => (isUpload(exchange) ? cut(exchange) : passOn(exchange)));
    const console = await withFullSpool(order);
    proxy.treat((exchange) =>
      isUpload(exchange)
        ? exchange.answer({ status: 400, headers: {}, body: Buffer.alloc(0) })
        : passOn(exchange),
    );
    await vi.waitFor(
      () => expect(console.picture?.cameraExports.map(({ kind }) => kind)).toEqual(["failed", "failed"]),
      { timeout: PATIENCE_MS },
    );
    await console.stop();
    expect(console.unexpectedLines).toEqual([]);
    expect(filesOf(order)).toBeGreaterThanOrEqual(PARTS_IN_QUOTA);
  },
  240_000,
);
