import pLimit from "p-limit";
import type { Readable } from "node:stream";
import { openFileSource } from "#media/file-source.ts";
import { readVirtualFile, type FileRange } from "#media/virtual-file.ts";
import { PromiseCache } from "#runtime/cache/promise-cache.ts";
import { BufferPool } from "#runtime/streams/buffer-pool.ts";
import { PooledStream } from "#runtime/streams/pooled-stream.ts";
import { ArchiveFailure } from "../ground/archive-failure.ts";
import type { FootageIndex } from "../index/footage-index.ts";
import type { FootageQuery } from "../index/footage-query.ts";
import type { FootageFileRow } from "../index/index-rows.ts";
import { type LostFootage, lostFootage } from "../index/lost-footage.ts";
import { SteppedWork } from "../ground/stepped-work.ts";
import { readFootageFileRows } from "./export-rows.ts";
import { checkExportRange, planExport, type PlannedExport } from "./planned-export.ts";

/** Plans that are made at the same time; each takes turns with other requests. */
const PLANNED_AT_A_TIME = 2;

/** Read at once: large enough that reading is as fast as the disk, small enough for several exports at a time. */
const CHUNK_BYTES = 1024 * 1024;

/** Plans kept, so that a file's many byte ranges are not planned again each. */
const MOST_PLANS = 4;

/** Tables of a day are about 10 MB; the newest plan is kept however large it is. */
const MOST_HEADER_BYTES = 24 * 1024 * 1024;

/** Plans exports and reads their bytes. */
export interface ExportDesk {
  /** Rejects with the failures of `planExport`. */
  plan(query: FootageQuery): Promise<PlannedExport>;
  /** Any bytes of a planned file. Destroying the stream closes what is open; memory stays bounded. */
  read(planned: PlannedExport, range: FileRange): Readable;
}

export function exportDesk(
  dir: string,
  index: FootageIndex,
  lost: LostFootage = lostFootage(dir, index, () => undefined),
): ExportDesk {
  const limit = pLimit(PLANNED_AT_A_TIME);
  const kept = new PromiseCache<PlannedExport>({
    mostEntries: MOST_PLANS,
    mostWeight: MOST_HEADER_BYTES,
    weightOf: ({ file }) => file.header.length,
  });
  const plan: ExportDesk["plan"] = async (query) => {
    const { cameraId, range, recording } = query;
    checkExportRange(range);
    const asked = { dir, index, ...query };
    const rows = await readFootageFileRows(asked, new SteppedWork());
    const key = `${cameraId} ${range.startUtcMs} ${range.endUtcMs} ${recording ?? ""} ${fingerprint(rows)}`;
    try {
      return await kept.get(key, () => limit(() => planExport(asked, rows)));
    } catch (error) {
      const isLost = error instanceof ArchiveFailure && error.code === "FOOTAGE_LOST";
      if (isLost && (await lost.sessions(cameraId))) return await plan(query);
      throw error;
    }
  };
  return {
    plan,
    read(planned, range) {
      const noteLost = (source: number): Promise<void> => {
        kept.drop(planned);
        return lost.footageFiles(planned.plan.cameraId, planned.rows, planned.rows[source]);
      };
      const openSource = (source: number) => openWatched(planned.sourcePath(source), () => noteLost(source));
      const { file } = planned;
      return new PooledStream(
        (pool) => readVirtualFile(file, range, { openSource, chunkBytes: CHUNK_BYTES, pool }),
        new BufferPool(CHUNK_BYTES),
      );
    },
  };
}

/** Where a file cannot be read, the index is put right before anybody hears of it: who asks again is told what there is. */
async function openWatched(path: string, noteLost: () => Promise<void>): Promise<OpenedSource> {
  const noted = async (error: unknown): Promise<never> => {
    await noteLost();
    throw error;
  };
  const file = await openFileSource(path).catch(noted);
  return { ...file, read: (...part) => file.read(...part).catch(noted) };
}

type OpenedSource = Awaited<ReturnType<typeof openFileSource>>;

/** Differs when any footage file of the range came, went or was taken over in part. */
function fingerprint(rows: readonly FootageFileRow[]): number {
  return rows.reduce(
    (sum, row) => (Math.imul(sum, 31) + row.id + row.shownEndUs + Math.imul(row.shownStartUs | 0, 17)) | 0,
    rows.length,
  );
}
