/** What to do after a folder was refused for the spool: nothing is saved that was not tried. */
const ANOTHER_FOLDER = "Choose another folder. Nothing has been changed.";

export const SPOOL_ANSWERS = {
  SPOOL_DISK_CHANGES_BYTES: ANOTHER_FOLDER,
  SPOOL_DISK_TOO_SMALL: ANOTHER_FOLDER,
  SPOOL_FOLDER_OCCUPIED: "Choose a folder beside it, for the spool alone. Nothing has been changed.",
  SPOOL_FOLDER_OF_ANOTHER: ANOTHER_FOLDER,
  SPOOL_FOLDER_OF_OTHERS: "Choose a folder for the spool alone. Nothing has been changed.",
  SPOOL_FOLDER_OF_SYSTEM: "Choose a folder for the spool alone. Nothing has been changed.",
  SPOOL_FOLDER_OPEN: ANOTHER_FOLDER,
  SPOOL_FOLDER_SILENT: ANOTHER_FOLDER,
  SPOOL_PATH_HIDDEN_CHARACTER: "Type the path anew, or choose another folder.",
  SPOOL_PATH_NOT_FULL: "Enter the full path, starting at the root or the drive.",
} as const satisfies Record<string, string>;
