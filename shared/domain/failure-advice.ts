/** What is behind the failures of exports, by code: why each comes about, and what the operator can do. */
import { ADMINISTRATOR, type FailureAdvice } from "./advice/advice.ts";
import { ARCHIVE_ADVICE } from "./advice/archive-advice.ts";
import { CONSOLE_ADVICE } from "./advice/console-advice.ts";
import { LINE_ADVICE } from "./advice/line-advice.ts";
import { SERVICE_ADVICE } from "./advice/service-advice.ts";
import { SPOOL_ADVICE } from "./advice/spool-advice.ts";
import type { AdvisedCode } from "./failure-codes.ts";
import type { Failure } from "./failure.ts";

const ADVICE: Readonly<Record<AdvisedCode, FailureAdvice>> = {
  ...ARCHIVE_ADVICE,
  ...SPOOL_ADVICE,
  ...LINE_ADVICE,
  ...CONSOLE_ADVICE,
  ...SERVICE_ADVICE,
};

/** The codes that have advice of their own. */
export const ADVISED_CODES = Object.keys(ADVICE) as readonly AdvisedCode[];

export const isAdvised = (code: string): code is AdvisedCode => Object.hasOwn(ADVICE, code);

/** For a code of another maker's service, or of a later one of ours, as well. */
export function adviceFor(code: string): FailureAdvice {
  if (isAdvised(code)) return ADVICE[code];
  return { cause: `The other side refused it with the code ${code}.`, action: ADMINISTRATOR };
}

/** The same failure with something that the operator can do; what was said where it happened goes first. */
export function withAdvice({ code, message, action }: Failure): Failure {
  return { code, message, action: action ?? adviceFor(code).action };
}
