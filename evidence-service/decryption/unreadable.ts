import type { MediaError, MediaErrorCode } from "#media/media-error.ts";

/** Why stored footage cannot be shown; stable, safe to show and to store. */
export type UnreadableCode =
  | MediaErrorCode
  | "ENCRYPTION_DAMAGED"
  | "FILE_DAMAGED"
  | "FILE_MISSING"
  | "FILE_TOO_SHORT"
  | "FORMAT_CHANGED"
  | "KEY_UNREADABLE"
  | "MANIFEST_NOT_CANONICAL"
  | "MANIFEST_UNREADABLE"
  | "NO_VIDEO"
  | "REGION_OUT_OF_PLACE"
  | "TAG_MISMATCH"
  | "TIMES_APART"
  | "TIMES_CONTRADICT";

/** Why stored footage cannot be shown, as a sentence for the investigator; expected, never a bug. */
export class Unreadable extends Error {
  readonly code: UnreadableCode;

  constructor(code: UnreadableCode, message: string, options?: ErrorOptions) {
    super(message, options);
    this.code = code;
  }
}

/** What is wrong with a file, in words that need no knowledge of the format. Follows the file's name. */
export function wordsOf(error: MediaError): string {
  switch (error.code) {
    case "BOX_TRUNCATED":
      return "is not a readable MP4 file: it is cut off or damaged.";
    case "BOX_MISSING":
      return "is not a readable MP4 file: something that every such file has is missing.";
    case "BOX_INVALID":
      return "is not a readable MP4 file: what it says of its pictures contradicts itself.";
    case "OUT_OF_RANGE":
      return "is not a readable MP4 file: it holds numbers that no video has.";
    case "NO_SAMPLES":
      return "shows no picture.";
    case "UNSUPPORTED":
      return `cannot be shown here. ${error.message}`;
  }
}
