/** Footage is played in pieces of two hours; playing on beyond one loads the next. */
import { HOUR_MS } from "#shared/domain/time-range.ts";
import { readFootage } from "../../main-process-client/cameras.ts";
import { archiveNow, holdingOf } from "../../main-process-client/holdings.ts";
import { readPlaylist } from "./archive-source.ts";
import {
  clockSegments,
  mediaAtInstant,
  nextFootage,
  parsedPlaylistSource,
  type ClockSegment,
} from "./playback-playlist.ts";

const BEHIND_MS = HOUR_MS;
const AHEAD_MS = HOUR_MS;
/** How far on the next footage is looked for. */
const FAR_AHEAD_MS = 24 * HOUR_MS;

/** `gap`: nothing was recorded at the instant, whatever the piece holds besides. */
export type Piece =
  | { readonly kind: "failed" }
  | { readonly kind: "gap"; readonly segments: readonly ClockSegment[] }
  | {
      readonly kind: "footage";
      readonly segments: readonly ClockSegment[];
      /** A source of type PARSED_PLAYLIST_TYPE that starts at a media time. */
      readonly sourceFrom: (mediaSeconds: number) => string;
    };

/** Reads the piece around an instant, milliseconds UTC. */
export async function loadPiece(cameraId: string, utcMs: number, signal: AbortSignal): Promise<Piece> {
  const range = { startUtcMs: utcMs - BEHIND_MS, endUtcMs: Math.min(utcMs + AHEAD_MS, archiveNow()) };
  const answer = await readPlaylist(cameraId, range, signal);
  if (answer.kind === "failed") return answer;
  if (answer.kind === "no-footage") return { kind: "gap", segments: [] };
  const segments = clockSegments(answer.text);
  if (mediaAtInstant(segments, utcMs) === null) return { kind: "gap", segments };
  const sourceFrom = (mediaSeconds: number): string =>
    parsedPlaylistSource(answer.text, answer.address, mediaSeconds);
  return { kind: "footage", segments, sourceFrom };
}

/** A segment is finished by then, unless key frames are far apart. */
const FINISHED_MS = 20_000;

/** Whether what was in front of the camera at an instant is being recorded and will be footage soon. */
export function isOnItsWay(cameraId: string, utcMs: number): boolean {
  const holding = holdingOf(cameraId);
  if (archiveNow() - utcMs >= FINISHED_MS) return false;
  // A tile that was only just put on screen has not heard yet of what the archive holds.
  if (holding === null) return true;
  return holding.newestUtcMs !== null && utcMs >= holding.newestUtcMs;
}

/**
 * The first instant with footage at or after the given one, milliseconds UTC, or null within a day.
 * @param segments of the piece that is loaded; the archive is asked only beyond it
 */
export async function footageAfter(
  cameraId: string,
  utcMs: number,
  segments: readonly ClockSegment[],
): Promise<number | null> {
  const known = nextFootage(segments, utcMs);
  if (known !== null) return known;
  const startUtcMs = Math.round(utcMs);
  const endUtcMs = Math.min(startUtcMs + FAR_AHEAD_MS, archiveNow());
  if (endUtcMs <= startUtcMs) return null;
  const footage = await readFootage(cameraId, { startUtcMs, endUtcMs });
  const first = footage.ok ? footage.value.runs[0] : undefined;
  return first === undefined ? null : Math.max(first.startUtcMs, startUtcMs);
}
