/** The console's own adapters against a real evidence service, with bytes of the test's own for footage. */
import { randomBytes, randomUUID } from "node:crypto";
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { createServer, type Server } from "node:http";
import type {
  EvidenceDestination,
  FileToSend,
} from "#electron/export-pipeline/ports/evidence-destination.ts";
import type { AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { FootageArchive } from "#electron/export-pipeline/ports/footage-archive.ts";
import type { PortOutcome, Waiting } from "#electron/export-pipeline/ports/port-call.ts";
import type { RecipientKey, SegmentSpool } from "#electron/export-pipeline/ports/segment-spool.ts";
import type { ClearanceHttp } from "#electron/adapters/clearance-client/clearance-http.ts";
import { type SendingParts, sendingParts } from "#electron/sending-parts/sending-parts.ts";
import { connect } from "#proofs/console-parts/connect.ts";
import { givenForProof } from "#proofs/console-parts/given-for-proof.ts";
import { readAddressSchema } from "#shared/clearance-api/evidence.ts";
import { startEvidenceService, type EvidenceService } from "#evidence-service/evidence-service.ts";
import { keepMetadataIn, ownSchema } from "#evidence-service/testing/engine-of-tests.ts";
import { giveRole, TestSite } from "#evidence-service/testing/test-site.ts";
import type { ServiceSettings } from "#evidence-service/context/service-context.ts";
import type { S3Settings } from "#evidence-service/blobs/s3/s3-settings.ts";
import type { AzureSettings } from "#evidence-service/blobs/azure/azure-container.ts";

const RANGE = { startUtcMs: Date.UTC(2026, 0, 1, 10), endUtcMs: Date.UTC(2026, 0, 1, 11) };

export const EVIDENCE = {
  ...{ name: "Gate", description: "", range: RANGE, cameraId: "gate", cameraName: "Gate", caseId: null },
};

/** A segment in the spool, with what a test must know of it. */
export interface SpooledForTest {
  readonly file: FileToSend;
  readonly sha512: string;
}

interface Calls {
  /** Every address of the service that was called, uploads included, in order. */
  readonly called: string[];
  /** Through which proxy it is called from now on; null for none. */
  proxyUrl: string | null;
}

/** What a test wants otherwise. */
interface Wishes {
  readonly settings?: Partial<ServiceSettings>;
  /** Where the service keeps its blobs, if not in files. */
  readonly azure?: AzureSettings;
  readonly s3?: S3Settings;
  /** Where something in front of the service ends TLS, if something does. */
  readonly publicUrl?: string;
  /** Where it is reached too. */
  readonly otherUrls?: readonly string[];
  readonly archive?: FootageArchive;
}

interface Made {
  readonly folder: string;
  readonly service: EvidenceService;
  readonly footage: Server;
  /** The archive's plans, where the pipeline is to send. */
  readonly archive: FootageArchive | undefined;
}

export class SendingConsole {
  readonly folder: string;
  readonly service: EvidenceService;
  /** The console's, put together as the main process does. */
  readonly parts: SendingParts;
  readonly destination: EvidenceDestination;
  readonly spool: SegmentSpool;
  readonly calls: Calls = { called: [], proxyUrl: null };
  /** Codes of everything that was waited for. */
  readonly waits: string[] = [];
  readonly #gaveUp = new AbortController();
  readonly call = {
    signal: this.#gaveUp.signal,
    reportWaiting: (waiting: Waiting | null) => {
      if (waiting !== null) this.waits.push(waiting.failure.code);
    },
  };
  readonly #footage: Server;

  get called(): readonly string[] {
    return this.calls.called;
  }

  /** The thread that sends. */
  get worker(): SendingParts["workers"]["send"] {
    return this.parts.workers.send;
  }

  /** @throws Error while the service has not told where it is */
  get http(): ClearanceHttp {
    const http = this.parts.account.current();
    if (http === null) throw new Error("There is no account.");
    return http;
  }

  private constructor({ folder, service, footage, archive }: Made) {
    [this.folder, this.service, this.#footage] = [folder, service, footage];
    const { port } = footage.address() as AddressInfo;
    this.parts = sendingParts({
      ...givenForProof(folder),
      proxyFor: async (url) => {
        this.calls.called.push(url);
        return this.calls.proxyUrl;
      },
      archiveAddress: () => ({ baseUrl: `http://127.0.0.1:${port}/`, token: "token" }),
      portsSeenBy: (ports) => ({ ...ports, archive: archive ?? ports.archive }),
    });
    connect(this.parts.account, service.connectionFile);
    this.spool = this.parts.ports.spool;
    this.destination = this.parts.ports.destinationOf(null);
  }

  /**
   * @param footage what the archive gives for any range
   */
  static async start(
    footage: Buffer,
    { settings, azure, s3, publicUrl, otherUrls = [], archive }: Wishes = {},
  ): Promise<SendingConsole> {
    const folder = await mkdtemp(join(tmpdir(), "sending-console-"));
    const dir = join(folder, "service");
    await keepMetadataIn(dir, ownSchema());
    if (azure !== undefined) {
      await writeFile(join(dir, "azure-blobs.json"), JSON.stringify(azure), { mode: 0o600 });
    }
    await writeFile(join(dir, "settings.json"), JSON.stringify({ otherUrls }));
    if (s3 !== undefined) {
      await writeFile(join(dir, "s3-blobs.json"), JSON.stringify(s3), { mode: 0o600 });
    }
    const service = await startEvidenceService({ dir, port: 0, logLevel: "error", settings, publicUrl });
    // As much as tests read of what they have sent; that a console's account may not is tested beside the service.
    await giveRole(dir, "integration");
    return new SendingConsole({ folder, service, footage: await serving(footage), archive });
  }

  /** Of a service that runs elsewhere, and goes on when this console stops. */
  static async attached(
    footage: Buffer,
    { url, connectionFile }: Pick<EvidenceService, "url" | "connectionFile">,
  ): Promise<SendingConsole> {
    const folder = await mkdtemp(join(tmpdir(), "sending-console-"));
    const service = TestSite.attach(folder, url, connectionFile).service;
    const nothingToClose = { ...service, close: async () => undefined };
    return new SendingConsole({
      ...{ folder, service: nothingToClose, footage: await serving(footage), archive: undefined },
    });
  }

  /** Ends whatever it waits for. */
  giveUp(): void {
    this.#gaveUp.abort();
  }

  /** As an administrator does. @param bytesPerSecond null for none */
  capUploads(bytesPerSecond: number | null): void {
    const { settings, uploadCap } = this.parts;
    settings.saveDestination({ ...settings.destination(), bandwidthCapBytesPerSecond: bytesPerSecond });
    uploadCap.apply();
  }

  async stop(): Promise<void> {
    await this.parts.stop();
    this.parts.close();
    await this.service.close();
    this.#footage.closeAllConnections();
    await new Promise((resolve) => this.#footage.close(resolve));
    await rm(this.folder, { recursive: true });
  }

  /** Encrypts the footage into the spool, with the protocol that the service announces unless told. */
  async spoolSegment(protocol?: RecipientKey["protocol"]): Promise<SpooledForTest> {
    const announced = must(await this.destination.recipientKey(this.call));
    const recipient = { ...announced, protocol: protocol ?? announced.protocol };
    const segmentId = randomUUID();
    const whose = { exportId: "export", cameraExportId: "camera-export" };
    const job = { segmentId, ...whose, cameraId: "gate", range: RANGE, lengthBytes: 0, recipient };
    const observer = { onBegin: () => undefined, onProgress: () => undefined };
    const { file, encryptionData } = must(await this.spool.write(job, observer, this.call));
    const { ciphertextLengthBytes: lengthBytes, blockCrcs = null, folder = null } = file;
    const toSend = { fileId: segmentId, folder, encryptionData, lengthBytes, blockCrcs };
    return { file: toSend, sha512: file.ciphertextSha512 };
  }

  async createEvidence(): Promise<string> {
    const request = { externalId: randomUUID(), askedBy: "operator", ...EVIDENCE };
    return must(await this.destination.createEvidence(request, this.call)).evidenceId;
  }

  /** Where an Azure client reads a completed file. */
  async readAddress(evidenceId: string, resourceId: string): Promise<string> {
    const site = TestSite.attach(join(this.folder, "service"), this.service.url, this.service.connectionFile);
    const path = site.resourcePath(evidenceId, resourceId, "read-address");
    return readAddressSchema.parse((await site.call("POST", path)).body).Uri;
  }

  /** Sends a spooled segment and completes its resource. @returns the resource, and the upload addresses given for it */
  async send(evidenceId: string, { file }: SpooledForTest) {
    const place = {
      evidenceId,
      externalId: file.fileId,
      name: "1 of 1.mp4",
      mimeType: "video/mp4",
      range: RANGE,
    };
    const places: string[] = [];
    const observer = { onPlace: (id: string) => void places.push(id), onProgress: () => undefined };
    must(await this.destination.sendFile({ resource: place, file }, observer, this.call));
    const resourceId = places[0] ?? "";
    const { lengthBytes } = must(await this.destination.completeResource(evidenceId, resourceId, this.call));
    return { resourceId, lengthBytes, places, uploadAddress: this.called.filter(isUpload).at(-1) ?? "" };
  }
}

/** An archive that gives the same for any range. */
async function serving(footage: Buffer): Promise<Server> {
  const server = createServer((_request, response) => {
    response.writeHead(200, { "content-length": footage.length }).end(footage);
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  return server;
}

export function must<T>(outcome: PortOutcome<T>): T {
  if (!outcome.ok) throw new Error(`${outcome.error.code}: ${outcome.error.message}`);
  return outcome.value;
}

export function isUpload(url: string): boolean {
  return new URL(url).searchParams.has("sig");
}

/** Bytes that no two runs have in common. */
export function footageOf(lengthBytes: number): Buffer {
  return randomBytes(lengthBytes);
}
