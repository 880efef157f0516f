/** What the program ends with on stderr. */
import { saysDatabaseAway, wentBackOf } from "../storage/metadata-unreachable.ts";
import { StartRefusal } from "./start-refusal.ts";

/** @returns the line of a refusal; of what nobody foresaw, all that it says of itself */
export function endingWords(error: unknown, ended: "service" | "command"): string {
  if (error instanceof StartRefusal) return error.line(ended);
  // It may go away in the midst of anything.
  if (saysDatabaseAway(error) && wentBackOf(error) === null) {
    const detail = `The database cannot be reached (${reasonOf(error)}).`;
    return new StartRefusal("POSTGRES_UNREACHABLE", detail).line(ended);
  }
  return error instanceof Error ? (error.stack ?? error.message) : String(error);
}

/** That from which all the others come. */
function reasonOf(error: unknown): string {
  let last = error;
  while (last instanceof Error && last.cause !== undefined && last.cause !== null) last = last.cause;
  return last instanceof Error ? last.message : String(last);
}
