import { createHash } from "node:crypto";
import type { ByteSource } from "#media/byte-source.ts";
import { bringsParameterSets } from "#media/in-band-sets.ts";
import { MediaError } from "#media/media-error.ts";
import { readProgressiveFile, type ReadLimits } from "#media/progressive-reader.ts";
import type { VirtualFile } from "#media/progressive-writer.ts";
import type { Track } from "#media/track.ts";
import { resourcesOf, type ResourceRow } from "../api/resource-records.ts";
import type { ServiceContext } from "../service-context.ts";
import { openDecrypted } from "./decrypted-source.ts";
import { joinVideo, type JoinedVideo } from "./join-video.ts";
import { segmentTrack, type SegmentTrack } from "./segment-track.ts";
import { Unreadable } from "./unreadable.ts";

/** The consolidated video of an evidence: tables only; its pictures stay encrypted where they are. */
export interface ConsolidatedVideo extends JoinedVideo {
  /** Strong, quotes included. */
  readonly etag: string;
  /** Resource of each source, in the order of the sources. */
  readonly resourceIds: readonly string[];
}

/** Frames whose tables are kept, over all videos: eleven hours of one camera, or 50 minutes of 14; about 40 MB. */
const KEPT_FRAMES = 1_000_000;

/** A day of 60 frames a second. */
const SEGMENT_LIMITS: ReadLimits = { samples: 24 * 3600 * 60, movieBytes: 128 << 20 };

/** The others' tables would take memory for nothing: a day has four million packets of sound. */
const isPicture = ({ handler }: Track): boolean => handler === "vide";

/** Whether a stored file is a segment of the video (and not the manifest, or a document). */
export function isVideoSegment(row: ResourceRow): boolean {
  return row.state === "UserCompleted" && row.mimeType.startsWith("video/");
}

/** Builds consolidated videos and keeps the latest ones. */
export class ConsolidatedVideos {
  readonly #context: ServiceContext;
  /** The least recently asked for first. */
  readonly #kept = new Map<string, Promise<ConsolidatedVideo>>();
  readonly #frames = new Map<string, number>();

  constructor(context: ServiceContext) {
    this.#context = context;
  }

  /**
   * The video of a completed evidence; its files are sealed, so it never changes.
   * @throws Unreadable
   */
  get(evidenceId: string): Promise<ConsolidatedVideo> {
    const known = this.#kept.get(evidenceId);
    this.#kept.delete(evidenceId);
    const video = known ?? this.#build(evidenceId);
    this.#kept.set(evidenceId, video);
    if (known === undefined) {
      video.then(
        ({ storedFrames }) => this.#makeRoom(evidenceId, storedFrames),
        () => this.#kept.delete(evidenceId), // A failed reading may be tried again.
      );
    }
    return video;
  }

  #makeRoom(evidenceId: string, frames: number): void {
    this.#frames.set(evidenceId, frames);
    let total = [...this.#frames.values()].reduce((sum, count) => sum + count, 0);
    for (const oldest of [...this.#kept.keys()]) {
      const freed = this.#frames.get(oldest);
      if (total <= KEPT_FRAMES) return;
      if (freed === undefined || oldest === evidenceId) continue; // Still being built, or just built.
      this.#kept.delete(oldest);
      this.#frames.delete(oldest);
      total -= freed;
    }
  }

  /** Opens the plaintext of one source of a video. */
  openSource(video: ConsolidatedVideo, source: number): Promise<ByteSource> {
    const resourceId = video.resourceIds[source];
    if (resourceId === undefined) throw new Unreadable("FILE_MISSING", `The video has no source ${source}.`);
    return openDecrypted(this.#context, resourceId);
  }

  async #build(evidenceId: string): Promise<ConsolidatedVideo> {
    const rows = (await resourcesOf(this.#context, evidenceId))
      .filter(isVideoSegment)
      .toSorted((a, b) => a.startUtcMs - b.startUtcMs || a.seq - b.seq);
    const segments: SegmentTrack[] = [];
    for (const [source, row] of rows.entries()) segments.push(await this.#readSegment(source, row));
    const video = await joinVideo(segments, rows[0]?.startUtcMs ?? 0);
    return { ...video, etag: etagOf(video.file, rows), resourceIds: rows.map((row) => row.resourceId) };
  }

  async #readSegment(source: number, row: ResourceRow): Promise<SegmentTrack> {
    const bytes = await openDecrypted(this.#context, row.resourceId);
    try {
      const [video] = await readProgressiveFile(bytes, { limits: SEGMENT_LIMITS, isWanted: isPicture });
      if (video === undefined) throw new Unreadable("NO_VIDEO", `“${row.name}” holds no video.`);
      return segmentTrack(source, row.startUtcMs, video, await bringsParameterSets(bytes, video));
    } catch (error) {
      if (!(error instanceof MediaError)) throw error;
      throw new Unreadable(error.code, `“${row.name}” is not a readable MP4 file: ${error.message}`);
    } finally {
      await bytes.release();
    }
  }
}

function etagOf(file: VirtualFile, rows: readonly ResourceRow[]): string {
  const hash = createHash("sha256").update(file.header);
  for (const literal of file.literals ?? []) hash.update(literal);
  for (const row of rows) hash.update(`${row.resourceId}:${row.checksumHex};`);
  return `"${hash.digest("hex").slice(0, 40)}"`;
}
