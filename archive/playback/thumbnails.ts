import { mkdir, readFile } from "node:fs/promises";
import { dirname, join } from "node:path";
import pLimit from "p-limit";
import { PromiseCache } from "#runtime/cache/promise-cache.ts";
import { FOR_OTHERS_TOO, writeWhole } from "#runtime/files/whole-file.ts";
import { ArchiveFailure } from "../ground/archive-failure.ts";
import { thumbnailFolder } from "../ground/archive-folder.ts";
import type { FootageIndex } from "../index/footage-index.ts";
import { decodePicture } from "./decode-picture.ts";
import { keyFrameAt, readKeyFrame } from "./key-frames.ts";

/** Pictures decoded at the same time. */
const DECODERS = 2;

/** In memory, while a pointer goes to and fro over a timeline: pictures, and bytes of them together. */
const KEPT = { mostEntries: 256, mostWeight: 4 << 20 };

/** Small pictures of instants, made once and kept on disk beside the footage they show. */
export interface Thumbnails {
  /**
   * The key frame at an instant or before it, as JPEG: a picture is wanted at once, and a second or two earlier
   * is as good.
   * @throws ArchiveFailure NO_FOOTAGE, FOOTAGE_LOST, FFMPEG_MISSING, INTERNAL
   */
  at(cameraId: string, atUtcMs: number, recording?: string): Promise<Buffer>;
}

export function thumbnails(dir: string, index: FootageIndex): Thumbnails {
  const limit = pLimit(DECODERS);
  const pictures = new PromiseCache<Buffer>({ ...KEPT, weightOf: ({ length }) => length });
  return {
    async at(cameraId, atUtcMs, recording) {
      const instant = { startUtcMs: atUtcMs, endUtcMs: atUtcMs + 1 };
      const row = index.footageFiles({ cameraId, range: instant, recording })[0];
      if (row === undefined)
        throw new ArchiveFailure("NO_FOOTAGE", "The archive holds no picture of that instant.");
      const camera = { dir, index, cameraId };
      const frame = keyFrameAt(camera, row, atUtcMs * 1000);
      const folder = thumbnailFolder(dir, cameraId, row.sessionName);
      const path = join(folder, `${row.number}-key-${frame.number}.jpg`);
      const make = async (): Promise<Buffer> => {
        const picture = await decodePicture(await readKeyFrame(camera, row, frame));
        await keep(path, picture);
        return picture;
      };
      return pictures.get(path, async () => (await readFile(path).catch(() => null)) ?? limit(make));
    },
  };
}

async function keep(path: string, picture: Buffer): Promise<void> {
  await mkdir(dirname(path), { recursive: true });
  await writeWhole(path, picture, FOR_OTHERS_TOO);
}
