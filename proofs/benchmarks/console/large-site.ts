import { randomUUID } from "node:crypto";
import { mkdirSync } from "node:fs";
import { mkdtemp } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { footageIndex } from "#archive/index/footage-index.ts";
import { openIndex } from "#archive/index/open-index.ts";
import { storeCamera, storeStopped } from "#archive/recorder/camera-fleet.ts";
import { DEMO_OPERATORS } from "#dev/demo-site/demo-operators.ts";
import { writeOperatorList } from "#electron/adapters/site/operator-list.ts";
import { openSiteFolder, type SiteFolder, writeSiteFacts } from "#electron/adapters/site/site-folder.ts";
import type { JournalEntry, SegmentRecord } from "#electron/export-pipeline/ports/export-journal.ts";
import { openJournal } from "#electron/sending-parts/console-folder.ts";
import { seedDemo } from "#evidence-service/testing/demo-seed.ts";

const FILE_MS = 4_000;
const CAMERAS_AN_AREA = 25;
const CASE = { kind: "none" } as const;

/** A camera's footage: ten files that end now, as far as the index knows; nobody reads their files. */
const FILES_A_CAMERA = 10;

/** Makes the folder of a site with the demo's operators and nothing else in it. The caller removes `root`. */
export async function emptySite(name: string): Promise<SiteFolder> {
  const root = join(await mkdtemp(join(tmpdir(), `evidence-desk-bench-${name}-`)), "site");
  writeSiteFacts(root, { name: "Large site", timeZone: "Europe/Berlin", demo: true });
  const site = openSiteFolder(root);
  await Promise.all([
    writeOperatorList(site.console, DEMO_OPERATORS),
    seedDemo({ dir: site.evidenceService }),
  ]);
  return site;
}

/** Enters so many cameras, in areas of 25, with a little footage each. They are not recorded: nothing is started. */
export function addCameras(site: SiteFolder, count: number): void {
  mkdirSync(site.archive, { recursive: true });
  const database = openIndex(site.archive);
  const index = footageIndex(database);
  const nowUs = Date.now() * 1000;
  database.transaction(() => {
    for (let number = 1; number <= count; number++) {
      const cameraId = `camera-${number}`;
      const area = `Building ${Math.ceil(number / CAMERAS_AN_AREA)}`;
      const source = { kind: "loop", file: "none.mp4" } as const;
      storeCamera({ dir: site.archive, index, cameraId }, { name: `Camera ${number}`, area, source });
      storeStopped({ dir: site.archive, index, cameraId });
      addFootage(database, cameraId, nowUs - FILES_A_CAMERA * FILE_MS * 1000);
    }
  })();
  database.close();
}

function addFootage(database: ReturnType<typeof openIndex>, cameraId: string, startUs: number): void {
  const session = database
    .prepare(
      `INSERT INTO sessions (camera_id, name, start_us, base_time, time_scale, codec, width, height, ordinal)
       VALUES (?, ?, ?, 0, 90000, 'avc1.64001e', 640, 360, 1)`,
    )
    .run(cameraId, String(Math.floor(startUs / 1000)), startUs).lastInsertRowid;
  database
    .prepare(
      `WITH RECURSIVE n (i) AS (SELECT 0 UNION ALL SELECT i + 1 FROM n WHERE i + 1 < ${FILES_A_CAMERA})
       INSERT INTO segments (camera_id, session_id, number, start_us, end_us, frame_us, size_bytes,
         arrival_us, sequence, discontinuity)
       SELECT :cameraId, :session, i, :startUs + i * 4000000, :startUs + (i + 1) * 4000000,
         40000, 1000, :startUs + (i + 1) * 4000000, i, 0 FROM n`,
    )
    .run({ cameraId, session, startUs });
}

/** What all entries of a journal share. */
export interface ExportShape {
  readonly exports: number;
  readonly camerasAnExport: number;
  readonly segmentsACamera: number;
  /** End of the footage asked for. */
  readonly endUtcMs: number;
  readonly segmentMs: number;
  readonly cameraId: (index: number) => string;
  /** `available`: sent long ago; `queued`: to be taken up at the start. */
  readonly state: "available" | "queued";
}

/** Enters exports into the site's journal, oldest first. */
export function addExports(site: SiteFolder, shape: ExportShape): void {
  const journal = openJournal(site.console);
  for (let number = 0; number < shape.exports; number++) {
    journal.add(entryOf(shape, shape.endUtcMs + number));
  }
  journal.close();
}

function entryOf(shape: ExportShape, createdUtcMs: number): JournalEntry {
  const exportId = randomUUID();
  const startUtcMs = shape.endUtcMs - shape.segmentsACamera * shape.segmentMs;
  const indexes = Array.from({ length: shape.camerasAnExport }, (_, index) => index);
  const request = {
    requestId: exportId,
    cameraExports: indexes.map((index) => ({
      ...{ cameraId: shape.cameraId(index), cameraName: `Camera ${index + 1}`, name: "", description: "" },
      range: { startUtcMs, endUtcMs: shape.endUtcMs },
    })),
    caseAssociation: CASE,
  };
  const rest = { account: null, caseId: null, dismissed: false };
  const record = { exportId, createdUtcMs, createdBy: "operator", request, ...rest };
  return {
    record,
    cameraExports: indexes.map((index) => cameraExportOf(shape, exportId, index, startUtcMs)),
  };
}

function cameraExportOf(shape: ExportShape, exportId: string, index: number, startUtcMs: number) {
  const cameraExportId = randomUUID();
  const segments = Array.from({ length: shape.segmentsACamera }, (_, position): SegmentRecord => {
    const segmentId = randomUUID();
    const from = startUtcMs + position * shape.segmentMs;
    const range = { startUtcMs: from, endUtcMs: from + shape.segmentMs };
    const state = shape.state === "queued" ? QUEUED : verifiedAs(segmentId);
    const rest = { encryptionData: null, plannedLengthBytes: 1000, recorded: null };
    return { segmentId, cameraExportId, index: position, range, state, ...rest };
  });
  const state =
    shape.state === "queued" ? QUEUED : ({ kind: "available", evidenceId: cameraExportId } as const);
  const rest = { generation: 1, cameraArea: null, manifest: null };
  return { record: { cameraExportId, exportId, index, state, ...rest }, segments };
}

const QUEUED = { kind: "queued" } as const;

const verifiedAs = (resourceId: string) =>
  ({
    kind: "verified",
    resourceId,
    file: {
      ...{ plaintextLengthBytes: 1000, plaintextSha256: "0".repeat(64) },
      ...{ ciphertextLengthBytes: 1028, ciphertextSha512: "0".repeat(128) },
    },
  }) as const;
