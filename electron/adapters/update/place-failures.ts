import { failed, type Failure } from "#shared/domain/failure.ts";

/** @param why words, or a code of the system */
export function placeUnreachable(place: string, why: string) {
  return failed("UPDATE_PLACE_UNREACHABLE", `The place for updates, ${place}, cannot be reached (${why}).`);
}

export function notPublished(place: string) {
  return failed("UPDATE_NOT_PUBLISHED", `No update is published in ${place}.`);
}

export const DESCRIPTION_TOO_LONG = failed(
  "UPDATE_DESCRIPTION_INVALID",
  "The description of the update is longer than any is; it was not read.",
  "Have the update published anew.",
);

/** The place cannot be read while a package comes from it. */
export class PlaceUnreachable extends Error {
  readonly outcome: { readonly ok: false; readonly error: Failure };

  constructor(outcome: { readonly ok: false; readonly error: Failure }) {
    super(outcome.error.message);
    this.name = "PlaceUnreachable";
    this.outcome = outcome;
  }
}

/** A code of the system where there is one, else words. */
export function whyOf(error: unknown): string {
  if (!(error instanceof Error)) return "no reason is known";
  if (["TimeoutError", "AbortError", "Stalled"].includes(error.name)) return "it does not answer in time";
  return "code" in error && typeof error.code === "string" ? error.code : error.message;
}
