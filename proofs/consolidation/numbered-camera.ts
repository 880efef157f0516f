/** A camera of the archive whose pictures bear their numbers, and what the archive gives out of it. */
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { buffer } from "node:stream/consumers";
import { exportDesk } from "#archive/export/export-desk.ts";
import {
  CAMERA,
  recordNumbered,
  type NumberedSession,
  type RecordedPicture,
} from "#archive/export/testing/numbered-footage.ts";
import { footageIndex } from "#archive/index/footage-index.ts";
import { openIndex } from "#archive/index/open-index.ts";
import { reconcile } from "#archive/index/reconcile.ts";
import type { TimeRange } from "#shared/domain/time-range.ts";
import { wholeFile } from "#media/virtual-file.ts";

/** A segment as a console sends it. */
export interface ExportedSegment {
  readonly range: TimeRange;
  readonly bytes: Buffer;
  readonly codec: string;
}

export interface NumberedCamera {
  readonly folder: string;
  export(range: TimeRange): Promise<ExportedSegment>;
  /** Numbers of the pictures taken in the range. */
  numbersIn(range: TimeRange): number[];
  forget(): Promise<void>;
}

/** @param sessions that follow each other without an overlap */
export async function numberedCamera(sessions: readonly NumberedSession[]): Promise<NumberedCamera> {
  const folder = await mkdtemp(join(tmpdir(), "evidence-desk-numbered-"));
  const pictures: RecordedPicture[] = [];
  for (const session of sessions) pictures.push(...(await recordNumbered(folder, session)).pictures);
  const database = openIndex(folder);
  const index = footageIndex(database);
  await reconcile({ dir: folder, index });
  const desk = exportDesk(folder, index);
  return {
    folder,
    async export(range) {
      const planned = await desk.plan({ cameraId: CAMERA, range });
      const bytes = await buffer(desk.read(planned, wholeFile(planned.plan)));
      return { range, bytes, codec: planned.plan.codec };
    },
    numbersIn: ({ startUtcMs, endUtcMs }) =>
      pictures
        .filter(({ instantUs }) => instantUs >= startUtcMs * 1000 && instantUs < endUtcMs * 1000)
        .map(({ number }) => number),
    async forget() {
      database.close();
      await rm(folder, { recursive: true, force: true });
    },
  };
}
