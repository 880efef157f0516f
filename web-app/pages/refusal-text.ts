import { ServiceProblem } from "../service-client/problem.ts";

/** One sentence for people. What is no refusal of the service is a mistake of this application. */
export function sentenceOf(error: unknown): string {
  return error instanceof ServiceProblem ? error.message : "Something went wrong in this application.";
}

/** What can be done about it; null for a mistake of this application. */
export function adviceOf(error: unknown): string | null {
  return error instanceof ServiceProblem ? error.action : null;
}

/** Both, on one line. */
export function refusalText(error: unknown): string {
  return [sentenceOf(error), adviceOf(error)].filter((part) => part !== null).join(" ");
}
