import { randomUUID } from "node:crypto";
import { mkdir, rm } from "node:fs/promises";
import { join } from "node:path";
import { setImmediate as turn } from "node:timers/promises";
import type { ExportLedger } from "#electron/export-pipeline/tracked/export-ledger.ts";
import type { JournalEntry } from "#electron/export-pipeline/ports/export-journal.ts";
import { MemoryArchive } from "#electron/export-pipeline/testing/memory-archive.ts";
import { MemoryService } from "#electron/export-pipeline/testing/memory-service.ts";
import { memorySigner } from "#electron/export-pipeline/testing/memory-signer.ts";
import { MemorySpool } from "#electron/export-pipeline/testing/memory-spool.ts";
import { openJournal } from "#electron/sending-parts/console-folder.ts";
import { sendingPipeline } from "#electron/sending-parts/sending-pipeline.ts";
import { systemClock } from "#electron/sending-parts/system-clock.ts";

const HOUR_MS = 3_600_000;
const CAMERAS_AN_EXPORT = 16;
const SEGMENTS_A_CAMERA = 24;
const LAST_END_UTC_MS = Date.UTC(2026, 0, 1);

/**
 * A journal with so many queued segments, as they would be after a restart: how long until the pipeline has
 * taken them up, and then how much time of our own each costs when archive, spool and service cost nothing.
 */
export async function measureQueue(parent: string, segments: number): Promise<Record<string, number>> {
  const folder = join(parent, `queue-${randomUUID()}`);
  await mkdir(folder);
  fill(folder, segments);
  const memoryBefore = process.memoryUsage.rss();
  const startedMs = performance.now();
  const { pipeline, ledger, closeJournal } = costingNothing(folder);
  await pipeline.resume();
  const startMs = performance.now() - startedMs;
  const [runMs, cpuBefore] = [performance.now(), process.cpuUsage()];
  while (!allVerified(ledger)) await turn();
  const cpu = process.cpuUsage(cpuBefore);
  const figures = {
    startMs,
    ownMsPerSegment: (performance.now() - runMs) / segments,
    ownCpuMsPerSegment: (cpu.user + cpu.system) / 1000 / segments,
    grownBytes: process.memoryUsage.rss() - memoryBefore,
  };
  await pipeline.stop();
  closeJournal();
  await rm(folder, { recursive: true });
  return figures;
}

function allVerified(ledger: ExportLedger): boolean {
  return ledger
    .all()
    .every(({ cameraExports }) =>
      cameraExports.every(({ segments }) => segments.every(({ record }) => record.state.kind === "verified")),
    );
}

function fill(folder: string, segments: number): void {
  const journal = openJournal(folder);
  const perExport = CAMERAS_AN_EXPORT * SEGMENTS_A_CAMERA;
  for (let done = 0; done < segments; done += perExport) {
    journal.add(entryOf(Math.min(perExport, segments - done)));
  }
  journal.close();
}

function entryOf(segments: number): JournalEntry {
  const exportId = randomUUID();
  const cameras = Math.ceil(segments / SEGMENTS_A_CAMERA);
  const cameraExports = Array.from({ length: cameras }, (_, index) =>
    cameraExportOf(exportId, index, Math.min(SEGMENTS_A_CAMERA, segments - index * SEGMENTS_A_CAMERA)),
  );
  const request = {
    requestId: exportId,
    cameraExports: cameraExports.map(({ segments: parts }, index) => ({
      cameraId: `camera-${index}`,
      cameraName: `Camera ${index}`,
      name: "",
      description: "",
      range: { startUtcMs: LAST_END_UTC_MS - parts.length * HOUR_MS, endUtcMs: LAST_END_UTC_MS },
    })),
    caseAssociation: { kind: "none" as const },
  };
  const record = { exportId, createdUtcMs: Date.now(), createdBy: "bench", request };
  return { record: { ...record, account: null, caseId: null, dismissed: false }, cameraExports };
}

function cameraExportOf(
  exportId: string,
  index: number,
  count: number,
): JournalEntry["cameraExports"][number] {
  const cameraExportId = randomUUID();
  const segments = Array.from({ length: count }, (_, position) => {
    const startUtcMs = LAST_END_UTC_MS - (count - position) * HOUR_MS;
    return {
      segmentId: randomUUID(),
      cameraExportId,
      index: position,
      range: { startUtcMs, endUtcMs: startUtcMs + HOUR_MS },
      state: { kind: "queued" as const },
      encryptionData: null,
      plannedLengthBytes: 100,
      recorded: null,
    };
  });
  const state = { kind: "queued" as const };
  const record = { cameraExportId, exportId, index, state, generation: 1, cameraArea: null, manifest: null };
  return { record, segments };
}

/** The console's pipeline on ports that answer at once, and without pauses. */
function costingNothing(folder: string) {
  const archive = new MemoryArchive();
  const spool = new MemorySpool(archive);
  const service = new MemoryService(spool);
  return sendingPipeline({
    folder,
    ports: { archive, spool, destinationOf: () => service },
    signer: memorySigner(),
    clock: { ...systemClock, pause: async () => undefined },
    onChange: () => undefined,
    onBug: (error) => console.error(error),
  });
}
