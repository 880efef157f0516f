import type { AdvisedCode } from "#shared/domain/failure-codes.ts";
import type { ClockMeasurement } from "#shared/manifest/manifest.ts";
import type { NewCase } from "#shared/domain/case.ts";
import type {
  CaseRequest,
  EvidenceDestination,
  EvidenceLifecycle,
  EvidenceRequest,
  FileChecksum,
  FileToSend,
  ResourceRequest,
  SendingObserver,
  Upload,
} from "../ports/evidence-destination.ts";
import { type PortCall, portFailed, type PortOutcome, portSucceeded } from "../ports/port-call.ts";
import type { DeviceKey } from "../ports/manifest-signer.ts";
import type { RecipientKey, SpooledSegment } from "../ports/segment-spool.ts";
import type { MemorySpool } from "./memory-spool.ts";
import { meetHindrance, type Hindrance } from "./hindered-calls.ts";

export interface MemoryResource {
  readonly resourceId: string;
  readonly request: ResourceRequest;
  stored: SpooledSegment | null;
  completed: boolean;
}

export interface MemoryEvidence {
  readonly evidenceId: string;
  readonly request: EvidenceRequest;
  /** Segments alone. */
  readonly resources: Map<string, MemoryResource>;
  /** The manifest by its resource's id; never more than one. */
  readonly manifests: Map<string, MemoryResource>;
  /** The checksums of the segments; the manifest's was checked as well. */
  completedWith: readonly FileChecksum[] | null;
  /** All that it was completed with. */
  completion: string | null;
}

const GONE = portFailed("gone", {
  code: "NOT_FOUND",
  message: "The service does not know this evidence.",
});

/**
 * An evidence service in memory that keeps the port's promises: creating is idempotent by external id, and
 * what it was not given it does not complete.
 */
export class MemoryService implements EvidenceDestination {
  readonly cases = new Map<string, NewCase>();
  readonly casesAskedBy: string[] = [];
  readonly evidence = new Map<string, MemoryEvidence>();
  readonly deviceKeys = new Set<string>();
  #restorations = 0;
  readonly #spool: MemorySpool;
  readonly #sending = new Map<string, number>();
  mostSendingAtOnce = new Map<string, number>();
  calls: string[] = [];
  hindrance: Hindrance = () => null;
  /** What each try to send tells before it meets the hindrance. */
  sentBeforeHindrance: readonly number[] = [];
  /** What the service answers once an evidence is complete. */
  lifecycleOfComplete: EvidenceLifecycle = { kind: "available" };

  constructor(spool: MemorySpool) {
    this.#spool = spool;
  }

  /** Of the latest restoration from a backup. */
  restorationId: string | null = null;

  /** A backup of all that it has. @returns restores it */
  backup(): () => void {
    const evidence = structuredClone(this.evidence);
    const cases = structuredClone(this.cases);
    return () => {
      this.evidence.clear();
      this.cases.clear();
      for (const [id, one] of structuredClone(evidence)) this.evidence.set(id, one);
      for (const [id, one] of cases) this.cases.set(id, one);
      // Bytes of files that were not accepted are in no backup.
      for (const { resources, manifests } of this.evidence.values()) {
        for (const file of [...resources.values(), ...manifests.values()])
          if (!file.completed) file.stored = null;
      }
      this.restorationId = `restoration-${(this.#restorations += 1)}`;
    };
  }

  /** What happens to evidence that was not completed in time. */
  purge(): void {
    this.evidence.clear();
  }

  async recipientKey(call: PortCall): Promise<PortOutcome<RecipientKey>> {
    const hindered = await this.#enter("recipientKey", "", call);
    return hindered ?? portSucceeded({ jwk: { kty: "RSA", kid: "k", n: "n", e: "e" }, protocol: "2.0" });
  }

  async createCase(
    { externalId, newCase, askedBy }: CaseRequest,
    call: PortCall,
  ): Promise<PortOutcome<{ caseId: string }>> {
    const hindered = await this.#enter("createCase", externalId, call);
    if (hindered !== null) return hindered;
    if (!this.cases.has(externalId)) {
      this.cases.set(externalId, newCase);
      this.casesAskedBy.push(askedBy);
    }
    return portSucceeded({ caseId: `case-${externalId}` });
  }

  async createEvidence(
    request: EvidenceRequest,
    call: PortCall,
  ): Promise<PortOutcome<{ evidenceId: string }>> {
    const hindered = await this.#enter("createEvidence", request.externalId, call);
    if (hindered !== null) return hindered;
    const madeHere = /^case-(.*)$/.exec(request.caseId ?? "")?.[1];
    if (madeHere !== undefined && !this.cases.has(madeHere))
      return refused("NOT_FOUND", "There is no such case.");
    const evidenceId = `evidence-${request.externalId}`;
    if (!this.evidence.has(evidenceId)) {
      this.evidence.set(evidenceId, {
        evidenceId,
        request,
        resources: new Map(),
        manifests: new Map(),
        completedWith: null,
        completion: null,
      });
    }
    return portSucceeded({ evidenceId });
  }

  async sendFile(
    { resource: request, file }: Upload,
    observer: SendingObserver,
    call: PortCall,
  ): Promise<PortOutcome<void>> {
    const { evidenceId } = request;
    const sending = (this.#sending.get(evidenceId) ?? 0) + 1;
    this.#sending.set(evidenceId, sending);
    this.mostSendingAtOnce.set(evidenceId, Math.max(this.mostSendingAtOnce.get(evidenceId) ?? 0, sending));
    try {
      const resource = this.#placeFor(request);
      if (resource === null) return GONE;
      observer.onPlace(resource.resourceId);
      for (const sentBytes of this.sentBeforeHindrance) observer.onProgress(sentBytes);
      const hindered = await this.#enter("sendFile", file.fileId, call);
      if (hindered !== null) return hindered;
      return this.#store(resource, file, observer);
    } finally {
      this.#sending.set(evidenceId, (this.#sending.get(evidenceId) ?? 0) - 1);
    }
  }

  async completeResource(
    evidenceId: string,
    resourceId: string,
    call: PortCall,
  ): Promise<PortOutcome<{ lengthBytes: number }>> {
    const hindered = await this.#enter("completeResource", resourceId, call);
    if (hindered !== null) return hindered;
    const resource = this.#find(evidenceId, resourceId);
    if (resource === undefined) return GONE;
    if (resource.stored === null) return refused("BLOB_NOT_COMMITTED", "The file has not arrived.");
    resource.completed = true;
    return portSucceeded({ lengthBytes: resource.stored.file.ciphertextLengthBytes });
  }

  async completeEvidence(
    evidenceId: string,
    checksums: readonly FileChecksum[],
    call: PortCall,
  ): Promise<PortOutcome<void>> {
    const hindered = await this.#enter("completeEvidence", evidenceId, call);
    if (hindered !== null) return hindered;
    const evidence = this.evidence.get(evidenceId);
    if (evidence === undefined) return GONE;
    const refusal = refusalOf(evidence, checksums);
    if (refusal !== null) return refusal;
    evidence.completion ??= JSON.stringify(checksums.toSorted(byResource));
    evidence.completedWith ??= checksums.filter(({ resourceId }) => evidence.resources.has(resourceId));
    return portSucceeded(undefined);
  }

  async registerDeviceKey(key: DeviceKey, call: PortCall): Promise<PortOutcome<void>> {
    const hindered = await this.#enter("registerDeviceKey", key.keyId, call);
    if (hindered !== null) return hindered;
    this.deviceKeys.add(key.keyId);
    return portSucceeded(undefined);
  }

  async measureClock(call: PortCall): Promise<PortOutcome<ClockMeasurement | null>> {
    const hindered = await this.#enter("measureClock", "", call);
    return hindered ?? portSucceeded({ measuredUtcMs: 0, offsetMs: 1_500, uncertaintyMs: 510 });
  }

  async lifecycle(evidenceId: string, call: PortCall): Promise<PortOutcome<EvidenceLifecycle>> {
    const hindered = await this.#enter("lifecycle", evidenceId, call);
    if (hindered !== null) return hindered;
    const evidence = this.evidence.get(evidenceId);
    if (evidence === undefined) return GONE;
    return portSucceeded(evidence.completedWith === null ? { kind: "receiving" } : this.lifecycleOfComplete);
  }

  async storedFiles(evidenceId: string, call: PortCall): Promise<PortOutcome<ReadonlySet<string>>> {
    const hindered = await this.#enter("storedFiles", evidenceId, call);
    if (hindered !== null) return hindered;
    const evidence = this.evidence.get(evidenceId);
    if (evidence === undefined) return GONE;
    const files = [...evidence.resources.values(), ...evidence.manifests.values()];
    return portSucceeded(
      new Set(files.filter(({ completed }) => completed).map(({ resourceId }) => resourceId)),
    );
  }

  async restoration(): Promise<PortOutcome<string | null>> {
    return portSucceeded(this.restorationId);
  }

  #enter(method: string, subject: string, call: PortCall): Promise<PortOutcome<never> | null> {
    this.calls.push(method);
    return meetHindrance(this.hindrance, { method, subject }, call.signal);
  }

  #placeFor(request: ResourceRequest): MemoryResource | null {
    const evidence = this.evidence.get(request.evidenceId);
    if (evidence === undefined) return null;
    const resourceId = `resource-${request.externalId}`;
    const places = request.mimeType.startsWith("video/") ? evidence.resources : evidence.manifests;
    const place = places.get(resourceId) ?? {
      resourceId,
      request,
      stored: null,
      completed: false,
    };
    places.set(resourceId, place);
    return place;
  }

  #find(evidenceId: string, resourceId: string): MemoryResource | undefined {
    const evidence = this.evidence.get(evidenceId);
    return evidence?.resources.get(resourceId) ?? evidence?.manifests.get(resourceId);
  }

  #store(resource: MemoryResource, file: FileToSend, observer: SendingObserver): PortOutcome<void> {
    const spooled = this.#spool.files.get(file.fileId);
    if (resource.completed || resource.stored?.encryptionData === file.encryptionData) {
      observer.onProgress(file.lengthBytes);
      return portSucceeded(undefined);
    }
    if (spooled === undefined) {
      return portFailed("permanent", {
        code: "SPOOL_FILE_LOST",
        message: "The spool does not hold this file.",
      });
    }
    if (spooled.encryptionData !== file.encryptionData || this.#spool.damaged.has(file.fileId)) {
      return portFailed("permanent", {
        code: "SPOOL_FILE_DAMAGED",
        message: "The file has other bytes than were written.",
      });
    }
    resource.stored = spooled;
    observer.onProgress(file.lengthBytes);
    return portSucceeded(undefined);
  }
}

/** Why the service does not take these for the checksums of an evidence's files; null where it does. */
function refusalOf(
  { resources, manifests, completion }: MemoryEvidence,
  checksums: readonly FileChecksum[],
): PortOutcome<never> | null {
  if (completion !== null) {
    const isSame = completion === JSON.stringify(checksums.toSorted(byResource));
    return isSame ? null : refused("EVIDENCE_COMPLETED", "It was completed with other checksums.");
  }
  const files = new Map([...resources, ...manifests]);
  const declared = new Map(checksums.map(({ resourceId, sha512 }) => [resourceId, sha512]));
  if (checksums.some(({ resourceId }) => !files.has(resourceId))) {
    return refused("UNKNOWN_RESOURCE", "The evidence has no such file.");
  }
  for (const { resourceId, stored, completed } of files.values()) {
    if (!completed) return refused("RESOURCE_NOT_COMPLETED", "A file is not complete.");
    const sha512 = declared.get(resourceId);
    if (sha512 === undefined) return refused("CHECKSUM_MISSING", "A file has no checksum.");
    if (sha512 !== stored?.file.ciphertextSha512) {
      return refused("CHECKSUM_MISMATCH", "A checksum is not the stored file's.");
    }
  }
  return null;
}

function byResource(one: FileChecksum, other: FileChecksum): number {
  return one.resourceId < other.resourceId ? -1 : 1;
}

function refused(code: AdvisedCode, message: string): PortOutcome<never> {
  return portFailed("permanent", { code, message });
}
