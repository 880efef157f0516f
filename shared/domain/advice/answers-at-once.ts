/**
 * Advice for exports speaks of Retry and of what goes on by itself. Where the same codes answer a button or a form, as
 * of the wizard, a camera or the settings, nothing waits, and whoever pressed is still there.
 */
export const TRY_AGAIN = "Try again. If it happens again, show your administrator this message.";

export const ANSWERS_AT_ONCE = {
  ACCOUNT_NOT_READABLE: "Import it again.",
  ARCHIVE_UNREACHABLE: "Check whether the archive is running and can be reached, then try again.",
  BAD_REQUEST: "Check what was entered. The log has the details.",
  CASE_CLOSED: "Have the case reopened, or choose another one.",
  CLOCK_WRONG: "Correct this computer's clock.",
  CODEC_CHANGED: "Make two exports: one that ends at the change, and one that begins there.",
  DESTINATION_NOT_CONFIGURED: "An administrator sets it in the settings.",
  EMBEDDED_SERVICE_STARTING: "Try again in a moment.",
  FOOTAGE_LOST: "Have your administrator look at the archive's disk, then try again.",
  INTERNAL: "Try again. If it happens again, send the log to your administrator.",
  INVALID_ASSERTION: "Have an administrator check this computer's clock and the connection file.",
  INVALID_CLIENT: "Have an administrator import a new connection file.",
  JOURNAL_DISK_FULL: "Free up space on that disk, then do it again.",
  JOURNAL_NOT_WRITTEN: "Have your administrator look at that disk, then do it again.",
  NOT_ALLOWED: "Have the service's administrator give this console an account that may do this.",
  SPOOL_FILE_TOO_LARGE: "Have an administrator choose a spool folder on another disk in the settings.",
  SPOOL_PART_TOO_LARGE: "Have an administrator choose a spool folder on a larger disk in the settings.",
  UNAUTHORIZED: "Have an administrator import a new connection file, and look at this computer's clock.",
  UNKNOWN_CAMERA: "Look at the list again: somebody may have removed the camera.",
  UNKNOWN_TENANT: "Have an administrator import the right connection file.",
} as const satisfies Record<string, string>;
