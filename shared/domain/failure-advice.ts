/** What is behind failures, by code: why those of exports come about, and what whoever reads of any can do. */
import { ADMINISTRATOR, type FailureAdvice } from "./advice/advice.ts";
import { ANSWERS_AT_ONCE, TRY_AGAIN } from "./advice/answers-at-once.ts";
import { ARCHIVE_ADVICE } from "./advice/archive-advice.ts";
import { ARCHIVE_ANSWERS } from "./advice/archive-answers.ts";
import { CONSOLE_ADVICE } from "./advice/console-advice.ts";
import { DESK_ANSWERS } from "./advice/desk-answers.ts";
import { EXPORT_ANSWERS, ISSUE_ANSWERS } from "./advice/export-answers.ts";
import { LINE_ADVICE } from "./advice/line-advice.ts";
import { NETWORK_ANSWERS } from "./advice/network-answers.ts";
import { SERVICE_ADVICE } from "./advice/service-advice.ts";
import { SPOOL_ADVICE } from "./advice/spool-advice.ts";
import { SPOOL_ANSWERS } from "./advice/spool-answers.ts";
import { UPDATE_ANSWERS } from "./advice/update-answers.ts";
import type { AdvisedCode, AnsweredCode } from "./failure-codes.ts";

const ADVICE: Readonly<Record<AdvisedCode, FailureAdvice>> = {
  ...ARCHIVE_ADVICE,
  ...SPOOL_ADVICE,
  ...LINE_ADVICE,
  ...CONSOLE_ADVICE,
  ...SERVICE_ADVICE,
};

const ANSWERS: Readonly<Record<AnsweredCode, string>> = {
  ...ARCHIVE_ANSWERS,
  ...DESK_ANSWERS,
  ...EXPORT_ANSWERS,
  ...ISSUE_ANSWERS,
  ...NETWORK_ANSWERS,
  ...SPOOL_ANSWERS,
  ...UPDATE_ANSWERS,
};

const AT_ONCE: Readonly<Partial<Record<AdvisedCode, string>>> = ANSWERS_AT_ONCE;

/** The codes that have advice of their own. */
export const ADVISED_CODES = Object.keys(ADVICE) as readonly AdvisedCode[];
export const ANSWERED_CODES = Object.keys(ANSWERS) as readonly AnsweredCode[];

export const isAdvised = (code: string): code is AdvisedCode => Object.hasOwn(ADVICE, code);

const isAnswered = (code: string): code is AnsweredCode => Object.hasOwn(ANSWERS, code);

/** For a code of another maker's service, or of a later one of ours, as well. */
export function adviceFor(code: string): FailureAdvice {
  if (isAdvised(code)) return ADVICE[code];
  return {
    cause: `The other side refused it with the code ${code}.`,
    action: isAnswered(code) ? ANSWERS[code] : ADMINISTRATOR,
  };
}

/** What can be done after a code that answers a button or a form, where nothing waits and nothing is retried. */
export function answerFor(code: string): string {
  if (isAnswered(code)) return ANSWERS[code];
  return isAdvised(code) ? (AT_ONCE[code] ?? TRY_AGAIN) : TRY_AGAIN;
}

/** What was to be done for an export, as the answer to a button; what was said where it happened stays. */
export function actionAtOnce(code: string, action: string): string {
  if (action === adviceFor(code).action) return answerFor(code);
  return action.replace(/; it goes on by itself\.$/, ".");
}
