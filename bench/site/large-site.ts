import { execFile } from "node:child_process";
import { randomUUID } from "node:crypto";
import { mkdir } from "node:fs/promises";
import { join } from "node:path";
import { promisify } from "node:util";
import { footageIndex } from "#archive/index/footage-index.ts";
import { openIndex } from "#archive/index/open-index.ts";
import { storeCamera, storeStopped } from "#archive/recorder/camera-fleet.ts";
import { DEMO_OPERATORS } from "#dev/demo-site/demo-operators.ts";
import { cutLoop } from "#dev/demo-site/footage/loop-segments.ts";
import { writePastSession } from "#dev/demo-site/footage/past-footage.ts";
import { SqliteJournal } from "#electron/adapters/journal/sqlite-journal.ts";
import { writeOperatorDirectory } from "#electron/adapters/site/operator-directory.ts";
import { openSiteFolder, writeSiteFacts } from "#electron/adapters/site/site-folder.ts";
import type { JournalEntry } from "#electron/export-pipeline/ports/export-journal.ts";
import type { SegmentState } from "#shared/domain/segment-state.ts";

export interface LargeSite {
  readonly cameras: number;
  readonly areas: number;
  readonly exports: number;
  readonly segmentsAnExport: number;
}

/** What the issue of large sites names. */
export const LARGE: LargeSite = { cameras: 5_000, areas: 50, exports: 200, segmentsAnExport: 50 };

const MINUTE_MS = 60_000;
const HOUR_MS = 60 * MINUTE_MS;
const FOOTAGE_MS = 20_000;

/** A site as it stands after months of work: many cameras with footage that nobody records, and exports that ended. */
export async function makeLargeSite(root: string, size: LargeSite, ending: Ending): Promise<void> {
  writeSiteFacts(root, { name: "Large site", timeZone: "Europe/Berlin", demo: true });
  const site = openSiteFolder(root);
  await writeOperatorDirectory(site.console, DEMO_OPERATORS);
  await fillArchive(site.archive, size);
  fillJournal(join(site.console, "journal.sqlite"), size, ending);
}

async function fillArchive(dir: string, { cameras, areas }: LargeSite): Promise<void> {
  await mkdir(dir, { recursive: true });
  const clip = join(dir, "minute.mp4");
  const picture = "testsrc2=size=320x180:rate=10:duration=60,format=yuv420p";
  const coding = ["-c:v", "libx264", "-preset", "ultrafast", "-bf", "0", "-g", "20", "-sc_threshold", "0"];
  const quiet = ["-hide_banner", "-nostdin", "-loglevel", "error", "-y"];
  await promisify(execFile)("ffmpeg", [...quiet, "-f", "lavfi", "-i", picture, ...coding, clip]);
  const loop = await cutLoop("ffmpeg", clip);
  const database = openIndex(dir);
  try {
    const index = footageIndex(database);
    const endUtcMs = Math.floor(Date.now() / MINUTE_MS) * MINUTE_MS;
    for (let number = 1; number <= cameras; number += 1) {
      const cameraId = `camera-${number}`;
      const source = { kind: "loop", file: "minute.mp4" } as const;
      const name = `Camera ${number} ${PLACES[number % PLACES.length] ?? ""}`;
      storeCamera(dir, index, cameraId, { name, area: `Building ${(number % areas) + 1}`, source });
      storeStopped(dir, index, cameraId);
      const session = { startUtcMs: endUtcMs - FOOTAGE_MS, endUtcMs };
      writePastSession(dir, index, cameraId, loop, session, endUtcMs);
    }
  } finally {
    database.close();
  }
}

const PLACES = ["gate", "north stairs", "loading bay", "corridor", "car park", "roof"];

/** Whether the exports are all at the service, or wait to be sent. */
export type Ending = "available" | "queued";

function fillJournal(path: string, size: LargeSite, ending: Ending): void {
  const journal = new SqliteJournal(path);
  for (let number = 1; number <= size.exports; number += 1) journal.add(exportOf(number, size, ending));
  journal.close();
}

function exportOf(number: number, { segmentsAnExport }: LargeSite, ending: Ending): JournalEntry {
  const [exportId, cameraExportId] = [randomUUID(), randomUUID()];
  const endUtcMs = Date.UTC(2026, 0, 1) + number * HOUR_MS;
  const range = { startUtcMs: endUtcMs - 24 * HOUR_MS, endUtcMs };
  const each = (range.endUtcMs - range.startUtcMs) / segmentsAnExport;
  const about = { cameraId: `camera-${number}`, cameraName: `Camera ${number}`, name: "", description: "" };
  const request = {
    requestId: exportId,
    cameraExports: [{ ...about, range }],
    caseAssociation: { kind: "none" as const },
  };
  const segments = Array.from({ length: segmentsAnExport }, (_, index) => ({
    ...{ segmentId: randomUUID(), cameraExportId, index },
    range: { startUtcMs: range.startUtcMs + index * each, endUtcMs: range.startUtcMs + (index + 1) * each },
    state: segmentState(ending),
    ...{ encryptionData: null, plannedLengthBytes: 100_000_000, recorded: null },
  }));
  const state = ending === "available" ? available() : ({ kind: "queued" } as const);
  const record = { exportId, createdUtcMs: endUtcMs, createdBy: "operator", request, caseId: null };
  const cameraExport = { cameraExportId, exportId, index: 0, state, generation: 1 };
  return {
    record: { ...record, dismissed: false },
    cameraExports: [{ record: { ...cameraExport, cameraArea: null, manifest: null }, segments }],
  };
}

function available() {
  return { kind: "available", evidenceId: randomUUID() } as const;
}

function segmentState(ending: Ending): SegmentState {
  if (ending === "queued") return { kind: "queued" };
  const hashes = { plaintextSha256: "0".repeat(64), ciphertextSha512: "0".repeat(128) };
  const file = { ...hashes, plaintextLengthBytes: 100_000_000, ciphertextLengthBytes: 100_000_400 };
  return { kind: "verified", file, resourceId: randomUUID() };
}
