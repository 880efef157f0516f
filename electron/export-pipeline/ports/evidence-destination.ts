import type { NewCase } from "#shared/domain/case.ts";
import type { TimeRange } from "#shared/domain/time-range.ts";
import type { PortCall, PortOutcome } from "./port-call.ts";
import type { RecipientKey } from "./segment-spool.ts";

export interface EvidenceRequest {
  /** The same id again answers the evidence that exists. */
  readonly externalId: string;
  readonly name: string;
  readonly description: string;
  readonly range: TimeRange;
  readonly cameraId: string;
  readonly cameraName: string;
  readonly caseId: string | null;
}

export interface ResourceRequest {
  readonly evidenceId: string;
  readonly externalId: string;
  readonly name: string;
  readonly range: TimeRange;
}

/** A place for one file. `completedLengthBytes` tells that the file is there already. */
export interface UploadPlace {
  readonly resourceId: string;
  readonly uri: string;
  readonly completedLengthBytes: number | null;
}

export interface UploadJob {
  readonly segmentId: string;
  readonly uri: string;
  readonly encryptionData: string;
  readonly lengthBytes: number;
}

export type EvidenceLifecycle =
  | { readonly kind: "receiving" | "processing" | "available" }
  | { readonly kind: "failed"; readonly detail: string };

/**
 * The evidence service as the pipeline needs it. Creating is idempotent by external id, completing by content;
 * `upload` may be called again after any interruption and goes on where the service has got to.
 * Failures of kind `gone`: the service no longer knows the evidence (purged) — create it anew —
 * or, from `upload` with code UPLOAD_URI_EXPIRED, the place: ask for it again.
 */
export interface EvidenceDestination {
  recipientKey(call: PortCall): Promise<PortOutcome<RecipientKey>>;
  createCase(externalId: string, newCase: NewCase, call: PortCall): Promise<PortOutcome<{ caseId: string }>>;
  createEvidence(request: EvidenceRequest, call: PortCall): Promise<PortOutcome<{ evidenceId: string }>>;
  createResource(request: ResourceRequest, call: PortCall): Promise<PortOutcome<UploadPlace>>;
  upload(job: UploadJob, onProgress: (bytes: number) => void, call: PortCall): Promise<PortOutcome<void>>;
  /** Answers the stored length in bytes. */
  completeResource(
    evidenceId: string,
    resourceId: string,
    call: PortCall,
  ): Promise<PortOutcome<{ lengthBytes: number }>>;
  completeEvidence(
    evidenceId: string,
    checksums: readonly { readonly resourceId: string; readonly sha512: string }[],
    call: PortCall,
  ): Promise<PortOutcome<void>>;
  lifecycle(evidenceId: string, call: PortCall): Promise<PortOutcome<EvidenceLifecycle>>;
}
