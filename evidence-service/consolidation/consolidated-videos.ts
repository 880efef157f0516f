import { createHash } from "node:crypto";
import type { ByteSource } from "#media/byte-source.ts";
import { bringsParameterSets } from "#media/in-band-sets.ts";
import { MediaError } from "#media/media-error.ts";
import { readProgressiveFile, type ReadLimits } from "#media/progressive-reader.ts";
import type { VirtualFile } from "#media/progressive-writer.ts";
import { resourcesOf, type ResourceRow } from "../api/resource-records.ts";
import type { ServiceContext } from "../service-context.ts";
import { openDecrypted } from "./decrypted-source.ts";
import { joinVideo, type JoinedVideo } from "./join-video.ts";
import { segmentTracks, type SegmentTrack } from "./segment-track.ts";
import { Unreadable, wordsOf } from "./unreadable.ts";

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
const READ_OPTIONS = { limits: SEGMENT_LIMITS, handlers: ["vide"] } as const;

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
    for (const [source, row] of rows.entries()) segments.push(...(await this.#readSegment(source, row)));
    const video = await joined(segments, rows);
    return { ...video, etag: etagOf(video.file, rows), resourceIds: rows.map((row) => row.resourceId) };
  }

  async #readSegment(source: number, row: ResourceRow): Promise<SegmentTrack[]> {
    const bytes = await openDecrypted(this.#context, row.resourceId);
    try {
      const [video] = await readProgressiveFile(bytes, READ_OPTIONS);
      if (video === undefined) throw new Unreadable("NO_VIDEO", `“${row.name}” holds no video.`);
      const bringsSets = await bringsParameterSets(bytes, video);
      const parts = segmentTracks(source, row.startUtcMs, video, bringsSets);
      checkTimes(row, parts);
      return parts;
    } catch (error) {
      if (!(error instanceof MediaError)) throw error;
      throw new Unreadable(error.code, `“${row.name}” ${wordsOf(error)}`, { cause: error });
    } finally {
      await bytes.release();
    }
  }
}

/** @throws Unreadable, which names the file where one is not to be shown even alone */
async function joined(segments: readonly SegmentTrack[], rows: readonly ResourceRow[]): Promise<JoinedVideo> {
  const startUtcMs = rows[0]?.startUtcMs ?? 0;
  try {
    return await joinVideo(segments, startUtcMs);
  } catch (error) {
    if (!(error instanceof Unreadable && error.cause instanceof MediaError)) throw error;
    for (const [source, row] of rows.entries()) {
      const parts = segments.filter((segment) => segment.source === source);
      const alone = await joinVideo(parts, row.startUtcMs).catch((failure: unknown) => failure);
      if (alone instanceof Unreadable && alone.cause instanceof MediaError)
        throw new Unreadable(alone.code, `“${row.name}” ${wordsOf(alone.cause)}`, { cause: alone.cause });
    }
    throw error;
  }
}

/** A camera's clock may run wrong by so much, and a range be asked for that ends within a frame. */
const LONGER_FACTOR = 1.05;
const LONGER_S = 10;
/** No camera sends more frames a second for long. */
const MOST_FRAMES_PER_S = 1_000;

/**
 * What a file says of its length against what its resource says of it, which its console signed.
 * @throws Unreadable TIMES_CONTRADICT
 */
function checkTimes(row: ResourceRow, parts: readonly SegmentTrack[]): void {
  const ofS = (row.endUtcMs - row.startUtcMs) / 1_000;
  const lastsS = parts.reduce(
    (sum, { shownFromTicks, shownToTicks, track }) => sum + (shownToTicks - shownFromTicks) / track.timescale,
    0,
  );
  const frames = parts.reduce((sum, { samples }) => sum + samples.length, 0);
  const isTooLong = lastsS > ofS * LONGER_FACTOR + LONGER_S;
  const mediaS = parts.reduce((sum, { mediaTicks, track }) => sum + mediaTicks / track.timescale, 0);
  if (!isTooLong && frames <= MOST_FRAMES_PER_S * (mediaS + 1 / 25)) return;
  const says = isTooLong
    ? `it lasts ${inSeconds(lastsS)} s`
    : `${frames} pictures last ${inSeconds(mediaS)} s`;
  const why = `“${row.name}” says that ${says}, and is of ${inSeconds(ofS)} s`;
  throw new Unreadable("TIMES_CONTRADICT", `${why}: its times cannot be believed. It can be downloaded.`);
}

const inSeconds = (seconds: number): string => seconds.toLocaleString("en", { maximumFractionDigits: 3 });

function etagOf(file: VirtualFile, rows: readonly ResourceRow[]): string {
  const hash = createHash("sha256").update(file.header);
  for (const literal of file.literals ?? []) hash.update(literal);
  for (const row of rows) hash.update(`${row.resourceId}:${row.checksumHex};`);
  return `"${hash.digest("hex").slice(0, 40)}"`;
}
