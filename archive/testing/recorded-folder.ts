import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { CameraSource } from "#shared/archive-api/archive-api.ts";
import { footageIndex, type FootageIndex } from "../index/footage-index.ts";
import { openIndex } from "../index/open-index.ts";
import { CameraRecorder, type CameraRecorderOptions } from "../recorder/camera-recorder.ts";

export const TEST_CAMERA = "door";

/** All time. */
export const ALWAYS = { startUtcMs: 0, endUtcMs: 4_000_000_000_000 };

/** A temporary archive folder with an open index, and recorders of one camera in it. */
export interface RecordedFolder {
  readonly dir: string;
  readonly index: FootageIndex;
  /** Lines that recorders logged. */
  readonly lines: string[];
  record(source: CameraSource, options?: Partial<CameraRecorderOptions>): CameraRecorder;
  /** Ends the recorders and removes the folder. */
  close(): Promise<void>;
}

/** @param dir an existing folder to use instead, which is left there */
export async function recordedFolder(dir?: string): Promise<RecordedFolder> {
  const folder = dir ?? (await mkdtemp(join(tmpdir(), "evidence-desk-recorded-")));
  const database = openIndex(folder);
  const index = footageIndex(database);
  const lines: string[] = [];
  const log = (line: string): void => void lines.push(line);
  const recorders: CameraRecorder[] = [];
  return {
    ...{ dir: folder, index, lines },
    record(source, options = {}) {
      const own = { dir: folder, cameraId: TEST_CAMERA, source, index, log };
      const recorder = new CameraRecorder({ ...own, ...options });
      recorders.push(recorder);
      return recorder;
    },
    async close() {
      await Promise.all(recorders.map((recorder) => recorder.stop()));
      database.close();
      if (dir === undefined) await rm(folder, { recursive: true, force: true });
    },
  };
}
