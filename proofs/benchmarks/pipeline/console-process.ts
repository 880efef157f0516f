/**
 * The console without its windows, in a process of its own: the real pipeline on the real adapters. Takes
 * one task after the other and answers with figures.
 */
import { readFileSync } from "node:fs";
import { mkdir } from "node:fs/promises";
import { join } from "node:path";
import { monitorEventLoopDelay } from "node:perf_hooks";
import { ArchiveClient } from "#electron/adapters/archive-client/archive-client.ts";
import { ClearanceDestination } from "#electron/adapters/clearance-client/clearance-destination.ts";
import { ClearanceHttp } from "#electron/adapters/clearance-client/clearance-http.ts";
import { parseConnectionFile } from "#electron/adapters/clearance-client/connection.ts";
import { SegmentWorker } from "#electron/adapters/segment-encryptor/segment-workers.ts";
import { FolderSpool } from "#electron/adapters/spool/folder-spool.ts";
import type { ConsoleAnswer, ConsoleSetup, ConsoleTask } from "./console-messages.ts";
import { measureQueue } from "./queued-segments.ts";
import { SpooledUploads } from "./spooled-uploads.ts";
import { exportWhole } from "./whole-export.ts";

const setup = JSON.parse(process.argv[2] ?? "{}") as ConsoleSetup;
const parsed = parseConnectionFile(readFileSync(setup.connectionFile, "utf8"));
if (!parsed.ok) throw new Error(parsed.error.message);
const account = new ClearanceHttp(parsed.value);

const archive = new ArchiveClient(() => ({ baseUrl: setup.archiveUrl, token: setup.archiveToken }));
const [readWorker, sendWorker] = [new SegmentWorker(setup.workerPath), new SegmentWorker(setup.workerPath)];
const spoolSettings = { folder: join(setup.folder, "spool"), quotaBytes: 1e12 };
const spool = new FolderSpool(
  () => spoolSettings,
  readWorker,
  (cameraId, range) => archive.exportUrl(cameraId, range),
);
const destination = new ClearanceDestination(
  () => account,
  sendWorker,
  (segmentId, folder) => spool.pathOf(segmentId, folder),
  "bench",
);
const parts = { archive, spool, destination, folder: setup.folder };
const uploads = new SpooledUploads(parts);

async function perform(task: ConsoleTask): Promise<ConsoleAnswer> {
  switch (task.kind) {
    case "whole":
      return { ok: true, figures: await withStalls(() => exportWhole(parts, task)), paths: [] };
    case "spool":
      return {
        ok: true,
        figures: await uploads.spool(task.cameraId, task.range),
        paths: await uploads.paths(),
      };
    case "upload":
      return { ok: true, figures: await uploads.upload(), paths: await uploads.paths() };
    case "queue":
      return { ok: true, figures: await measureQueue(setup.folder, task.segments), paths: [] };
  }
}

/** Adds how long this process could not react to anything meanwhile. */
async function withStalls(work: () => Promise<Record<string, number>>): Promise<Record<string, number>> {
  const stalls = monitorEventLoopDelay({ resolution: 1 });
  stalls.enable();
  const figures = await work();
  stalls.disable();
  return { ...figures, stallP99Ms: stalls.percentile(99) / 1e6, stallMaxMs: stalls.max / 1e6 };
}

process.on("message", (task: ConsoleTask) => {
  perform(task)
    .catch((error: unknown): ConsoleAnswer => ({ ok: false, reason: String(error) }))
    .then((answer) => process.send?.(answer))
    .catch((error: unknown) => console.error("The answer could not be sent.", error));
});

// A bench that was ended leaves nobody behind.
process.on("disconnect", () => process.exit());

await mkdir(spoolSettings.folder, { recursive: true });
process.stdout.write(`${JSON.stringify({ ready: "yes" })}\n`);
