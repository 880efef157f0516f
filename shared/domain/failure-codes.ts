/**
 * Every code that this program fails with: those of the tables of advice (`advice/`), so that a code without something
 * that can be done does not compile. Codes of other programs, and of later versions of ours, are `ForeignCode`.
 */
import type { ARCHIVE_ADVICE } from "./advice/archive-advice.ts";
import type { ARCHIVE_ANSWERS } from "./advice/archive-answers.ts";
import type { CONSOLE_ADVICE } from "./advice/console-advice.ts";
import type { DESK_ANSWERS } from "./advice/desk-answers.ts";
import type { EXPORT_ANSWERS } from "./advice/export-answers.ts";
import type { LINE_ADVICE } from "./advice/line-advice.ts";
import type { NETWORK_ANSWERS } from "./advice/network-answers.ts";
import type { SERVICE_ADVICE } from "./advice/service-advice.ts";
import type { SPOOL_ADVICE } from "./advice/spool-advice.ts";
import type { SPOOL_ANSWERS } from "./advice/spool-answers.ts";
import type { UPDATE_ANSWERS } from "./advice/update-answers.ts";
import type { ExportIssueCode } from "./export-request.ts";

/** Of what can reach an export: a cause and an action. */
export type AdvisedCode = keyof (typeof ARCHIVE_ADVICE &
  typeof SPOOL_ADVICE &
  typeof LINE_ADVICE &
  typeof CONSOLE_ADVICE &
  typeof SERVICE_ADVICE);

/** Of answers to a button or a form, whose sentence tells the cause; and of what nobody is shown: an action. */
export type AnsweredCode =
  | keyof (typeof ARCHIVE_ANSWERS &
      typeof DESK_ANSWERS &
      typeof EXPORT_ANSWERS &
      typeof NETWORK_ANSWERS &
      typeof SPOOL_ANSWERS &
      typeof UPDATE_ANSWERS)
  | ExportIssueCode;

export type FailureCode = AdvisedCode | AnsweredCode;
