import pLimit from "p-limit";
import { Readable } from "node:stream";
import type { TimeRange } from "#shared/domain/time-range.ts";
import { openFileSource } from "#media/file-source.ts";
import { readVirtualFile } from "#media/virtual-file.ts";
import type { FootageIndex, SegmentRow } from "../index/footage-index.ts";
import { planExport, type PlannedExport } from "./planned-export.ts";

/** A plan of a whole day needs some hundred megabytes while it is made, so plans are made one by one. */
const PLANNED_AT_A_TIME = 1;

/** Plans kept, so that a plan's many byte ranges are not planned again each. */
const PLANS_KEPT = 4;

/** Plans exports and reads their bytes. */
export interface ExportDesk {
  /** Rejects with the failures of `planExport`. */
  plan(cameraId: string, range: TimeRange): Promise<PlannedExport>;
  /** Any bytes of a planned file. Destroying the stream closes what is open; memory stays bounded. */
  read(planned: PlannedExport, startByte: number, endByteExclusive: number): Readable;
}

export function exportDesk(dir: string, index: FootageIndex): ExportDesk {
  const limit = pLimit(PLANNED_AT_A_TIME);
  const plans = new Map<string, Promise<PlannedExport>>();
  return {
    plan(cameraId, range) {
      const rows = index.segments(cameraId, range);
      const key = `${cameraId} ${range.startUtcMs} ${range.endUtcMs} ${fingerprint(rows)}`;
      const planned = plans.get(key) ?? limit(() => planExport(dir, index, cameraId, range, rows));
      plans.delete(key);
      plans.set(key, planned);
      planned.catch(() => plans.delete(key));
      for (const oldest of plans.keys()) if (plans.size > PLANS_KEPT) plans.delete(oldest);
      return planned;
    },
    read(planned, startByte, endByteExclusive) {
      const open = (source: number) => openFileSource(planned.sources[source] ?? "");
      const bytes = readVirtualFile(planned.file, startByte, endByteExclusive, open);
      return Readable.from(bytes, { objectMode: false, highWaterMark: 1024 * 1024 });
    },
  };
}

/** Differs when any segment of the range came, went or was taken over in part. */
function fingerprint(rows: readonly SegmentRow[]): number {
  return rows.reduce((sum, row) => (Math.imul(sum, 31) + row.id + row.shownEndUs) | 0, rows.length);
}
