/** Footage is played in pieces of two hours; playing on beyond one loads the next. */
import { HOUR_MS } from "#shared/domain/time-range.ts";
import { readFootage } from "../../main-process-client/cameras.ts";
import { archiveNow, holdingOf } from "../../main-process-client/holdings.ts";
import { readPlaylist } from "./archive-video/archive-source.ts";
import { isPlayable } from "./live-frames/picture-format.ts";
import { playablePart, type PlayablePart } from "./playable-part.ts";
import {
  clockMediaSegments,
  footageBefore,
  mediaAtInstant,
  nextFootage,
  parsedPlaylistSource,
  type ClockedMediaSegment,
} from "./archive-video/playback-playlist.ts";

const BEHIND_MS = HOUR_MS;
const AHEAD_MS = HOUR_MS;
/** So far on the next footage is looked for at first, and twice as far each time. */
const FAR_MS = 24 * HOUR_MS;

/** `gap`: nothing was recorded at the instant, whatever the piece holds besides. */
export type Piece =
  | { readonly kind: "failed" }
  | { readonly kind: "gap"; readonly mediaSegments: readonly ClockedMediaSegment[] }
  | Extract<PlayablePart, { readonly kind: "unplayable" }>
  | {
      readonly kind: "footage";
      readonly mediaSegments: readonly ClockedMediaSegment[];
      /** There is a decoder for all of it, as far as the browser tells. */
      readonly isCodecKnown: boolean;
      /** A source of type PARSED_PLAYLIST_TYPE that starts at a media time. */
      readonly sourceFrom: (mediaSeconds: number) => string;
    };

/** Reads the piece around an instant, milliseconds UTC. */
export async function loadPiece(cameraId: string, utcMs: number, signal: AbortSignal): Promise<Piece> {
  const range = { startUtcMs: utcMs - BEHIND_MS, endUtcMs: Math.min(utcMs + AHEAD_MS, archiveNow()) };
  const answer = await readPlaylist(cameraId, range, signal);
  if (answer.kind === "failed") return answer;
  if (answer.kind === "no-footage") return { kind: "gap", mediaSegments: [] };
  const part = playablePart(answer.text, utcMs, isPlayable);
  if (part.kind === "unplayable") return part;
  const { playlist, isCodecKnown } = part;
  const mediaSegments = clockMediaSegments(playlist);
  if (mediaAtInstant(mediaSegments, utcMs) === null) return { kind: "gap", mediaSegments };
  const sourceFrom = (mediaSeconds: number): string =>
    parsedPlaylistSource(playlist, answer.address, mediaSeconds);
  return { kind: "footage", mediaSegments, isCodecKnown, sourceFrom };
}

/** A media segment is finished by then, unless key frames are far apart. */
const FINISHED_MS = 20_000;

/** Whether what was in front of the camera at an instant is being recorded and will be footage soon. */
export function isOnItsWay(cameraId: string, utcMs: number): boolean {
  const holding = holdingOf(cameraId);
  if (archiveNow() - utcMs >= FINISHED_MS) return false;
  // A tile that was only just put on screen has not heard yet of what the archive holds.
  if (holding === null) return true;
  return holding.newestUtcMs !== null && utcMs >= holding.newestUtcMs;
}

interface AskedBeside {
  readonly cameraId: string;
  readonly utcMs: number;
  readonly isBackwards: boolean;
}

/**
 * The instant with footage that is next to one without, milliseconds UTC: the first after it, or the last before it, as
 * far as the archive holds any.
 * @param mediaSegments of the piece that is loaded; the archive is asked only beyond it
 */
export async function footageBeside(
  { cameraId, utcMs, isBackwards }: AskedBeside,
  mediaSegments: readonly ClockedMediaSegment[],
): Promise<number | null> {
  const known = isBackwards ? footageBefore(mediaSegments, utcMs) : nextFootage(mediaSegments, utcMs);
  return known ?? (await (isBackwards ? lastBefore : firstAfter)(cameraId, Math.round(utcMs)));
}

async function firstAfter(cameraId: string, utcMs: number): Promise<number | null> {
  const newestUtcMs = Math.min(holdingOf(cameraId)?.newestUtcMs ?? utcMs + FAR_MS, archiveNow());
  let startUtcMs = utcMs;
  for (let lengthMs = FAR_MS; startUtcMs < newestUtcMs; lengthMs *= 2) {
    const endUtcMs = Math.min(startUtcMs + lengthMs, newestUtcMs);
    const footage = await readFootage(cameraId, { startUtcMs, endUtcMs });
    if (!footage.ok) return null;
    const [first] = footage.value.runs;
    if (first !== undefined) return Math.max(first.startUtcMs, utcMs);
    startUtcMs = endUtcMs;
  }
  return null;
}

async function lastBefore(cameraId: string, utcMs: number): Promise<number | null> {
  const oldestUtcMs = holdingOf(cameraId)?.oldestUtcMs ?? utcMs - FAR_MS;
  let endUtcMs = utcMs;
  for (let lengthMs = FAR_MS; endUtcMs > oldestUtcMs; lengthMs *= 2) {
    const startUtcMs = Math.max(endUtcMs - lengthMs, oldestUtcMs);
    const footage = await readFootage(cameraId, { startUtcMs, endUtcMs });
    if (!footage.ok) return null;
    const last = footage.value.runs.at(-1);
    if (last !== undefined) return Math.min(last.endUtcMs, utcMs) - 1;
    endUtcMs = startUtcMs;
  }
  return null;
}
