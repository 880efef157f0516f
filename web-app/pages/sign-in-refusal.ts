import { formatRoughDuration } from "#shared/words/durations.ts";
import { ServiceProblem, UNREACHED } from "../service-client/problem.ts";
import { refusalText } from "./refusal-text.ts";

/** How long a refusal asks to wait, seconds; 0 when it does not. */
export function retryAfterS(error: unknown): number {
  return error instanceof ServiceProblem ? (error.retryAfterS ?? 0) : 0;
}

/**
 * Why signing in failed, in words.
 * @param waitS how long the service still asks to wait, seconds; 0 when the wait is over
 */
export function refusalSentence(error: unknown, waitS: number): string {
  if (!(error instanceof ServiceProblem)) return "Something went wrong in this application.";
  if (error.code === "WRONG_PASSWORD") return "User name or password is wrong.";
  if (error.code === "TOO_MANY_SIGN_INS") {
    return waitS > 0
      ? `Too many attempts to sign in. Try again in ${formatRoughDuration(waitS * 1_000)}.`
      : "Too many attempts to sign in. You can try again now.";
  }
  return error.action === UNREACHED
    ? "The evidence service does not answer. Try again in a moment."
    : refusalText(error);
}
