import { type CreateCase, caseSchema } from "#shared/clearance-api/case.ts";
import { publicKeyAnswerSchema } from "#shared/clearance-api/encryption.ts";
import {
  type CompleteEvidence,
  type CreateEvidence,
  type CreateResource,
  createdResourceSchema,
  evidenceSchema,
  resourceListSchema,
  resourceSchema,
} from "#shared/clearance-api/evidence.ts";
import { deviceKeySchema, type RegisterDeviceKey } from "#shared/clearance-api/device-key.ts";
import { restorationSchema } from "#shared/clearance-api/restoration.ts";
import type { ClockMeasurement } from "#shared/manifest/manifest.ts";
import { onceEach } from "#shared/domain/names-alike.ts";
import { visibleName } from "#shared/domain/names.ts";
import { assertNever } from "#shared/domain/failure.ts";
import type {
  CaseRequest,
  EvidenceDestination,
  EvidenceLifecycle,
  EvidenceRequest,
  ResourceRequest,
  SendingObserver,
  Upload,
} from "../../export-pipeline/ports/evidence-destination.ts";
import {
  type PortCall,
  portFailed,
  type PortOutcome,
  portSucceeded,
} from "../../export-pipeline/ports/port-call.ts";
import type { DeviceKey } from "../../export-pipeline/ports/manifest-signer.ts";
import type { RecipientKey } from "../../export-pipeline/ports/segment-spool.ts";
import { mixedUp, isUnreadableAnswer } from "../http-exchange.ts";
import type { SegmentWorker } from "../segment-encryptor/segment-workers.ts";
import { SERVICE_PEER } from "./access-token.ts";
import type { ClearanceHttp } from "./clearance-http.ts";
import { clearancePaths } from "./clearance-paths.ts";
import { measureServiceClock } from "./service-clock.ts";
import { uploadOutcome } from "./stored-file.ts";

/** The account as it is configured now, or null without one. */
export type CurrentAccount = () => ClearanceHttp | null;

/** Where a spooled file lies. @param folder the one that its record names, or null */
export type SpoolPath = (fileId: string, folder: string | null) => Promise<string> | string;

const NO_DESTINATION = portFailed("transient", {
  code: "DESTINATION_NOT_CONFIGURED",
  message: "There is no destination for evidence yet.",
  action: "An administrator sets it in the settings.",
});

/** What an upload ends with where nobody was there: the next try asks at another address, if there is one. */
const NO_ANSWER: ReadonlySet<string> = new Set([
  SERVICE_PEER.unreachableCode,
  "NO_PROGRESS",
  "HTTP_502",
  "HTTP_504",
]);

const DEVICE_NAME_MAX = 256;
const PERSON_NAME_MAX = 256;

export interface ClearanceDestinationParts {
  readonly account: CurrentAccount;
  readonly worker: SegmentWorker;
  readonly spoolPath: SpoolPath;
  /** Which console this is, for people who look at its registered key. */
  readonly deviceName?: string;
  /** What is answered while there is no such account. */
  readonly whyAway?: () => PortOutcome<never>;
}

/** The evidence service behind the pipeline's port: the public Clearance API and nothing else. */
export class ClearanceDestination implements EvidenceDestination {
  readonly #account: CurrentAccount;
  readonly #worker: SegmentWorker;
  readonly #spoolPath: SpoolPath;

  readonly #deviceName: string;
  readonly #whyAway: () => PortOutcome<never>;

  constructor({ account, worker, spoolPath, deviceName = "", whyAway }: ClearanceDestinationParts) {
    this.#whyAway = whyAway ?? (() => NO_DESTINATION);
    this.#deviceName = deviceName.slice(0, DEVICE_NAME_MAX);
    this.#account = account;
    this.#worker = worker;
    this.#spoolPath = spoolPath;
  }

  async recipientKey(call: PortCall): Promise<PortOutcome<RecipientKey>> {
    return await this.#with(async (http, paths) => {
      const answer = notPurged(await http.get(paths.publicKey, publicKeyAnswerSchema, call));
      if (!answer.ok) return answer;
      const { kid, n, e, EncryptionProtocols } = answer.value;
      const protocol = EncryptionProtocols?.includes("2.0") === true ? "2.0" : "1.0";
      return portSucceeded<RecipientKey>({ jwk: { kty: "RSA", kid, n, e }, protocol });
    });
  }

  async createCase(request: CaseRequest, call: PortCall): Promise<PortOutcome<{ caseId: string }>> {
    return await this.#with(async (http, paths) => {
      const body = { ...caseBody(request), ...onBehalfOf(request.askedBy) };
      const answer = notPurged(await http.post({ url: paths.cases, body, schema: caseSchema }, call));
      if (!answer.ok) return answer;
      if (answer.value.Name !== body.Name) return mixedUp(SERVICE_PEER);
      return portSucceeded({ caseId: answer.value.CaseId });
    });
  }

  async createEvidence(
    request: EvidenceRequest,
    call: PortCall,
  ): Promise<PortOutcome<{ evidenceId: string }>> {
    return await this.#with(async (http, paths) => {
      const body = { ...evidenceBody(request), ...onBehalfOf(request.askedBy) };
      const post = { url: paths.createEvidence, body, schema: evidenceSchema };
      const answer = notPurged(await http.post(post, call));
      if (!answer.ok) return answer;
      if (answer.value.ExternalId !== request.externalId) return mixedUp(SERVICE_PEER);
      return portSucceeded({ evidenceId: answer.value.EvidenceId });
    });
  }

  async sendFile(
    { resource, file }: Upload,
    observer: SendingObserver,
    call: PortCall,
  ): Promise<PortOutcome<void>> {
    return await this.#with(async (http, paths) => {
      const url = paths.resources(resource.evidenceId);
      const post = { url, body: resourceBody(resource), schema: createdResourceSchema };
      const place = await http.post(post, call);
      if (!place.ok) return place;
      if (place.value.ExternalId !== resource.externalId) return mixedUp(SERVICE_PEER);
      observer.onPlace(place.value.ResourceId);
      if (place.value.State === "UserCompleted" && place.value.LengthBytes === file.lengthBytes) {
        return portSucceeded(undefined);
      }
      const { fileId, lengthBytes, encryptionData, blockCrcs } = file;
      const path = await this.#spoolPath(fileId, file.folder);
      const uri = http.addresses.at(place.value.Uri);
      const proxy = await http.proxyFor(uri);
      const task = { kind: "send" as const, uri, path, lengthBytes, encryptionData, blockCrcs, proxy };
      const sent = await this.#worker.run(task, (bytes) => observer.onProgress(bytes), call.signal);
      if (!sent.ok && NO_ANSWER.has(sent.error.code)) http.addresses.noAnswerFrom(uri);
      const peer = { ...SERVICE_PEER, fetch: http.fetch, proxyFor: http.proxyFor };
      return await uploadOutcome(sent, { peer, uri, lengthBytes }, call);
    });
  }

  async completeResource(
    evidenceId: string,
    resourceId: string,
    call: PortCall,
  ): Promise<PortOutcome<{ lengthBytes: number }>> {
    return await this.#with(async (http, paths) => {
      const url = paths.completeResource(evidenceId, resourceId);
      const answer = await http.post({ url, body: {}, schema: resourceSchema }, call);
      if (!answer.ok) return answer;
      const { ResourceId, State, LengthBytes } = answer.value;
      if (ResourceId !== resourceId || State !== "UserCompleted") return mixedUp(SERVICE_PEER);
      return portSucceeded({ lengthBytes: LengthBytes ?? 0 });
    });
  }

  async completeEvidence(
    evidenceId: string,
    checksums: readonly { readonly resourceId: string; readonly sha512: string }[],
    call: PortCall,
  ): Promise<PortOutcome<void>> {
    const body: CompleteEvidence = {
      ChecksumAlgorithm: "Sha512",
      CompleteEvidenceResources: checksums.map(({ resourceId, sha512 }) => ({
        ResourceId: resourceId,
        Checksum: sha512,
      })),
    };
    return await this.#with(async (http, paths) => {
      const url = paths.completeEvidence(evidenceId);
      const answer = await http.post({ url, body, schema: evidenceSchema }, call);
      if (!answer.ok) return answer;
      const { EvidenceId, LifecycleState } = answer.value;
      return EvidenceId === evidenceId && LifecycleState !== "Receiving"
        ? portSucceeded(undefined)
        : mixedUp(SERVICE_PEER);
    });
  }

  /** A service that keeps no such keys refuses, and gets the evidence all the same. */
  async registerDeviceKey(key: DeviceKey, call: PortCall): Promise<PortOutcome<void>> {
    const { keyId: KeyId, algorithm: Algorithm, publicKey: PublicKey } = key;
    const body: RegisterDeviceKey = { KeyId, Algorithm, PublicKey, Name: this.#deviceName };
    return await this.#with(async (http, paths) => {
      const answer = await http.post({ url: paths.deviceKey, body, schema: deviceKeySchema }, call);
      if (answer.ok) return answer.value.KeyId === KeyId ? portSucceeded(undefined) : mixedUp(SERVICE_PEER);
      const { error } = answer;
      const isRefusal = (error.kind === "gone" || error.kind === "permanent") && !isUnreadableAnswer(error);
      return isRefusal ? portSucceeded(undefined) : answer;
    });
  }

  async measureClock(call: PortCall): Promise<PortOutcome<ClockMeasurement | null>> {
    return await this.#with(async (http) =>
      portSucceeded(await measureServiceClock(http.connection.tokens, call, http.fetch)),
    );
  }

  async lifecycle(evidenceId: string, call: PortCall): Promise<PortOutcome<EvidenceLifecycle>> {
    return await this.#with(async (http, paths) => {
      const answer = await http.get(paths.evidence(evidenceId), evidenceSchema, call);
      if (!answer.ok) return answer;
      const { EvidenceId, LifecycleState: state, LifecycleDetail: detail } = answer.value;
      if (EvidenceId !== evidenceId) return mixedUp(SERVICE_PEER);
      switch (state) {
        case "Receiving":
          return portSucceeded<EvidenceLifecycle>({ kind: "receiving" });
        case "Processing":
          return portSucceeded<EvidenceLifecycle>({ kind: "processing" });
        case "Available":
          return portSucceeded<EvidenceLifecycle>({ kind: "available" });
        case "Failed":
          return portSucceeded<EvidenceLifecycle>({ kind: "failed", detail: detail ?? "no reason given" });
        case "Deleted":
          return portSucceeded<EvidenceLifecycle>({ kind: "failed", detail: "it was deleted there" });
        default:
          return assertNever(state);
      }
    });
  }

  async storedFiles(evidenceId: string, call: PortCall): Promise<PortOutcome<ReadonlySet<string>>> {
    return await this.#with(async (http, paths) => {
      const answer = await http.get(paths.resources(evidenceId), resourceListSchema, call);
      if (!answer.ok) return answer;
      const whole = answer.value.filter(({ State }) => State === "UserCompleted");
      return portSucceeded(new Set(whole.map(({ ResourceId }) => ResourceId)));
    });
  }

  /** A service that does not tell refuses, and is taken at its word in all else. */
  async restoration(call: PortCall): Promise<PortOutcome<string | null>> {
    return await this.#with(async (http, paths) => {
      const answer = await http.get(paths.restoration, restorationSchema, call);
      if (answer.ok) return portSucceeded(answer.value.RestorationId);
      const { error } = answer;
      const isRefusal = (error.kind === "gone" || error.kind === "permanent") && !isUnreadableAnswer(error);
      return isRefusal ? portSucceeded(null) : answer;
    });
  }

  async #with<T>(
    use: (http: ClearanceHttp, paths: ReturnType<typeof clearancePaths>) => Promise<PortOutcome<T>>,
  ): Promise<PortOutcome<T>> {
    const http = this.#account();
    return http === null ? this.#whyAway() : await use(http, clearancePaths(http.connection));
  }
}

/** Only evidence is purged: anything else that is not there will not come back by being made anew. */
function notPurged<T>(outcome: PortOutcome<T>): PortOutcome<T> {
  if (outcome.ok || outcome.error.kind !== "gone") return outcome;
  return { ok: false, error: { ...outcome.error, kind: "permanent" } };
}

const LINES = { mayBreak: true };

/** Names from before the rule of names, and of cameras of other archives, go as they are shown: the service refuses others. */
function caseBody({ externalId, newCase }: CaseRequest): CreateCase {
  return {
    ExternalId: externalId,
    Name: visibleName(newCase.name),
    DepartmentId: newCase.departmentId,
    CategoryId: newCase.categoryId,
    RecordNumber: visibleName(newCase.recordNumber),
    IncidentNumber: newCase.incidentNumber,
    IncidentStartUtc: isoOrNull(newCase.incidentStartUtcMs),
    IncidentEndUtc: isoOrNull(newCase.incidentEndUtcMs),
    Description: visibleName(newCase.description, LINES),
    Location: visibleName(newCase.location),
    Tags: onceEach(newCase.tags.map((tag) => visibleName(tag))),
    CustomFields: newCase.customFields.map(({ name, value }) => ({ Name: name, Value: value })),
  };
}

/** A field of our own: the account says which person it sends for. */
function onBehalfOf(operator: string): Pick<CreateCase & CreateEvidence, "CreatedOnBehalfOf"> {
  return operator === "" ? {} : { CreatedOnBehalfOf: visibleName(operator.slice(0, PERSON_NAME_MAX)) };
}

function evidenceBody(request: EvidenceRequest): CreateEvidence {
  return {
    ExternalId: request.externalId,
    Name: visibleName(request.name),
    Description: visibleName(request.description, LINES),
    StartTimeUtc: iso(request.range.startUtcMs),
    EndTimeUtc: iso(request.range.endUtcMs),
    CaseId: request.caseId,
    Device: {
      DeviceType: "Camera",
      ExternalId: request.cameraId,
      Manufacturer: "",
      SerialNumber: "",
      Model: visibleName(request.cameraName),
    },
  };
}

function resourceBody(request: ResourceRequest): CreateResource {
  return {
    ExternalId: request.externalId,
    Name: visibleName(request.name),
    MimeType: request.mimeType,
    StartTimeUtc: iso(request.range.startUtcMs),
    EndTimeUtc: iso(request.range.endUtcMs),
  };
}

function iso(utcMs: number): string {
  return new Date(utcMs).toISOString();
}

function isoOrNull(utcMs: number | null): string | null {
  return utcMs === null ? null : iso(utcMs);
}
