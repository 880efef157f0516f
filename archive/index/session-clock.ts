/** Ties a session's media time to the wall clock: the frame presented at `baseTime` was taken at `startUs`. */
export interface SessionClock {
  /** Microseconds UTC. */
  readonly startUs: number;
  /** Presentation time of the session's first frame. */
  readonly baseTime: number;
  readonly timeScale: number;
}

/** The clock of a session's sound, or null where the session has none. */
export function soundClock(session: {
  readonly startUs: number;
  readonly sound: { readonly baseTime: number; readonly timeScale: number } | null;
}): SessionClock | null {
  const { startUs, sound } = session;
  return sound === null ? null : { startUs, baseTime: sound.baseTime, timeScale: sound.timeScale };
}

/** The instant of a presentation time, in whole microseconds UTC. */
export function instantUs(clock: SessionClock, presentationTicks: number): number {
  return clock.startUs + ticksToUs(presentationTicks - clock.baseTime, clock.timeScale);
}

/** Ticks as whole microseconds. Seconds are split off first, which keeps years of ticks exact. */
export function ticksToUs(ticks: number, timeScale: number): number {
  const seconds = Math.floor(ticks / timeScale);
  return seconds * 1_000_000 + Math.round(((ticks - seconds * timeScale) * 1_000_000) / timeScale);
}

/** What is shown of a footage file, by the clock of its session and on the wall clock. */
interface ShownPart {
  readonly shownStartUs: number;
  readonly shownEndUs: number;
  readonly fromUs: number;
  readonly toUs: number;
}

/** The clock of a piece of footage whose instants are drawn together or apart, or moved, to meet the next session. */
export function drawnClock(clock: SessionClock, part: ShownPart): SessionClock {
  const { shownStartUs, shownEndUs, fromUs, toUs } = part;
  if (shownStartUs === fromUs && shownEndUs === toUs) return clock;
  const pace = (shownEndUs - shownStartUs) / (toUs - fromUs);
  const baseTime = clock.baseTime + ((fromUs - clock.startUs) * clock.timeScale) / 1_000_000;
  return { startUs: shownStartUs, baseTime, timeScale: clock.timeScale / pace };
}
