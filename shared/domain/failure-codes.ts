/**
 * Every code that this program fails with. What can reach an export has a cause and an action (`advice/`): a code
 * without them does not compile where exports fail. Services of others, and later ones, may name further codes; these
 * come over the line as text.
 */
import type { ARCHIVE_ADVICE } from "./advice/archive-advice.ts";
import type { CONSOLE_ADVICE } from "./advice/console-advice.ts";
import type { LINE_ADVICE } from "./advice/line-advice.ts";
import type { SERVICE_ADVICE } from "./advice/service-advice.ts";
import type { SPOOL_ADVICE } from "./advice/spool-advice.ts";
import type { ExportIssueCode } from "./export-request.ts";

/** Of what can reach an export. */
export type AdvisedCode = keyof (typeof ARCHIVE_ADVICE &
  typeof SPOOL_ADVICE &
  typeof LINE_ADVICE &
  typeof CONSOLE_ADVICE &
  typeof SERVICE_ADVICE);

/** Of answers to a button or a form, whose own sentence says what to do; and of what nobody is shown. */
export const ANSWERED_CODES = [
  "ACCOUNT_CHANGED",
  "ADDRESS_INVALID",
  "ARCHIVE_ADDRESS_INVALID",
  "ARCHIVE_IN_USE",
  "ARCHIVE_IS_OWN",
  "ARCHIVE_KNOWN_ALREADY",
  "ARCHIVE_REFUSES_PAGE",
  "ARCHIVE_TOKEN_MISSING",
  "ARCHIVE_TOKEN_REFUSED",
  "AUTHORITY_EXPIRED",
  "AUTHORITY_FILE_HAS_KEY",
  "AUTHORITY_FILE_INVALID",
  "CONNECTION_FILE_INVALID",
  "NAME_INVALID",
  "NAME_READS_ALIKE",
  "NOTHING_TO_CANCEL",
  "NOTHING_TO_RETRY",
  "NOT_AN_AUTHORITY",
  "NOT_PERMITTED",
  "NOT_SIGNED_IN",
  "NOT_THERE_YET",
  "PROXY_ADDRESS_INVALID",
  "REPORT_NOT_PREPARED",
  "REPORT_NOT_SAVED",
  "SITE_DISK_FULL",
  "SITE_NOT_WRITTEN",
  "SNAPSHOT_DISK_FULL",
  "SNAPSHOT_FOLDER_MISSING",
  "SNAPSHOT_FOLDER_READ_ONLY",
  "SNAPSHOT_FOLDER_SILENT",
  "SNAPSHOT_NOT_SAVED",
  "SPOOL_DISK_CHANGES_BYTES",
  "SPOOL_DISK_TOO_SMALL",
  "SPOOL_FOLDER_OCCUPIED",
  "SPOOL_FOLDER_OF_ANOTHER",
  "SPOOL_FOLDER_OF_OTHERS",
  "SPOOL_FOLDER_OF_SYSTEM",
  "SPOOL_FOLDER_OPEN",
  "SPOOL_FOLDER_SILENT",
  "SPOOL_PATH_HIDDEN_CHARACTER",
  "SPOOL_PATH_NOT_FULL",
  "START_AT_LOG_ON_IMPOSSIBLE",
  "START_AT_LOG_ON_NOT_CHANGED",
  "STILL_RUNNING",
  "TIME_ZONE_UNKNOWN",
  "TOO_MANY_ATTEMPTS",
  "TOO_MANY_WINDOWS",
  "UNKNOWN_ARCHIVE",
  "UNKNOWN_EXPORT",
  "UNTRUSTED_SENDER",
  "UPDATE_BUSY",
  "UPDATE_DESCRIPTION_INVALID",
  "UPDATE_EXPORTS_RUNNING",
  "UPDATE_NOTHING_OFFERED",
  "UPDATE_NOT_INSTALLABLE",
  "UPDATE_NOT_INSTALLED",
  "UPDATE_NOT_KEPT",
  "UPDATE_NOT_PUBLISHED",
  "UPDATE_NO_KEY",
  "UPDATE_NO_PACKAGE",
  "UPDATE_OLDER",
  "UPDATE_OTHER_PRODUCT",
  "UPDATE_PACKAGE_ALTERED",
  "UPDATE_PACKAGE_TRUNCATED",
  "UPDATE_PLACE_INVALID",
  "UPDATE_PLACE_UNREACHABLE",
  "UPDATE_SIGNATURE_WRONG",
  "UPDATE_UNSIGNED",
  "WINDOW_GONE",
  "WRONG_CREDENTIALS",
] as const;

export type AnsweredCode = (typeof ANSWERED_CODES)[number];

export type FailureCode = AdvisedCode | AnsweredCode | ExportIssueCode;
