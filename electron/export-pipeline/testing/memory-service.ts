import type { NewCase } from "#shared/domain/case.ts";
import type {
  EvidenceDestination,
  EvidenceLifecycle,
  EvidenceRequest,
  FileToSend,
  ResourceRequest,
  SendingObserver,
} from "../ports/evidence-destination.ts";
import { type PortCall, portFailed, type PortOutcome, portSucceeded } from "../ports/port-call.ts";
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
  readonly resources: Map<string, MemoryResource>;
  completedWith: readonly { readonly resourceId: string; readonly sha512: string }[] | null;
}

const GONE = portFailed("gone", "UNKNOWN_EVIDENCE", "The service does not know this evidence.");

/**
 * An evidence service in memory that keeps the port's promises: creating is idempotent by external id, and
 * what it was not given it does not complete.
 */
export class MemoryService implements EvidenceDestination {
  readonly cases = new Map<string, NewCase>();
  readonly evidence = new Map<string, MemoryEvidence>();
  readonly #spool: MemorySpool;
  readonly #sending = new Map<string, number>();
  mostSendingAtOnce = new Map<string, number>();
  calls: string[] = [];
  trouble: Trouble = () => null;
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
    externalId: string,
    newCase: NewCase,
    call: PortCall,
  ): Promise<PortOutcome<{ caseId: string }>> {
    const hindered = await this.#enter("createCase", externalId, call);
    if (hindered !== null) return hindered;
    if (!this.cases.has(externalId)) this.cases.set(externalId, newCase);
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
      this.evidence.set(evidenceId, { evidenceId, request, resources: new Map(), completedWith: null });
    }
    return portSucceeded({ evidenceId });
  }

  async sendFile(
    request: ResourceRequest,
    file: FileToSend,
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
    const resource = this.evidence.get(evidenceId)?.resources.get(resourceId);
    if (resource === undefined) return GONE;
    if (resource.stored === null) return portFailed("permanent", "NOTHING_STORED", "There is no file.");
    resource.completed = true;
    return portSucceeded({ lengthBytes: resource.stored.file.ciphertextLengthBytes });
  }

  async completeEvidence(
    evidenceId: string,
    checksums: readonly { readonly resourceId: string; readonly sha512: string }[],
    call: PortCall,
  ): Promise<PortOutcome<void>> {
    const hindered = await this.#enter("completeEvidence", evidenceId, call);
    if (hindered !== null) return hindered;
    const evidence = this.evidence.get(evidenceId);
    if (evidence === undefined) return GONE;
    const right = checksums.every(
      ({ resourceId, sha512 }) =>
        evidence.resources.get(resourceId)?.stored?.file.ciphertextSha512 === sha512,
    );
    if (!right) return portFailed("permanent", "CHECKSUM_WRONG", "A checksum is not the stored file's.");
    evidence.completedWith ??= checksums;
    return portSucceeded(undefined);
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
    const place = evidence.resources.get(resourceId) ?? {
      resourceId,
      request,
      stored: null,
      completed: false,
    };
    evidence.resources.set(resourceId, place);
    return place;
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
