import type { MediaError } from "#media/media-error.ts";

/** Why stored footage cannot be shown, as a sentence for the investigator; expected, never a bug. */
export class Unreadable extends Error {
  readonly code: string;

  constructor(code: string, message: string, options?: ErrorOptions) {
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
