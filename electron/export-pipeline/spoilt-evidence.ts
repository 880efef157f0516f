import type { Failure } from "#shared/domain/failure.ts";
import type { FailureCode } from "#shared/domain/failure-codes.ts";

/** After these an evidence stays at the service as it is, and can never become available: Retry makes another one. */
const SPOILT: ReadonlySet<string> = new Set<FailureCode>([
  "CHECKSUM_MISMATCH",
  "STORED_LENGTH_DIFFERS",
  "FILE_UNREADABLE",
  "UNKNOWN_KEY",
  "CONTENT_KEY_UNREADABLE",
  "EVIDENCE_COMPLETED",
  "CONSOLIDATION_FAILED",
]);

export function isSpoilt({ code }: Pick<Failure, "code">): boolean {
  return SPOILT.has(code);
}
