import type { PortCall, PortFailure, PortOutcome } from "../../export-pipeline/ports/port-call.ts";
import { ABORTED, portSucceeded } from "../../export-pipeline/ports/port-call.ts";
import { exchange, type Peer } from "../http-exchange.ts";

/** Found by the console itself: no answer of anyone's could be doubted. */
function isOwnFinding(code: string): boolean {
  return code === "INTERNAL" || code.startsWith("SPOOL_");
}

/** Azure's code for a blob that nobody may change any more. */
const SEALED = "BlobImmutableDueToPolicy";

/** An upload's address, and what was to arrive there. */
export interface UploadTarget {
  readonly peer: Peer;
  readonly uri: string;
  readonly lengthBytes: number;
}

/**
 * What came of an upload, looked up where it counts.
 * - It was told that all is well: that may have been the answer to another request. Where it cannot be learnt
 *   whether the file is there, it counts: a file that is there must not be sent again.
 * - The place is sealed: an earlier try had arrived and was being completed when the service or the console
 *   ended. If the whole file is there, nothing is left to send; what it holds is compared when the evidence is
 *   completed.
 * - Any other refusal is doubted: one answer alone does not prove it.
 */
export async function uploadOutcome(
  sent: PortOutcome<unknown>,
  target: UploadTarget,
  call: Pick<PortCall, "signal">,
): Promise<PortOutcome<void>> {
  if (!sent.ok && sent.error.code !== SEALED) return doubted(sent.error);
  const arrival = await arrivalOf(target, call);
  if (call.signal.aborted) return ABORTED;
  if (sent.ok) return arrival === "missing" ? NOT_ARRIVED : portSucceeded(undefined);
  return arrival === "whole" ? portSucceeded(undefined) : doubted(sent.error);
}

/** "Get Blob Properties" of Azure's Blob service. */
async function arrivalOf(
  { peer, uri, lengthBytes }: UploadTarget,
  call: Pick<PortCall, "signal">,
): Promise<"whole" | "missing" | "unknown"> {
  const answer = await exchange(peer, { url: uri, method: "HEAD" }, call);
  if (!answer.ok) return answer.error.kind === "gone" ? "missing" : "unknown";
  const storedBytes = answer.value.headers.get("content-length");
  if (storedBytes === null) return "unknown";
  return Number(storedBytes) === lengthBytes ? "whole" : "missing";
}

const NOT_ARRIVED: PortOutcome<never> = {
  ok: false,
  error: {
    kind: "permanent",
    unconfirmed: true,
    code: "UPLOAD_NOT_ARRIVED",
    message: "The evidence service does not have the whole file that it was sent.",
    action: "If it stays so, have what lies between the console and the service checked, such as a proxy.",
  },
};

function doubted(failure: PortFailure): PortOutcome<never> {
  return { ok: false, error: { ...failure, unconfirmed: !isOwnFinding(failure.code) } };
}
