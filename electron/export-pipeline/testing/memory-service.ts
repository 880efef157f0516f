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
import {
  portFailedAs,
  type PortCall,
  portFailed,
  type PortOutcome,
  portSucceeded,
} from "../ports/port-call.ts";
import type { DeviceKey } from "../ports/manifest-signer.ts";
import type { RecipientKey, SpooledSegment } from "../ports/segment-spool.ts";
import type { MemorySpool } from "./memory-spool.ts";
import { obstacle, type Trouble } from "./trouble.ts";

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
}

const GONE = portFailedAs("gone", {
  code: "UNKNOWN_EVIDENCE",
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
  readonly #spool: MemorySpool;
  readonly #sending = new Map<string, number>();
  mostSendingAtOnce = new Map<string, number>();
  calls: string[] = [];
  trouble: Trouble = () => null;
  /** What each try to send tells before it meets the trouble. */
  sentBeforeTrouble: readonly number[] = [];
  /** What the service answers once an evidence is complete. */
  lifecycleOfComplete: EvidenceLifecycle = { kind: "available" };

  constructor(spool: MemorySpool) {
    this.#spool = spool;
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
    const evidenceId = `evidence-${request.externalId}`;
    if (!this.evidence.has(evidenceId)) {
      this.evidence.set(evidenceId, {
        evidenceId,
        request,
        resources: new Map(),
        manifests: new Map(),
        completedWith: null,
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
      for (const sentBytes of this.sentBeforeTrouble) observer.onProgress(sentBytes);
      const hindered = await this.#enter("sendFile", file.segmentId, call);
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
    if (resource.stored === null)
      return portFailedAs("permanent", { code: "NOTHING_STORED", message: "There is no file." });
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
    const right = checksums.every(
      ({ resourceId, sha512 }) =>
        this.#find(evidenceId, resourceId)?.stored?.file.ciphertextSha512 === sha512,
    );
    if (!right)
      return portFailedAs("permanent", {
        code: "CHECKSUM_WRONG",
        message: "A checksum is not the stored file's.",
      });
    if (!checksums.some(({ resourceId }) => evidence.manifests.has(resourceId))) {
      return portFailedAs("permanent", {
        code: "MANIFEST_MISSING",
        message: "There is no checksum of a manifest.",
      });
    }
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

  #enter(method: string, subject: string, call: PortCall): Promise<PortOutcome<never> | null> {
    this.calls.push(method);
    return obstacle(this.trouble, { method, subject }, call.signal);
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
    const spooled = this.#spool.files.get(file.segmentId);
    if (resource.completed) return portSucceeded(undefined);
    if (spooled === undefined || spooled.encryptionData !== file.encryptionData) {
      return portFailed("permanent", "SPOOL_FILE_LOST", "The spool does not hold these bytes.");
    }
    resource.stored = spooled;
    observer.onProgress(file.lengthBytes);
    return portSucceeded(undefined);
  }
}
