/** A service in a folder of its own for one test, and a console's calls against it. */
import { mkdtemp, readFile, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { BlockBlobClient } from "@azure/storage-blob";
import { importJWK, SignJWT, type JWTPayload } from "jose";
import {
  type ConnectionFile,
  connectionFileSchema,
  TOKEN_GRANT_TYPE,
  tokenAnswerSchema,
} from "#shared/clearance-api/connection-file.ts";
import { publicKeyAnswerSchema, type PublicKeyAnswer } from "#shared/clearance-api/encryption.ts";
import {
  createdResourceSchema,
  evidenceSchema,
  readAddressSchema,
  type CreateEvidence,
  type CreateResource,
  type Evidence,
} from "#shared/clearance-api/evidence.ts";
import {
  startEvidenceService,
  type EvidenceService,
  type EvidenceServiceOptions,
} from "../evidence-service.ts";
import { type AccountRole, RIGHTS_OF_ROLES, setRights } from "../storage/account-rights.ts";
import { openSiteFolder } from "../site/site-folder.ts";
import { seedDemo } from "./demo-seed.ts";
import { keepMetadataIn, ownSchema, type TestMetadata } from "./engine-of-tests.ts";

export interface Answer {
  readonly status: number;
  readonly headers: Headers;
  readonly body: unknown;
}

export class TestSite {
  readonly dir: string;
  readonly #options: Partial<EvidenceServiceOptions>;
  #service: EvidenceService;
  #token: string | null = null;

  private constructor(dir: string, service: EvidenceService, options: Partial<EvidenceServiceOptions>) {
    this.dir = dir;
    this.#service = service;
    this.#options = options;
  }

  /**
   * @param under the folder in which that of the service is made
   * @param metadata where its metadata are; where the tests run unless a test says otherwise
   */
  static async start(
    options: Partial<EvidenceServiceOptions> = {},
    under: string = tmpdir(),
    metadata: TestMetadata | null = ownSchema(),
  ): Promise<TestSite> {
    const dir = await mkdtemp(join(under, "evidence-service-"));
    await keepMetadataIn(dir, metadata);
    await seedDemo({ dir });
    // Tests of what is stored read it as well; what a console's account may not do is tested in rights.test.ts.
    await giveRole(dir, "integration");
    const withoutBallast = { ...options, settings: { diskBallastBytes: 0, ...options.settings } };
    const service = await startEvidenceService({ dir, port: 0, logLevel: "error", ...withoutBallast });
    return new TestSite(dir, service, withoutBallast);
  }

  /** A console of a service that runs in a process of its own. */
  static attach(dir: string, url: string, connectionFile: string): TestSite {
    const notHere = (): never => {
      throw new Error("The service runs in another process.");
    };
    const ends = {
      purge: notHere,
      keepRetention: notHere,
      forgetAssertions: notHere,
      lookAtKeys: notHere,
      signAuditHead: notHere,
      close: notHere,
    };
    return new TestSite(dir, { url, listensAt: url, connectionFile, routes: [], ...ends }, {});
  }

  get service(): EvidenceService {
    return this.#service;
  }

  async restart(): Promise<void> {
    await this.#service.close();
    this.#service = await startEvidenceService({
      dir: this.dir,
      port: 0,
      logLevel: "error",
      ...this.#options,
    });
  }

  async stop(): Promise<void> {
    await this.#service.close();
    await rm(this.dir, { recursive: true, force: true });
  }

  async connection() {
    return connectionFileSchema.parse(JSON.parse(await readFile(this.#service.connectionFile, "utf8")));
  }

  /** Signs an assertion as a console does; `change` alters its claims. */
  async assertion(change: JWTPayload = {}): Promise<{ clientId: string; assertion: string }> {
    const connection = await this.connection();
    const clientId = `${connection.ServicePrincipalId}@${connection.TenantId}`;
    const nowS = Math.floor((this.#options.now?.() ?? Date.now()) / 1_000);
    const claims = {
      iss: clientId,
      sub: clientId,
      aud: `${this.#service.url}/connect/token`,
      iat: nowS,
      exp: nowS + 300,
      jti: crypto.randomUUID(),
      ...change,
    };
    const key = await importJWK(connection.ServicePrincipalKey, "RS256");
    const header = { alg: "RS256", kid: connection.ServicePrincipalKey.kid };
    return { clientId, assertion: await new SignJWT(claims).setProtectedHeader(header).sign(key) };
  }

  async requestToken(clientId: string, assertion: string): Promise<Answer> {
    const form = new URLSearchParams({ client_id: clientId, grant_type: TOKEN_GRANT_TYPE, assertion });
    const response = await fetch(`${this.#service.url}/connect/token`, { method: "POST", body: form });
    return { status: response.status, headers: response.headers, body: await response.json() };
  }

  async token(): Promise<string> {
    if (this.#token !== null) return this.#token;
    const { clientId, assertion } = await this.assertion();
    const answer = await this.requestToken(clientId, assertion);
    this.#token = tokenAnswerSchema.parse(answer.body).access_token;
    return this.#token;
  }

  /** @param path below the service's address; `TENANT` stands for the tenant's id */
  async call(method: string, path: string, body?: unknown): Promise<Answer> {
    const tenant = (await this.connection()).TenantId;
    const headers: Record<string, string> = { authorization: `Bearer ${await this.token()}` };
    if (body !== undefined) headers["content-type"] = "application/json";
    const init = { method, headers, ...(body === undefined ? {} : { body: JSON.stringify(body) }) };
    const response = await fetch(`${this.#service.url}${path.replace("TENANT", tenant)}`, init);
    return { status: response.status, headers: response.headers, body: await response.json() };
  }

  /** Bytes of evidence: `path` below the evidence. */
  async download(
    evidenceId: string,
    path: string,
    headers: Record<string, string> = {},
    method = "GET",
  ): Promise<Response> {
    const tenant = (await this.connection()).TenantId;
    const url = `${this.#service.url}/documents/api/v1/tenant/${tenant}/evidence/${evidenceId}/${path}`;
    return fetch(url, { method, headers: { authorization: `Bearer ${await this.token()}`, ...headers } });
  }

  async publicKey(): Promise<PublicKeyAnswer> {
    return publicKeyAnswerSchema.parse((await this.call("GET", "/keys/api/v1/tenant/TENANT/publickey")).body);
  }

  async createEvidence(change: Partial<CreateEvidence> = {}): Promise<Evidence> {
    const answer = await this.call("POST", "/documents/api/v1/tenant/TENANT/evidence", newEvidence(change));
    return evidenceSchema.parse(answer.body);
  }

  createResource(evidenceId: string, change: Partial<CreateResource> = {}): Promise<Answer> {
    const body = {
      ExternalId: crypto.randomUUID(),
      Name: "segment-1.mp4",
      MimeType: "video/mp4",
      StartTimeUtc: "2026-11-23T10:00:00.000Z",
      EndTimeUtc: "2026-11-23T10:01:00.000Z",
      ...change,
    };
    return this.call("POST", `/documents/api/v1/tenant/TENANT/evidence/${evidenceId}/resource`, body);
  }

  async uploadAddress(evidenceId: string, change: Partial<CreateResource> = {}) {
    return createdResourceSchema.parse((await this.createResource(evidenceId, change)).body);
  }

  /** @param ending below the resource */
  resourcePath(evidenceId: string, resourceId: string, ending: string): string {
    return `/documents/api/v1/tenant/TENANT/evidence/${evidenceId}/resource/${resourceId}/${ending}`;
  }

  /** Azure's client at the address where a completed file is read as it is stored. */
  async reader(evidenceId: string, resourceId: string): Promise<BlockBlobClient> {
    const answer = await this.call("POST", this.resourcePath(evidenceId, resourceId, "read-address"));
    return new BlockBlobClient(readAddressSchema.parse(answer.body).Uri);
  }

  completeResource(evidenceId: string, resourceId: string): Promise<Answer> {
    return this.call("POST", this.resourcePath(evidenceId, resourceId, "complete"));
  }

  completeEvidence(evidenceId: string, checksums: Record<string, string>): Promise<Answer> {
    const files = Object.entries(checksums).map(([ResourceId, Checksum]) => ({ ResourceId, Checksum }));
    const body = { ChecksumAlgorithm: "Sha512", CompleteEvidenceResources: files };
    return this.call("POST", `/documents/api/v1/tenant/TENANT/evidence/${evidenceId}/complete`, body);
  }

  async readEvidence(evidenceId: string): Promise<Evidence> {
    const answer = await this.call("GET", `/documents/api/v1/tenant/TENANT/evidence/${evidenceId}`);
    return evidenceSchema.parse(answer.body);
  }
}

/** Gives the service's accounts what those of a role begin with. */
export async function giveRole(dir: string, role: AccountRole): Promise<void> {
  const { db } = await openSiteFolder(dir);
  await db.transaction().execute(async (transaction) => {
    const accounts = await transaction.selectFrom("serviceAccount").select("principalId").execute();
    for (const { principalId: id } of accounts) {
      await setRights(transaction, { kind: "service", id }, RIGHTS_OF_ROLES[role]);
    }
  });
  await db.destroy();
}

/** An access token of another account of the same service. */
export async function tokenOf(site: TestSite, connection: ConnectionFile): Promise<string> {
  const clientId = `${connection.ServicePrincipalId}@${connection.TenantId}`;
  const audience = `${site.service.url}/connect/token`;
  const key = await importJWK(connection.ServicePrincipalKey, "RS256");
  const assertion = await new SignJWT({ jti: crypto.randomUUID() })
    .setProtectedHeader({ alg: "RS256", kid: connection.ServicePrincipalKey.kid })
    .setIssuer(clientId)
    .setSubject(clientId)
    .setAudience(audience)
    .setIssuedAt()
    .setExpirationTime("5 min")
    .sign(key);
  return tokenAnswerSchema.parse((await site.requestToken(clientId, assertion)).body).access_token;
}

export function newEvidence(change: Partial<CreateEvidence> = {}): CreateEvidence {
  return {
    ExternalId: crypto.randomUUID(),
    Name: "North entrance",
    Description: "",
    StartTimeUtc: "2026-11-23T10:00:00.000Z",
    EndTimeUtc: "2026-11-23T10:02:00.000Z",
    CaseId: null,
    Device: {
      DeviceType: "Camera",
      ExternalId: "north",
      Manufacturer: "Example",
      SerialNumber: "1",
      Model: "E1",
    },
    ...change,
  };
}
