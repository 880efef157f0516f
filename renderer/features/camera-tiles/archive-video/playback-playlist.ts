/** Playlists of recorded footage: wall-clock time in, media time out, and back. Pure. */

/** One media segment on both clocks. */
export interface ClockedMediaSegment {
  readonly mediaSeconds: number;
  readonly seconds: number;
  readonly startUtcMs: number;
}

/**
 * Lays a playlist's media segments on the wall clock: EXT-X-PROGRAM-DATE-TIME where it stands, and the sum of
 * the durations from there on (RFC 8216, 4.3.2.6).
 */
export function clockMediaSegments(playlist: string): ClockedMediaSegment[] {
  const mediaSegments: ClockedMediaSegment[] = [];
  let mediaSeconds = 0;
  let utcMs: number | null = null;
  for (const line of playlist.split("\n")) {
    const [, tag, value] = /^#(EXT-X-PROGRAM-DATE-TIME|EXTINF):([^,\r]+)/.exec(line) ?? [];
    if (tag === "EXT-X-PROGRAM-DATE-TIME") utcMs = Date.parse(value!);
    if (tag !== "EXTINF" || utcMs === null) continue;
    const seconds = Number(value);
    mediaSegments.push({ mediaSeconds, seconds, startUtcMs: utcMs });
    mediaSeconds += seconds;
    utcMs += seconds * 1000;
  }
  return mediaSegments;
}

function endUtcMs(mediaSegment: ClockedMediaSegment): number {
  return mediaSegment.startUtcMs + mediaSegment.seconds * 1000;
}

/** The last media segment that begins at or before a value; media segments are in order. */
function lastUpTo(
  mediaSegments: readonly ClockedMediaSegment[],
  isUpTo: (mediaSegment: ClockedMediaSegment) => boolean,
): ClockedMediaSegment | null {
  let low = 0;
  let high = mediaSegments.length;
  while (low < high) {
    const middle = (low + high) >> 1;
    if (isUpTo(mediaSegments[middle]!)) low = middle + 1;
    else high = middle;
  }
  return mediaSegments[low - 1] ?? null;
}

/** The wall-clock instant that is shown at a media time, in milliseconds UTC, or null before the first. */
export function instantAtMedia(
  mediaSegments: readonly ClockedMediaSegment[],
  mediaSeconds: number,
): number | null {
  const mediaSegment = lastUpTo(mediaSegments, (each) => each.mediaSeconds <= mediaSeconds + 1e-6);
  return mediaSegment === null
    ? null
    : mediaSegment.startUtcMs + (mediaSeconds - mediaSegment.mediaSeconds) * 1000;
}

/** The media time at which an instant is shown, in seconds, or null where there is no footage. */
export function mediaAtInstant(mediaSegments: readonly ClockedMediaSegment[], utcMs: number): number | null {
  const mediaSegment = lastUpTo(mediaSegments, (each) => each.startUtcMs <= utcMs);
  if (mediaSegment === null || utcMs >= endUtcMs(mediaSegment)) return null;
  return mediaSegment.mediaSeconds + (utcMs - mediaSegment.startUtcMs) / 1000;
}

/** The first instant with footage at or after the given one, or null. */
export function nextFootage(mediaSegments: readonly ClockedMediaSegment[], utcMs: number): number | null {
  if (mediaAtInstant(mediaSegments, utcMs) !== null) return utcMs;
  return mediaSegments.find(({ startUtcMs }) => startUtcMs > utcMs)?.startUtcMs ?? null;
}

/** The last instant with footage at or before the given one, or null. */
export function footageBefore(mediaSegments: readonly ClockedMediaSegment[], utcMs: number): number | null {
  const mediaSegment = lastUpTo(mediaSegments, (each) => each.startUtcMs <= utcMs);
  return mediaSegment === null ? null : Math.min(utcMs, endUtcMs(mediaSegment) - 1);
}

/** The end of the last media segment, or null of none. */
export function lastInstant(mediaSegments: readonly ClockedMediaSegment[]): number | null {
  const last = mediaSegments.at(-1);
  return last === undefined ? null : endUtcMs(last);
}

/** A parsed playlist as VHS takes it from memory (type PARSED_PLAYLIST_TYPE), without asking anybody. */
export const PARSED_PLAYLIST_TYPE = "application/vnd.videojs.vhs+json";

interface ParsedMediaSegment {
  readonly uri: string;
  readonly duration: number;
  /** Counts the breaks before the media segment. */
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
  const mediaSegments = parsedMediaSegments(playlist, address);
  const breaks = mediaSegments.flatMap(({ timeline }, index) =>
    index > 0 && mediaSegments[index - 1]!.timeline !== timeline ? [index] : [],
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
    segments: mediaSegments.map((mediaSegment, index) =>
      isBreak.has(index) ? { ...mediaSegment, discontinuity: true } : mediaSegment,
    ),
  };
  return `data:${PARSED_PLAYLIST_TYPE},${JSON.stringify(parsed)}`;
}

function parsedMediaSegments(playlist: string, address: string): ParsedMediaSegment[] {
  const mediaSegments: ParsedMediaSegment[] = [];
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
    mediaSegments.push({ uri: new URL(line, address).href, duration, timeline, map });
  }
  return mediaSegments;
}
