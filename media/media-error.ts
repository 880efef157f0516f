/** What can be wrong with media handed to this folder; stable, safe to show and to store. */
export type MediaErrorCode =
  /** A box, a table or a sample reaches past the end of what holds it. */
  | "BOX_TRUNCATED"
  /** A box that the format or this reader cannot do without is absent. */
  | "BOX_MISSING"
  /** A box holds a value that the format forbids, or two tables contradict each other. */
  | "BOX_INVALID"
  /** The file is sound, but uses something that is not handled here. */
  | "UNSUPPORTED"
  /** A number handed in or read is outside what the format or this program can hold. */
  | "OUT_OF_RANGE"
  /** A file without any sample was asked for. */
  | "NO_SAMPLES";

/** An expected failure of reading or writing media: bad input, never a bug. */
export class MediaError extends Error {
  override readonly name = "MediaError";
  readonly code: MediaErrorCode;

  constructor(code: MediaErrorCode, message: string) {
    super(message);
    this.code = code;
  }
}
