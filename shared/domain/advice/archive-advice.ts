/** What an export fails by at the archive and in its footage. */
import { BY_ITSELF, type FailureAdvice } from "./advice.ts";

export const ARCHIVE_ADVICE = {
  ARCHIVE_UNREACHABLE: {
    cause: "The archive is starting, has stopped, or the connection to it is cut.",
    action: BY_ITSELF,
  },
  UNKNOWN_CAMERA: {
    cause: "The camera was removed from the archive after the export was made.",
    action: "Cancel this export. An administrator can add the camera again.",
  },
  NO_FOOTAGE: {
    cause: "Nothing was recorded of the camera in the range, or retention has removed it.",
    action: "Cancel this export and choose a range that the timeline shows white.",
  },
  RANGE_TOO_LONG: {
    cause: "The archive gives at most 24 hours at once.",
    action: "Cancel this export and make several shorter ones.",
  },
  CODEC_CHANGED: {
    cause: "The camera's picture codec changed within the range, and one video cannot hold both.",
    action: "Cancel this export and make two: one that ends at the change, and one that begins there.",
  },
  FOOTAGE_LOST: {
    cause:
      "The archive's disk is not there, or a recorded file is in the archive's index and no longer on it.",
    action:
      "Have your administrator look at the archive's disk, then Retry. What stays lost can be left out of a new export.",
  },
  FOOTAGE_GONE: {
    cause:
      "Retention, a failing disk or a person has taken it since. Everything else is kept for this export.",
    action:
      "Send without it sends what is left and states what is missing. Retry looks for it once more. Tell your administrator.",
  },
  FOOTAGE_CUT_SHORT: {
    cause: "The archive ended its answer before the footage was complete.",
    action: BY_ITSELF,
  },
  FILE_DAMAGED: {
    cause: "The service no longer has every byte that it stored.",
    action: "Tell the service's administrator, and create the export again.",
  },
  FILE_DIFFERS: {
    cause: "The footage was changed in the archive while it was being read.",
    action: "Press Retry: it is read anew from the beginning.",
  },
} as const satisfies Record<string, FailureAdvice>;
