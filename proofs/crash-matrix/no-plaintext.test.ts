import { readdir, readFile, stat } from "node:fs/promises";
import { join } from "node:path";
import { afterAll, beforeAll, expect, test } from "vitest";
import { passOn, startFaultProxy, type FaultProxy } from "#proofs/fault-proxy/fault-proxy.ts";
import { bufferSource } from "#media/byte-source.ts";
import { readProgressiveFile } from "#media/progressive-reader.ts";
import { ConsoleProcess, through } from "./console-process.ts";
import { DeskUnderTest, SEGMENT_MAX_MS } from "./desk-under-test.ts";
import { faultsOf } from "./export-faults.ts";

const NEEDLE_BYTES = 64;
const PATIENCE_MS = 60_000;

let desk: DeskUnderTest;
let proxy: FaultProxy;

beforeAll(async () => {
  desk = await DeskUnderTest.start("192x108", 30);
  proxy = await startFaultProxy(passOn, new URL(desk.archive.url).host);
}, 120_000);

afterAll(async () => {
  await proxy.close();
  expect(await desk.stop()).toEqual([]);
}, 60_000);

/** From the middle of each encoded frame that is long enough, of the first part of a camera's export. */
async function needlesOf(cameraId: string): Promise<Buffer[]> {
  const { startUtcMs } = desk.rangeOf(cameraId);
  const part = await desk.partOf(cameraId, { startUtcMs, endUtcMs: startUtcMs + SEGMENT_MAX_MS });
  const [video] = await readProgressiveFile(bufferSource(part));
  const samples = [...(video?.samples ?? [])].filter(({ sizeBytes }) => sizeBytes > 4 * NEEDLE_BYTES);
  return samples.map(({ offset, sizeBytes }) => {
    const from = offset + Math.floor(sizeBytes / 2);
    return part.subarray(from, from + NEEDLE_BYTES);
  });
}

interface Findings {
  readonly filesRead: number;
  readonly found: string[];
}

/** Every file below the folders, at this moment; one that is gone by then has nothing to hide any more. */
async function search(folders: readonly string[], needles: readonly Buffer[]): Promise<Findings> {
  const found: string[] = [];
  let filesRead = 0;
  for (const folder of folders) {
    for (const name of await readdir(folder, { recursive: true })) {
      const path = join(folder, name);
      const isFile = await stat(path).then(
        (entry) => entry.isFile(),
        () => false,
      );
      const bytes = isFile ? await readFile(path).catch(() => null) : null;
      if (bytes === null) continue;
      filesRead += 1;
      if (needles.some((needle) => bytes.includes(needle))) found.push(path);
    }
  }
  return { filesRead, found };
}

test("no byte of a frame is on the disk of console and service, while an export runs and after it", async () => {
  const needles = await needlesOf("gate");
  expect(needles.length).toBeGreaterThan(10);
  const inArchive = await search([join(desk.dir, "archive", "footage", "gate")], needles);
  expect(inArchive.found).not.toEqual([]);

  const tiny = desk.newExport();
  const seen: Findings[] = [];
  let spooled = 0;
  // At each request the console's disk stands still for its part of the work: that is when to look.
  const own = [join(desk.dir, "consoles"), desk.service.dir];
  proxy.treat(async (exchange) => {
    seen.push(await search(own, needles));
    spooled += (await readdir(join(tiny.order.folder, "spool")).catch(() => [])).length;
    await passOn(exchange);
  });
  const running = new ConsoleProcess(through(proxy, tiny.order));
  await running.settled(PATIENCE_MS);
  seen.push(await search(own, needles));
  await running.stop();
  seen.push(await search(own, needles));
  expect(await faultsOf(tiny, desk.service)).toEqual([]);
  expect(spooled).toBeGreaterThan(0);
  expect(Math.max(...seen.map(({ filesRead }) => filesRead))).toBeGreaterThan(8);
  expect(seen.flatMap(({ found }) => found)).toEqual([]);
}, 120_000);
