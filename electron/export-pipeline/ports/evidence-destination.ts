import type { NewCase } from "#shared/domain/case.ts";
import type { TimeRange } from "#shared/domain/time-range.ts";
import type { ClockMeasurement } from "#shared/manifest/manifest.ts";
import type { PortCall, PortOutcome } from "./port-call.ts";
import type { DeviceKey } from "./manifest-signer.ts";
import type { RecipientKey } from "./segment-spool.ts";

export interface CaseRequest {
  /** The same id again answers the case that exists. */
  readonly externalId: string;
  readonly newCase: NewCase;
  /** The operator who pressed Finish. */
  readonly askedBy: string;
}

export interface EvidenceRequest {
  /** The same id again answers the evidence that exists. */
  readonly externalId: string;
  readonly name: string;
  readonly description: string;
  readonly range: TimeRange;
  readonly cameraId: string;
  readonly cameraName: string;
  readonly caseId: string | null;
  /** The operator who pressed Finish. */
  readonly askedBy: string;
}

export interface ResourceRequest {
  readonly evidenceId: string;
  readonly externalId: string;
  readonly name: string;
  readonly mimeType: string;
  readonly range: TimeRange;
}

export interface FileToSend {
  /** Its name in the spool. */
  readonly fileId: string;
  /** The spool folder that its record names; null where it names none. */
  readonly folder: string | null;
  readonly encryptionData: string;
  readonly lengthBytes: number;
  /** Of each block as it was written; null where its record does not have them. */
  readonly blockCrcs: readonly number[] | null;
}

/** A file of the spool, and the place at the service that it goes to. */
export interface Upload {
  readonly resource: ResourceRequest;
  readonly file: FileToSend;
}

/** SHA-512 of a file as it is stored, lower-case hex. */
export interface FileChecksum {
  readonly resourceId: string;
  readonly sha512: string;
}

/**
 * Told while a file is sent, for each try anew; `onPlace` before the first byte, and again with the same id after
 * interruptions; then `onProgress`, first with the bytes that the service has from earlier tries (mostly none), then
 * with these and what went over the line.
 */
export interface SendingObserver {
  onPlace(resourceId: string): void;
  onProgress(sentBytes: number): void;
}

export type EvidenceLifecycle =
  | { readonly kind: "receiving" | "processing" | "available" }
  | { readonly kind: "failed"; readonly detail: string };

/**
 * The evidence service as the pipeline needs it. Creating is idempotent by external id, completing by content;
 * `sendFile` may be called again after any interruption and goes on where the service has got to; where the
 * service has the whole file already it succeeds at once. A file that is not in the spool any more
 * (`SPOOL_FILE_LOST`), or not as it was written (`SPOOL_FILE_DAMAGED`), leaves nothing at the service that counts.
 * Failures of kind `gone`: the service no longer knows the evidence (purged after 24 h): create it anew.
 */
export interface EvidenceDestination {
  recipientKey(call: PortCall): Promise<PortOutcome<RecipientKey>>;
  createCase(request: CaseRequest, call: PortCall): Promise<PortOutcome<{ caseId: string }>>;
  createEvidence(request: EvidenceRequest, call: PortCall): Promise<PortOutcome<{ evidenceId: string }>>;
  sendFile(upload: Upload, observer: SendingObserver, call: PortCall): Promise<PortOutcome<void>>;
  /** Answers the stored length in bytes. */
  completeResource(
    evidenceId: string,
    resourceId: string,
    call: PortCall,
  ): Promise<PortOutcome<{ lengthBytes: number }>>;
  completeEvidence(
    evidenceId: string,
    checksums: readonly FileChecksum[],
    call: PortCall,
  ): Promise<PortOutcome<void>>;
  /** Registers the console's key. Also succeeds if the service keeps no such keys. */
  registerDeviceKey(key: DeviceKey, call: PortCall): Promise<PortOutcome<void>>;
  /** Null if no answer tells the service's time: an unknown fact holds nothing up. */
  measureClock(call: PortCall): Promise<PortOutcome<ClockMeasurement | null>>;
  lifecycle(evidenceId: string, call: PortCall): Promise<PortOutcome<EvidenceLifecycle>>;
  /** Ids of the files of an evidence that the service has whole. */
  storedFiles(evidenceId: string, call: PortCall): Promise<PortOutcome<ReadonlySet<string>>>;
  /**
   * Another id each time that the service was restored from a backup, which takes back what it had acknowledged; null
   * where it never was, or does not tell.
   */
  restoration(call: PortCall): Promise<PortOutcome<string | null>>;
}
