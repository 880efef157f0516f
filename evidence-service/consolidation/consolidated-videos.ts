import { createHash } from "node:crypto";
import pLimit from "p-limit";
import type { ByteSource } from "#media/byte-source.ts";
import { bringsParameterSets } from "#media/in-band-sets.ts";
import { MediaError } from "#media/media-error.ts";
import { readProgressiveFile, type ReadLimits } from "#media/progressive-reader.ts";
import type { VirtualFile } from "#media/progressive-writer.ts";
import { PromiseCache } from "#runtime/cache/promise-cache.ts";
import { formatCount } from "#shared/words/amounts.ts";
import { formatDuration } from "#shared/words/durations.ts";
import { isVideoSegment, resourcesOf } from "../api/resource-records.ts";
import type { ServiceContext } from "../context/service-context.ts";
import type { ReadingCheck } from "../decryption/decrypted-source.ts";
import { openDecrypted } from "../decryption/open-decrypted.ts";
import { damagedSegment, type DamagedSegment } from "./damaged-segment.ts";
import type { JoinedVideo } from "./join-video.ts";
import { joinCompatibleFiles } from "./join-compatible-files.ts";
import { type Asker, SharedJoins } from "./shared-joins.ts";
import { segmentTracks, type SegmentTrack } from "./segment-track.ts";
import { Unreadable, wordsOf } from "../decryption/unreadable.ts";
import type { ResourceRow } from "../storage/metadata-rows.ts";

/** The consolidated video of an evidence: tables only; its pictures stay encrypted where they are. */
export interface ConsolidatedVideo extends JoinedVideo {
  /** Strong, quotes included. */
  readonly etag: string;
  /** Resource of each source, in the order of the sources. */
  readonly resourceIds: readonly string[];
  /** That of its sources; one that is not checked by region is said of all. */
  readonly check: ReadingCheck;
  /** Segments that it is without, in the order of the sources. */
  readonly damaged: readonly DamagedSegment[];
}

/** Frames whose tables are kept, over all videos: eleven hours of one camera, or 50 minutes of 14; about 40 MB. */
const KEPT_FRAMES = 1_000_000;

/** A day of 60 frames a second. */
const SEGMENT_LIMITS: ReadLimits = { samples: 24 * 3600 * 60, movieBytes: 128 << 20 };

/** The others' tables would take memory for nothing: a day has four million packets of sound. */
const READ_OPTIONS = { limits: SEGMENT_LIMITS, handlers: ["vide"] } as const;

/** Builds consolidated videos and keeps the latest ones. */
export class ConsolidatedVideos {
  readonly #context: ServiceContext;
  readonly #kept = new PromiseCache<ConsolidatedVideo>({
    mostEntries: Infinity,
    mostWeight: KEPT_FRAMES,
    weightOf: ({ storedFrames }) => storedFrames,
  });
  readonly #joins = new SharedJoins<ConsolidatedVideo>();
  readonly #joining = pLimit(2);

  constructor(context: ServiceContext) {
    this.#context = context;
  }

  /**
   * The video of a completed evidence; its files are sealed, so it never changes.
   * @param asker who may leave before it is there
   * @throws Unreadable
   * @throws Refusal 429 JOINS_BUSY, 408 when the asker has left
   */
  async get(evidenceId: string, asker?: Asker): Promise<ConsolidatedVideo> {
    const known = this.#kept.find(evidenceId);
    return known ?? this.#joins.get(evidenceId, (signal) => this.#join(evidenceId, signal), asker);
  }

  /** @param signal aborts when nobody waits for it any more */
  #join(evidenceId: string, signal: AbortSignal): Promise<ConsolidatedVideo> {
    return this.#joining(async () => {
      signal.throwIfAborted();
      const video = await this.#measured(evidenceId, signal);
      return this.#kept.get(evidenceId, () => Promise.resolve(video));
    });
  }

  /** Opens the plaintext of one source of a video. */
  openSource(video: ConsolidatedVideo, source: number): Promise<ByteSource> {
    const resourceId = video.resourceIds[source];
    if (resourceId === undefined) throw new Unreadable("FILE_MISSING", `The video has no source ${source}.`);
    return openDecrypted(this.#context, resourceId, null);
  }

  async #measured(evidenceId: string, signal: AbortSignal): Promise<ConsolidatedVideo> {
    const { metrics, passedMs } = this.#context;
    const beganMs = passedMs();
    const tell = (end: "done" | "failed") => metrics.joined(end, (passedMs() - beganMs) / 1_000);
    try {
      const video = await this.#build(evidenceId, signal);
      tell("done");
      return video;
    } catch (error) {
      tell("failed");
      throw error;
    }
  }

  async #build(evidenceId: string, signal: AbortSignal): Promise<ConsolidatedVideo> {
    const rows = (await resourcesOf(this.#context, evidenceId))
      .filter(isVideoSegment)
      .toSorted((a, b) => a.startUtcMs - b.startUtcMs || a.seq - b.seq);
    const read: SegmentTrack[] = [];
    const unreadable: DamagedSegment[] = [];
    for (const [source, row] of rows.entries()) {
      signal.throwIfAborted();
      const found = await this.#tryReading(source, row);
      if (found instanceof Unreadable) unreadable.push(damagedSegment(row, found));
      else read.push(...found);
    }
    const [first] = unreadable;
    if (read.length === 0 && first !== undefined) throw new Unreadable(first.code, first.detail);
    const { video, leftOut } = await joinCompatibleFiles(read, rows, signal);
    const damaged = [...unreadable, ...leftOut].toSorted((a, b) => rows.indexOf(a.row) - rows.indexOf(b.row));
    const check = rows.every((row) => row.encryptionProtocol === "2.0") ? "each-region" : "at-completion";
    const resourceIds = rows.map((row) => row.resourceId);
    return { ...video, etag: etagOf(video.file, rows), resourceIds, check, damaged };
  }

  /** One segment that cannot be read is no reason to show none. */
  async #tryReading(source: number, row: ResourceRow): Promise<SegmentTrack[] | Unreadable> {
    try {
      return await this.#readSegment(source, row);
    } catch (error) {
      if (error instanceof Unreadable) return error;
      throw error;
    }
  }

  async #readSegment(source: number, row: ResourceRow): Promise<SegmentTrack[]> {
    const bytes = await openDecrypted(this.#context, row.resourceId, row.lengthBytes);
    try {
      const [video] = await readProgressiveFile(bytes, READ_OPTIONS);
      if (video === undefined) throw new Unreadable("NO_VIDEO", `“${row.name}” holds no video.`);
      const bringsSets = await bringsParameterSets(bytes, video);
      const parts = segmentTracks(video, { source, startUtcMs: row.startUtcMs, bringsSets });
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
    ? `it lasts ${formatDuration(lastsS * 1_000)}`
    : `${formatCount(frames, "picture")} last ${formatDuration(mediaS * 1_000)}`;
  const why = `“${row.name}” says that ${says}, and is of ${formatDuration(ofS * 1_000)}`;
  throw new Unreadable("TIMES_CONTRADICT", `${why}: its times cannot be believed. It can be downloaded.`);
}

function etagOf(file: VirtualFile, rows: readonly ResourceRow[]): string {
  const hash = createHash("sha256").update(file.header);
  for (const literal of file.literals ?? []) hash.update(literal);
  for (const row of rows) hash.update(`${row.resourceId}:${row.checksumHex};`);
  return `"${hash.digest("hex").slice(0, 40)}"`;
}
