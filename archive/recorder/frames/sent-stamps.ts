export interface SentStamp {
  /** By the camera's own clock, whose zero is anywhere. */
  readonly stampUs: number;
  /** When its first packet came, by the clock that only goes forward. */
  readonly atUs: number;
}

/** What the camera said of its clock of day. */
export interface SentDay {
  /** Of a frame with this stamp. */
  readonly stampUs: number;
  readonly utcUs: number;
  /** When it said so, by the clock that only goes forward. */
  readonly atUs: number;
}

export interface SentJump {
  /** By its own count. */
  readonly byUs: number;
  readonly atUs: number;
  /** A small step back is one only when no B-frames explain it. */
  readonly noticedUs: number;
}

/** The camera's own clock as it comes over the line. Microseconds. */
export interface WatchedStamps {
  /** When the first packet of the picture came; null before. */
  readonly firstUs: number | null;
  /** How much later than the picture its sound began to come; null where one of the two has not come yet. */
  readonly soundLaterUs: number | null;
  /** When packets of the picture were missing. */
  readonly losses: { isBetween(afterUs: number, untilUs: number): boolean };
  readonly lastJump: SentJump | null;
  /** The newest stamp that had come by a moment. */
  cameBy(atUs: number): SentStamp | null;
  /** The last jump that was noticed after one moment and by another. */
  jumpBetween(afterUs: number, untilUs: number): SentJump | null;
  /** The last that the camera said of its clock of day after one moment and by another. */
  dayBetween(afterUs: number, untilUs: number): SentDay | null;
}

/** Null until the camera has described its picture, and where its pictures come past everybody who could watch. */
export type SentStamps = () => WatchedStamps | null;
