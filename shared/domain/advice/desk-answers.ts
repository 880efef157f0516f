/** What to do after an answer of the console itself: of whoever is logged on, its windows, its site and its files. */
export const DESK_ANSWERS = {
  NOT_SIGNED_IN: "Log on first.",
  NOT_PERMITTED: "Ask an administrator to do it, or for the privilege.",
  WRONG_CREDENTIALS: "Type user name and password again.",
  TOO_MANY_ATTEMPTS: "Wait half a minute, then try again.",
  UNTRUSTED_SENDER: "Ask from a page of the console; no other page may.",
  WINDOW_GONE: "Open another window from one that is there.",
  TOO_MANY_WINDOWS: "Close one of them first.",
  SITE_DISK_FULL: "Free space on it, then do it again.",
  SITE_NOT_WRITTEN: "Check whether it is there and can be written to, then do it again.",
  TIME_ZONE_UNKNOWN: "Choose one from the list.",
  START_AT_LOG_ON_IMPOSSIBLE: "Start the console by hand, or let the system start it in another way.",
  START_AT_LOG_ON_NOT_CHANGED: "Have the folder opened for this user, or make room on its disk.",
  REPORT_NOT_PREPARED: "Look at one first.",
  REPORT_NOT_SAVED: "Check whether its disk is full or can only be read.",
  SNAPSHOT_DISK_FULL: "Remove what is not needed there. Then take the snapshot again.",
  SNAPSHOT_FOLDER_MISSING: "Make it, or connect its disk. Then take the snapshot again.",
  SNAPSHOT_FOLDER_READ_ONLY: "Have it opened for writing. Then take the snapshot again.",
  SNAPSHOT_FOLDER_SILENT:
    "It is saved once the disk answers. If it lasts, have your administrator look at the disk.",
  SNAPSHOT_NOT_SAVED: "Try again. The log has the details.",
} as const satisfies Record<string, string>;
