/**
 * Every refusal of the archive by its code: the status that it is answered with, the sentence where none is given that
 * says it nearer, and what whoever asked can do. A code without all three does not compile.
 */
import type { ArchiveProblemCode } from "#shared/archive-api/archive-api.ts";

/** Codes of failures that stop a command and never cross the HTTP interface. */
export type ArchiveCommandCode =
  "ARCHIVE_IN_USE" | "INDEX_VERSION" | "INDEX_DAMAGED" | "BAD_ARGUMENTS" | "FOLDER_READ_ONLY";

export type ArchiveRefusalCode = ArchiveProblemCode | ArchiveCommandCode;

export interface RefusalKind {
  /** RFC 9110, 15. */
  readonly status: number;
  readonly message: string;
  /** For whoever asked, a person or the writer of a program. */
  readonly action: string;
}

const RIGHT_REQUEST = "Correct the request; the same one is refused again.";
const OTHER_RANGE = "Choose a range for which the archive has footage.";
const LOOK_AT_DISK = "Look at the archive's disk, then ask again.";

const OF_REQUESTS: Readonly<Record<ArchiveProblemCode, RefusalKind>> = {
  UNAUTHORIZED: {
    status: 401,
    message: "The archive needs a valid token for this.",
    action: "Enter the archive's token again, as its administrator has it.",
  },
  UNKNOWN_CAMERA: {
    status: 404,
    message: "There is no such camera.",
    action: "Check whether it was removed; an administrator can add it again.",
  },
  BAD_REQUEST: {
    status: 400,
    message: "What was asked does not fit the interface of the archive.",
    action: RIGHT_REQUEST,
  },
  ADDRESS_INVALID: {
    status: 400,
    message: "The address names no camera that can be reached.",
    action: "Correct the address.",
  },
  PASSWORD_NEEDED: {
    status: 400,
    message: "The camera's password is not known.",
    action: "Enter it again.",
  },
  NAME_READS_ALIKE: {
    status: 409,
    message: "The name reads the same as another one.",
    action: "Choose a name that cannot be mistaken.",
  },
  NO_FOOTAGE: {
    status: 404,
    message: "The archive holds nothing of what was asked for.",
    action: OTHER_RANGE,
  },
  CODEC_CHANGED: {
    status: 409,
    message: "The camera's picture codec changed within the range.",
    action: "Export what lies before the change and what lies after it separately.",
  },
  RANGE_TOO_LONG: {
    status: 400,
    message: "The range is longer than the archive answers at once.",
    action: "Ask for several shorter ranges.",
  },
  FOOTAGE_LOST: {
    status: 410,
    message: "A file of this footage is missing from the archive.",
    action: LOOK_AT_DISK,
  },
  FILE_DIFFERS: {
    status: 412,
    message: "The footage of this range is not what it was when the tag was given; read it anew.",
    action: "Ask without the condition, from the first byte on.",
  },
  FFMPEG_MISSING: {
    status: 503,
    message: "ffmpeg was not found.",
    action: "Have ffmpeg installed on the archive's computer.",
  },
  TOO_MANY_VIEWERS: {
    status: 503,
    message: "As many consoles watch as the archive can serve.",
    action: "Close live pictures on another console, then ask again.",
  },
  UNKNOWN_STREAM: {
    status: 404,
    message: "This live answer has ended.",
    action: "Ask for the live pictures anew.",
  },
  INTERNAL: {
    status: 500,
    message: "The archive failed internally.",
    action: "Tell the archive's administrator; its log says more.",
  },
};

/** A command that fails has no status; one that fails within a request is a failure inside. */
const OF_COMMANDS: Readonly<Record<ArchiveCommandCode, RefusalKind>> = {
  ARCHIVE_IN_USE: {
    status: 500,
    message: "Another archive process is using the folder.",
    action: "Stop the other one, or give this one another folder.",
  },
  INDEX_VERSION: {
    status: 500,
    message: "The footage index is of a later version.",
    action: "Start the version of the archive that wrote it, or a later one.",
  },
  INDEX_DAMAGED: {
    status: 500,
    message: "The footage index is damaged.",
    action: "Build it anew with reindex.",
  },
  BAD_ARGUMENTS: {
    status: 400,
    message: "The command is not understood.",
    action: "Correct the command.",
  },
  FOLDER_READ_ONLY: {
    status: 500,
    message: "The archive's folder cannot be written to.",
    action: "Give the archive's account the right to write there, or choose another folder.",
  },
};

const REFUSALS: Readonly<Record<ArchiveRefusalCode, RefusalKind>> = { ...OF_REQUESTS, ...OF_COMMANDS };

export function refusalKind(code: ArchiveRefusalCode): RefusalKind {
  return REFUSALS[code];
}

export const REFUSAL_CODES = Object.keys(REFUSALS) as ArchiveRefusalCode[];
