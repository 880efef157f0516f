/** What to do after an answer about the site's archives and their cameras. */
export const ARCHIVE_ANSWERS = {
  ADDRESS_INVALID: "Correct the camera's address.",
  ARCHIVE_ADDRESS_INVALID:
    "Enter host and port, such as https://archive.example:8081. Without TLS only an archive on this computer is read.",
  ARCHIVE_IN_USE: "Use another one first.",
  ARCHIVE_IS_OWN: "Use another archive; this one may stay in the list.",
  ARCHIVE_KNOWN_ALREADY: "Edit that one.",
  ARCHIVE_REFUSES_PAGE: "Have the archive started with --allow-origin and the console's address.",
  ARCHIVE_TOKEN_MISSING: "Enter the token with which the archive was started, without blanks.",
  ARCHIVE_TOKEN_REFUSED: "Enter the token with which it was started.",
  NAME_INVALID: "Correct the camera's name.",
  NAME_READS_ALIKE: "Give this one another name.",
  UNKNOWN_ARCHIVE: "Look at the list again: somebody has removed it.",
} as const satisfies Record<string, string>;
