/** One track of a file, without its samples. */
export interface Track {
  trackId: number;
  handler: "vide" | "soun";
  /** Ticks in a second; every time of the track is counted in them. */
  timescale: number;
  /** RFC 6381, such as `avc1.64001e`; the bare four-character code where no longer form is known. */
  codec: string;
  /** Pixels as shown; 0 for sound. */
  width: number;
  height: number;
  /** How the picture is turned and scaled when it is shown (ISO/IEC 14496-12, 6.2.2); absent where it is not. */
  matrix?: Buffer | undefined;
  /** The whole entry of the `stsd` box, copied untouched: it holds what the decoder needs. */
  sampleEntry: Buffer;
}

/** One coded frame of video, or one packet of sound. */
export interface Sample {
  /** First byte, counted from the start of the file that holds it. */
  offset: number;
  sizeBytes: number;
  durationTicks: number;
  /** Composition time (when it is shown) less decode time; may be negative. */
  compositionOffsetTicks: number;
  /** Whether decoding can start here. */
  isSync: boolean;
  /** Whoever wrote the file knows of frames before this one that got lost on their way. */
  isBehindLoss?: boolean;
}

/**
 * A stretch of the presentation, in the track's own ticks (ISO/IEC 14496-12, 8.6.6).
 * Stretches follow one another without holes.
 */
export interface Edit {
  /** Composition time of the first frame shown; -1: nothing is shown for `durationTicks`. */
  mediaStartTicks: number;
  durationTicks: number;
}
