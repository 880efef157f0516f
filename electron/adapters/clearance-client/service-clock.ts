import type { ClockMeasurement } from "#shared/manifest/manifest.ts";
import type { PortCall } from "../../export-pipeline/ports/port-call.ts";
import { identified } from "../request-id.ts";
import type { ServiceFetch } from "../proxied-fetch.ts";

const ANSWER_TIMEOUT_MS = 5_000;
/** The Date header tells whole seconds: the true instant lies within the second that begins there. */
const HALF_A_SECOND_MS = 500;

/**
 * The service's clock against this computer's, from the Date header of one answer, whatever its status
 * (RFC 9110, 6.6.1). The header was written between asking and the answer's arrival.
 * @param tokenAddress the token service's base address; what is asked is its documented discovery document
 * @returns null when no answer comes in time or it has no date: the fact stays unknown
 */
export async function measureServiceClock(
  tokenAddress: string,
  call: Pick<PortCall, "signal">,
  reach: ServiceFetch = fetch,
): Promise<ClockMeasurement | null> {
  const signal = AbortSignal.any([call.signal, AbortSignal.timeout(ANSWER_TIMEOUT_MS)]);
  const askedUtcMs = Date.now();
  const askedMs = performance.now();
  const request = identified({ signal });
  const response = await reach(`${tokenAddress}/../.well-known/openid-configuration`, request.init).catch(
    () => null,
  );
  const roundTripMs = performance.now() - askedMs;
  await response?.body?.cancel();
  // The date of an answer to an earlier request would make the clock seem slow.
  if (response !== null && request.originOf(response) === "another's") return null;
  const dateUtcMs = Date.parse(response?.headers.get("date") ?? "");
  if (Number.isNaN(dateUtcMs)) return null;
  const measuredUtcMs = Math.round(askedUtcMs + roundTripMs / 2);
  return {
    measuredUtcMs,
    offsetMs: dateUtcMs + HALF_A_SECOND_MS - measuredUtcMs,
    uncertaintyMs: HALF_A_SECOND_MS + Math.ceil(roundTripMs / 2),
  };
}
