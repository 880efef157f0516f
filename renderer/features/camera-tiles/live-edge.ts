/**
 * Keeps a live tile near to the present. A segment is played when it is complete and the playlist has been
 * read again, so pictures are late by one segment and half of another one at best.
 */

/** A segment of the playlist that a player reads again and again. */
export interface PlaylistSegment {
  /** Media time, seconds; known once the player has placed the segment in its buffer. */
  readonly start?: number;
  /** Seconds. */
  readonly duration: number;
  /** Milliseconds UTC of its first picture. */
  readonly programDateTime?: number;
}

/** Where live playback starts, and lands after a jump, in segments before the playlist's end. */
const START_SEGMENTS = 1.5;
/** Further behind than this, playback runs faster until it is nearer than CAUGHT_UP_SEGMENTS. */
const LATE_SEGMENTS = 1.5;
const CAUGHT_UP_SEGMENTS = 1.2;
/** Further behind than this, playback jumps. */
const LOST_SEGMENTS = 3.25;
/** A player that has just opened the playlist starts too early; it jumps before anybody has seen much. */
const STARTED_EARLY_SEGMENTS = 1.75;
/** Fast enough to gain a second in ten, too little for anybody to see people hurry. */
const CATCH_UP_RATE = 1.1;

export interface LiveStep {
  readonly rate: number;
  /** Media seconds to jump by, or null to play on. */
  readonly jumpSeconds: number | null;
}

/**
 * What to do to get near to the end of the playlist.
 * @param segments as the player has the playlist now, in order
 * @param positionSeconds the media time that is shown
 * @param rate at which it plays now
 * @param isStart nothing was done since the playlist was opened
 * @returns null where the position is in no segment of the playlist
 */
export function liveStep(
  segments: readonly PlaylistSegment[],
  positionSeconds: number,
  rate: number,
  isStart: boolean,
): LiveStep | null {
  const at = segments.findIndex(
    ({ start, duration }) =>
      start !== undefined && start <= positionSeconds + 0.1 && positionSeconds <= start + duration,
  );
  const current = segments[at];
  if (current?.start === undefined) return null;
  const after = segments.slice(at + 1).reduce((sum, { duration }) => sum + duration, 0);
  const behind = after + current.start + current.duration - positionSeconds;
  const segmentSeconds = Math.max(...segments.map(({ duration }) => duration));
  if (behind > (isStart ? STARTED_EARLY_SEGMENTS : LOST_SEGMENTS) * segmentSeconds)
    return { rate: 1, jumpSeconds: behind - START_SEGMENTS * segmentSeconds };
  const isLate = behind > (rate > 1 ? CAUGHT_UP_SEGMENTS : LATE_SEGMENTS) * segmentSeconds;
  return { rate: isLate ? CATCH_UP_RATE : 1, jumpSeconds: null };
}
