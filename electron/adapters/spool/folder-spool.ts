import { mkdir, readdir, rm, stat, statfs } from "node:fs/promises";
import { join } from "node:path";
import type { TimeRange } from "#shared/domain/time-range.ts";
import type { ArchiveAddress } from "../archive-client/archive-client.ts";
import {
  ABORTED,
  type PortCall,
  portFailed,
  type PortOutcome,
} from "../../export-pipeline/ports/port-call.ts";
import type {
  SegmentSpool,
  SpoolDocument,
  SpoolJob,
  SpooledSegment,
} from "../../export-pipeline/ports/segment-spool.ts";
import type { SegmentWorker } from "../segment-encryptor/segment-workers.ts";
import { writeDocument } from "./write-document.ts";

/** Left free on the disk whatever the quota says, so that the journal can always be written. */
const FREE_SPACE_RESERVE_BYTES = 512 * 1024 * 1024;
const SPOOL_FILE_SUFFIX = ".enc";

export interface SpoolSettings {
  readonly folder: string;
  readonly quotaBytes: number;
}

/** A folder that is not there, e.g. on a disk that is not plugged in, is waited for. */
function folderTrouble(error: unknown) {
  const reason = error instanceof Error && "code" in error ? String(error.code) : String(error);
  return {
    code: "SPOOL_NOT_WRITABLE",
    message: `The spool folder cannot be used (${reason}).`,
    action: "Check the spool folder in the settings; the export goes on by itself.",
  };
}

/** The spool in a folder of its own: encrypted segments only, readable by this user alone. */
export class FolderSpool implements SegmentSpool {
  readonly #settings: () => SpoolSettings;
  readonly #worker: SegmentWorker;
  readonly #exportUrl: (cameraId: string, range: TimeRange) => ArchiveAddress | null;

  constructor(
    settings: () => SpoolSettings,
    worker: SegmentWorker,
    exportUrl: (cameraId: string, range: TimeRange) => ArchiveAddress | null,
  ) {
    this.#settings = settings;
    this.#worker = worker;
    this.#exportUrl = exportUrl;
  }

  pathOf(segmentId: string): string {
    return join(this.#settings().folder, `${segmentId}${SPOOL_FILE_SUFFIX}`);
  }

  async write(
    job: SpoolJob,
    onProgress: (plaintextBytes: number) => void,
    call: PortCall,
  ): Promise<PortOutcome<SpooledSegment>> {
    const source = this.#exportUrl(job.cameraId, job.range);
    if (source === null)
      return portFailed("transient", "ARCHIVE_UNREACHABLE", "The archive has not started yet.");
    const outcome = await this.#worker.run(
      {
        kind: "write",
        sourceUrl: source.baseUrl,
        sourceToken: source.token,
        path: this.pathOf(job.segmentId),
        recipient: job.recipient,
      },
      onProgress,
      call.signal,
    );
    if (!outcome.ok) return outcome;
    if (outcome.value === undefined) throw new TypeError("The worker answered a write without a value.");
    return { ok: true, value: outcome.value };
  }

  async writeDocument(document: SpoolDocument, call: PortCall): Promise<PortOutcome<SpooledSegment>> {
    if (call.signal.aborted) return ABORTED;
    return await writeDocument(this.pathOf(document.documentId), document);
  }

  async remove(segmentId: string): Promise<void> {
    await rm(this.pathOf(segmentId), { force: true });
    await rm(`${this.pathOf(segmentId)}.part`, { force: true });
  }

  async sweep(keep: ReadonlySet<string>): Promise<void> {
    const { folder } = this.#settings();
    await mkdir(folder, { recursive: true, mode: 0o700 });
    for (const name of await readdir(folder)) {
      const isOurs = name.endsWith(SPOOL_FILE_SUFFIX) || name.endsWith(`${SPOOL_FILE_SUFFIX}.part`);
      if (isOurs && !keep.has(name.slice(0, -SPOOL_FILE_SUFFIX.length)))
        await rm(join(folder, name), { force: true });
    }
  }

  async roomFor(lengthBytes: number) {
    const { folder, quotaBytes } = this.#settings();
    const trouble = await mkdir(folder, { recursive: true, mode: 0o700 }).then(() => null, folderTrouble);
    if (trouble !== null) return trouble;
    const usedBytes = await this.usedBytes();
    if (usedBytes > 0 && usedBytes + lengthBytes > quotaBytes) {
      return {
        code: "SPOOL_FULL",
        message: "The spool has reached its quota. Reading goes on when uploads have made room.",
        action: "Nothing needs to be done unless uploads stand still.",
      };
    }
    const disk = await statfs(folder);
    if (disk.bavail * disk.bsize - lengthBytes < FREE_SPACE_RESERVE_BYTES) {
      return {
        code: "SPOOL_DISK_FULL",
        message: "The disk of the spool folder is almost full.",
        action: "Free space on it; the export goes on by itself.",
      };
    }
    return null;
  }

  async usedBytes(): Promise<number> {
    const { folder } = this.#settings();
    const names = await readdir(folder).catch(() => []);
    const sizes = await Promise.all(
      names.map((name) =>
        stat(join(folder, name)).then(
          ({ size }) => size,
          () => 0,
        ),
      ),
    );
    return sizes.reduce((sum, size) => sum + size, 0);
  }
}
