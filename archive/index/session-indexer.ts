import { readFile, stat } from "node:fs/promises";
import { readFileSync, renameSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { z } from "zod";
import { initFile, SESSION_FILE, segmentFile, sessionFolder } from "../archive-folder.ts";
import type { FootageIndex, SessionRow } from "./footage-index.ts";
import {
  describeSegment,
  presentationSpan,
  readSegmentSamples,
  readSessionMedia,
} from "./recorded-segment.ts";
import { parseJson } from "./json-file.ts";
import type { SegmentSamples } from "./sample-table.ts";
import { ticksToUs } from "./session-clock.ts";

/**
 * Kept beside the media, so that a rebuilt index has the same instants. `baseTime` is null until the
 * first segment has come (a source in step with the wall clock knows its start before its first frame).
 */
const sessionFileSchema = z.object({ startUs: z.number().int(), baseTime: z.number().int().nullable() });

/** Puts the segments of one camera's sessions into the index. One at a time per camera. */
export interface SessionIndexer {
  /**
   * Indexes one finished segment file; a second call for the same file changes nothing.
   * @throws MediaError when the file is torn or damaged, Node's own error when it cannot be read
   */
  index(session: string, number: number): Promise<void>;
}

export function sessionIndexer(dir: string, cameraId: string, index: FootageIndex): SessionIndexer {
  const media = new Map<string, ReturnType<typeof readSessionMedia>>();
  const mediaOf = async (session: string) => {
    const known = media.get(session);
    if (known !== undefined) return known;
    const read = readSessionMedia(await readFile(initFile(dir, cameraId, session)));
    media.clear();
    media.set(session, read);
    return read;
  };
  return {
    async index(session, number) {
      if (index.hasSegment(cameraId, session, number)) return;
      const path = segmentFile(dir, cameraId, session, number);
      const [details, bytes, sessionMedia] = await Promise.all([
        stat(path),
        readFile(path),
        mediaOf(session),
      ]);
      const frames = readSegmentSamples(sessionMedia, bytes);
      const arrivalUs = Math.round(details.mtimeMs * 1000);
      index.inOneStep(() => {
        const row =
          index.session(cameraId, session) ??
          index.addSession({
            cameraId,
            name: session,
            timeScale: sessionMedia.track.timescale,
            codec: sessionMedia.track.codec,
            width: sessionMedia.track.width,
            height: sessionMedia.track.height,
            ...sessionStart(
              sessionFolder(dir, cameraId, session),
              frames,
              sessionMedia.track.timescale,
              arrivalUs,
            ),
          });
        index.addSegment(row, describeSegment(row, frames, { number, sizeBytes: bytes.length, arrivalUs }));
      });
    },
  };
}

/**
 * When the session's first frame was taken. A segment is finished when the first frame after it arrives,
 * so its arrival less its length is the arrival of its own first frame. ffmpeg's own date-times are
 * later than that by the time it took to look at the stream.
 */
function sessionStart(
  folder: string,
  frames: SegmentSamples,
  timeScale: number,
  arrivalUs: number,
): Pick<SessionRow, "startUs" | "baseTime"> {
  const span = presentationSpan(frames);
  const known = readSessionFile(folder);
  if (known !== undefined && known.baseTime !== null)
    return { startUs: known.startUs, baseTime: known.baseTime };
  const startUs = known?.startUs ?? arrivalUs - ticksToUs(span.end - span.start, timeScale);
  writeSessionFile(folder, { startUs, baseTime: span.start });
  return { startUs, baseTime: span.start };
}

/** What was written down of the session's start, or undefined where that is missing or torn. */
function readSessionFile(folder: string): z.infer<typeof sessionFileSchema> | undefined {
  try {
    const text = readFileSync(join(folder, SESSION_FILE), "utf8");
    return sessionFileSchema.safeParse(parseJson(text)).data;
  } catch (error) {
    if (error instanceof Error && "code" in error && error.code === "ENOENT") return undefined;
    throw error;
  }
}

/** Writes the session's start on the wall clock, whole or not at all. */
export function writeSessionFile(folder: string, content: z.infer<typeof sessionFileSchema>): void {
  const path = join(folder, SESSION_FILE);
  writeFileSync(`${path}.part`, JSON.stringify(content));
  renameSync(`${path}.part`, path);
}
