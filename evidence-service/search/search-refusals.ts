import { formatRoughDuration } from "#shared/words/durations.ts";
import { Refusal } from "../http/refusal.ts";
import { SEARCH_RETRY_AFTER_S } from "./search-port.ts";

const later = { retryAfterS: SEARCH_RETRY_AFTER_S };

export function searchBusy(): Refusal {
  const detail = `Too many searches wait; try again in ${formatRoughDuration(SEARCH_RETRY_AFTER_S * 1_000)}.`;
  return new Refusal("SEARCH_BUSY", detail, later);
}

export function searchTooLong(): Refusal {
  return new Refusal(
    "SEARCH_TOO_LONG",
    "The search takes too long. Search for a longer word, or for fewer.",
    later,
  );
}
