/** What to do after an answer to a button of an export, or to Finish. */
export const EXPORT_ANSWERS = {
  ABORTED: "Ask again: whoever asked has ended it.",
  ACCOUNT_CHANGED: "Go back and choose the case again.",
  NOTHING_TO_CANCEL: "Dismiss the export if you do not want to see it any more.",
  NOTHING_TO_RETRY: "Look at the export again: what failed or waited has gone on, or is being ended.",
  NOT_THERE_YET: "Wait until the first camera of the export is being sent, then open it again.",
  STILL_RUNNING: "Cancel it first.",
  UNKNOWN_EXPORT: "Look at the list again: somebody has dismissed it.",
} as const satisfies Record<string, string>;

/** Of what is wrong with an export before it is made; two of the codes are an archive's as well. */
export const ISSUE_ANSWERS = {
  NO_CAMERA: "Go back and add one.",
  CAMERA_TWICE: "Remove one of the two.",
  START_MISSING: "Type it, or mark it on the timeline.",
  END_MISSING: "Type it, or mark it on the timeline.",
  END_NOT_AFTER_START: "Choose a later end, or an earlier start.",
  RANGE_TOO_LONG: "Choose a shorter range, and make several exports.",
  RANGE_IN_FUTURE: "Choose an end that has passed.",
  NAME_TOO_LONG: "Shorten it.",
  HIDDEN_CHARACTER: "Delete the character, or type the text anew.",
  NO_FOOTAGE: "Choose a range that the timeline shows white.",
  CASE_NAME_MISSING: "Type one that colleagues recognise.",
  CASE_NAME_TOO_LONG: "Shorten it.",
  CASE_NAME_SPACES: "Delete the blanks before and after it.",
  DEPARTMENT_MISSING: "Choose the one that works on the case.",
  INCIDENT_NUMBER_INVALID: "Correct it, or leave it out.",
  INCIDENT_END_NOT_AFTER_START: "Correct the incident's times, or leave its end out.",
} as const satisfies Record<string, string>;
