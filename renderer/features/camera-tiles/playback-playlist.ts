/** Playlists of recorded footage: wall-clock time in, media time out, and back. Pure. */

/** One segment on both clocks. */
export interface ClockSegment {
  readonly mediaSeconds: number;
  readonly seconds: number;
  readonly startUtcMs: number;
}

/**
 * Lays a playlist's segments on the wall clock: EXT-X-PROGRAM-DATE-TIME where it stands, and the sum of
 * the durations from there on (RFC 8216, 4.3.2.6).
 */
export function clockSegments(playlist: string): ClockSegment[] {
  const segments: ClockSegment[] = [];
  let mediaSeconds = 0;
  let utcMs: number | null = null;
  for (const line of playlist.split("\n")) {
    const [, tag, value] = /^#(EXT-X-PROGRAM-DATE-TIME|EXTINF):([^,\r]+)/.exec(line) ?? [];
    if (tag === "EXT-X-PROGRAM-DATE-TIME") utcMs = Date.parse(value!);
    if (tag !== "EXTINF" || utcMs === null) continue;
    const seconds = Number(value);
    segments.push({ mediaSeconds, seconds, startUtcMs: utcMs });
    mediaSeconds += seconds;
    utcMs += seconds * 1000;
  }
  return segments;
}

function endUtcMs(segment: ClockSegment): number {
  return segment.startUtcMs + segment.seconds * 1000;
}

/** The last segment that begins at or before a value; segments are in order. */
function lastUpTo(
  segments: readonly ClockSegment[],
  isUpTo: (segment: ClockSegment) => boolean,
): ClockSegment | null {
  let low = 0;
  let high = segments.length;
  while (low < high) {
    const middle = (low + high) >> 1;
    if (isUpTo(segments[middle]!)) low = middle + 1;
    else high = middle;
  }
  return segments[low - 1] ?? null;
}

/** The wall-clock instant that is shown at a media time, in milliseconds UTC, or null before the first. */
export function instantAtMedia(segments: readonly ClockSegment[], mediaSeconds: number): number | null {
  const segment = lastUpTo(segments, (each) => each.mediaSeconds <= mediaSeconds + 1e-6);
  return segment === null ? null : segment.startUtcMs + (mediaSeconds - segment.mediaSeconds) * 1000;
}

/** The media time at which an instant is shown, in seconds, or null where there is no footage. */
export function mediaAtInstant(segments: readonly ClockSegment[], utcMs: number): number | null {
  const segment = lastUpTo(segments, (each) => each.startUtcMs <= utcMs);
  if (segment === null || utcMs >= endUtcMs(segment)) return null;
  return segment.mediaSeconds + (utcMs - segment.startUtcMs) / 1000;
}

/** The first instant with footage at or after the given one, or null. */
export function nextFootage(segments: readonly ClockSegment[], utcMs: number): number | null {
  if (mediaAtInstant(segments, utcMs) !== null) return utcMs;
  return segments.find(({ startUtcMs }) => startUtcMs > utcMs)?.startUtcMs ?? null;
}

/** The last instant with footage at or before the given one, or null. */
export function footageBefore(segments: readonly ClockSegment[], utcMs: number): number | null {
  const segment = lastUpTo(segments, (each) => each.startUtcMs <= utcMs);
  return segment === null ? null : Math.min(utcMs, endUtcMs(segment) - 1);
}

/** The end of the last segment, or null of none. */
export function lastInstant(segments: readonly ClockSegment[]): number | null {
  const last = segments.at(-1);
  return last === undefined ? null : endUtcMs(last);
}

/** A parsed playlist as VHS takes it from memory (type PARSED_PLAYLIST_TYPE), without asking anybody. */
export const PARSED_PLAYLIST_TYPE = "application/vnd.videojs.vhs+json";

interface ParsedSegment {
  readonly uri: string;
  readonly duration: number;
  /** Counts the breaks before the segment. */
  readonly timeline: number;
  readonly map: { readonly uri: string };
}

/**
 * The playlist as a source that needs no further request and starts at the asked instant, so that not a
 * byte before it is loaded first.
 * @param address where the playlist was read; its own addresses are relative to it
 * @param startSeconds media time to start at
 */
export function parsedPlaylistSource(playlist: string, address: string, startSeconds: number): string {
  const segments = parsedSegments(playlist, address);
  const breaks = segments.flatMap(({ timeline }, index) =>
    index > 0 && segments[index - 1]!.timeline !== timeline ? [index] : [],
  );
  const isBreak = new Set(breaks);
  const parsed = {
    uri: address,
    playlistType: "VOD",
    endList: true,
    independentSegments: true,
    mediaSequence: 0,
    discontinuitySequence: 0,
    discontinuityStarts: breaks,
    targetDuration: Number(/#EXT-X-TARGETDURATION:(\d+)/.exec(playlist)?.[1] ?? 10),
    start: { timeOffset: startSeconds, precise: true },
    segments: segments.map((segment, index) =>
      isBreak.has(index) ? { ...segment, discontinuity: true } : segment,
    ),
  };
  return `data:${PARSED_PLAYLIST_TYPE},${JSON.stringify(parsed)}`;
}

function parsedSegments(playlist: string, address: string): ParsedSegment[] {
  const segments: ParsedSegment[] = [];
  let map = { uri: "" };
  let duration = 0;
  let timeline = 0;
  for (const line of playlist.split("\n")) {
    if (line.startsWith("#EXT-X-DISCONTINUITY") && !line.includes("SEQUENCE")) timeline += 1;
    const [, initUri] = /^#EXT-X-MAP:.*URI="([^"]+)"/.exec(line) ?? [];
    if (initUri !== undefined) map = { uri: new URL(initUri, address).href };
    const [, seconds] = /^#EXTINF:([^,]+)/.exec(line) ?? [];
    if (seconds !== undefined) duration = Number(seconds);
    if (line === "" || line.startsWith("#")) continue;
    segments.push({ uri: new URL(line, address).href, duration, timeline, map });
  }
  return segments;
}
