import type { PortCall, PortFailure, PortOutcome } from "../../export-pipeline/ports/port-call.ts";
import { portSucceeded } from "../../export-pipeline/ports/port-call.ts";
import { exchange, type Peer } from "../http-outcome.ts";

/** Found by the console itself: no answer of anyone's could be doubted. */
const OWN_FINDINGS: ReadonlySet<string> = new Set(["SPOOL_FILE_LOST", "SPOOL_FILE_DAMAGED", "INTERNAL"]);

/**
 * Looks whether an upload has arrived whole ("Get Blob Properties" of Azure's Blob service): what the upload
 * was told last may have been the answer to another request.
 * Where that cannot be learnt, the upload's own answer counts: a file that is there must not be sent again.
 */
export async function checkArrived(
  peer: Peer,
  uri: string,
  lengthBytes: number,
  call: Pick<PortCall, "signal">,
): Promise<PortOutcome<void>> {
  const answer = await exchange(peer, uri, { method: "HEAD" }, call);
  if (answer.ok) {
    const storedBytes = answer.value.headers.get("content-length");
    return storedBytes === null || Number(storedBytes) === lengthBytes
      ? portSucceeded(undefined)
      : NOT_ARRIVED;
  }
  if (answer.error.kind === "gone") return NOT_ARRIVED;
  return answer.error.kind === "aborted" ? answer : portSucceeded(undefined);
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

/** A refusal that ended an upload, which one answer alone does not prove. */
export function doubted(failure: PortFailure): PortOutcome<never> {
  const unconfirmed = !OWN_FINDINGS.has(failure.code);
  return { ok: false, error: { ...failure, unconfirmed } };
}
