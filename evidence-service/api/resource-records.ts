/** Resources: the files of an evidence, from their announcement to their acceptance. */
import { visibleName } from "#shared/domain/names.ts";
import { randomUUID } from "node:crypto";
import {
  type EncryptionData,
  type EncryptionProtocol,
  isInRegions,
} from "#shared/clearance-api/encryption.ts";
import { type CreateResource, EVIDENCE_MAX_FILES, type Resource } from "#shared/clearance-api/evidence.ts";
import { formatNumber } from "#shared/words/amounts.ts";
import { unwrapContentKey, wrappedAnew } from "../decryption/content-key.ts";
import { keepContentKeys } from "../storage/content-keys.ts";
import type { ContentKeyTable } from "../storage/metadata-tables.ts";
import type { KeyRing, RingKey } from "../site/key-ring.ts";
import { TAG_BYTES } from "../decryption/region-tags.ts";
import type { ServiceContext } from "../context/service-context.ts";
import { isoInstant } from "../storage/iso-instant.ts";
import { appendAudit, sortedJson } from "../audit/audit-chain.ts";
import { encryptionFacts, fileFacts } from "../audit/recorded-facts.ts";
import { ENCRYPTION_METADATA, parseEncryptionData } from "../decryption/encryption-metadata.ts";
import type { BlobProperties } from "../storage/blob-store.ts";
import type { Metadata, MetadataTransaction } from "../storage/metadata-tables.ts";
import { refuseIntoClosedCase } from "./case-records.ts";
import { actorOf, type Principal } from "../http/principal.ts";
import { notFound, Refusal } from "../http/refusal.ts";
import type { ResourceRow } from "../storage/metadata-rows.ts";

/** Uploads of one evidence that may be under way at a time (public guide). */
const UPLOADS_IN_PARALLEL = 5;
const RETRY_AFTER_S = 5;

export function toResource(row: ResourceRow): Resource {
  const by = row.uploadedBy;
  return {
    ResourceId: row.resourceId,
    EvidenceId: row.evidenceId,
    ExternalId: row.externalId,
    Name: visibleName(row.name),
    MimeType: row.mimeType,
    StartTimeUtc: isoInstant(row.startUtcMs),
    EndTimeUtc: isoInstant(row.endUtcMs),
    TimeOffset: "",
    UploadedTimeUtc: row.uploadedUtcMs === null ? null : isoInstant(row.uploadedUtcMs),
    UploadedBy: by === null ? null : { KId: "", Username: by, PrincipalId: by, PrincipalType: "Service" },
    Parent: row.parentResourceId,
    Thumbnail: null,
    State: row.state,
    LengthBytes: row.lengthBytes,
  };
}

/** Whether a stored file is a segment of the video (and not the manifest, or a document). */
export function isVideoSegment(row: ResourceRow): boolean {
  return row.state === "UserCompleted" && row.mimeType.startsWith("video/");
}

export async function resourcesOf(context: ServiceContext, evidenceId: string): Promise<ResourceRow[]> {
  return context.db
    .selectFrom("resource")
    .selectAll()
    .where("evidenceId", "=", evidenceId)
    .orderBy("seq")
    .execute();
}

/** A file, as routes name it. */
export interface FileName {
  readonly evidenceId: string;
  readonly resourceId: string;
}

/** @throws Refusal 404 */
export async function readResource(
  context: ServiceContext,
  { evidenceId, resourceId }: FileName,
): Promise<ResourceRow> {
  const row = await context.db
    .selectFrom("resource")
    .selectAll()
    .where("evidenceId", "=", evidenceId)
    .where("resourceId", "=", resourceId)
    .executeTakeFirst();
  if (row === undefined) throw notFound("resource");
  return row;
}

interface AnnouncedFile {
  readonly evidenceId: string;
  readonly body: CreateResource;
}

/**
 * Announces a file, once per evidence and ExternalId.
 * @returns the resource with a fresh upload address
 * @throws Refusal 404, 409 EVIDENCE_COMPLETED, 409 CASE_CLOSED, EVIDENCE_FULL, 429 TOO_MANY_UPLOADS
 */
export async function createResource(
  context: ServiceContext,
  principal: Principal,
  { evidenceId, body }: AnnouncedFile,
): Promise<Resource & { Uri: string; UriExpiresUtc: string }> {
  const resourceId = await context.db.transaction().execute(async (transaction) => {
    const existing = await transaction
      .selectFrom("resource")
      .select(["resourceId", "state"])
      .where("evidenceId", "=", evidenceId)
      .where("externalId", "=", body.ExternalId)
      .executeTakeFirst();
    if (existing?.state === "Created") await refuseToTakeIn(transaction, evidenceId);
    if (existing !== undefined) return existing.resourceId;
    await checkTakesResource(transaction, evidenceId);
    if (Date.parse(body.EndTimeUtc) < Date.parse(body.StartTimeUtc)) {
      throw new Refusal("ENDS_BEFORE_START", "The file ends before it starts.");
    }
    const by = { atUtcMs: context.now(), actor: actorOf(principal) };
    return insertResource(transaction, { evidenceId, body }, by);
  });
  const expiresUtcMs = context.now() + context.settings.uploadAddressMs;
  const resource = toResource(await readResource(context, { evidenceId, resourceId }));
  const uri = context.blobs.uploadUri(resourceId, expiresUtcMs, actorOf(principal));
  return { ...resource, Uri: uri, UriExpiresUtc: isoInstant(expiresUtcMs) };
}

/** @param by of the audit trail's entry */
async function insertResource(
  transaction: MetadataTransaction,
  { evidenceId, body }: AnnouncedFile,
  by: { readonly atUtcMs: number; readonly actor: string },
): Promise<string> {
  const resourceId = randomUUID();
  const row = {
    resourceId,
    evidenceId,
    externalId: body.ExternalId,
    name: body.Name,
    mimeType: body.MimeType,
    startUtcMs: Date.parse(body.StartTimeUtc),
    endUtcMs: Date.parse(body.EndTimeUtc),
    state: "Created" as const,
  };
  await transaction.insertInto("resource").values(row).execute();
  const entry = { ...by, action: "RESOURCE_CREATED" };
  const detail = { evidenceId, name: body.Name, facts: fileFacts(row) };
  await appendAudit(transaction, { ...entry, subject: resourceId, detail });
  return resourceId;
}

async function checkTakesResource(transaction: MetadataTransaction, evidenceId: string): Promise<void> {
  const evidence = await transaction
    .selectFrom("evidence")
    .select("lifecycleState")
    .where("evidenceId", "=", evidenceId)
    .executeTakeFirst();
  if (evidence === undefined) throw notFound("evidence");
  if (evidence.lifecycleState !== "Receiving") {
    throw new Refusal("EVIDENCE_COMPLETED", "The evidence takes no more files.");
  }
  await refuseIntoClosedCase(transaction, evidenceId);
  const files = transaction
    .selectFrom("resource")
    .select((e) => e.fn.countAll<number>().as("count"))
    .where("evidenceId", "=", evidenceId);
  const { count: all } = await files.executeTakeFirstOrThrow();
  if (Number(all) >= EVIDENCE_MAX_FILES) {
    throw new Refusal("EVIDENCE_FULL", `An evidence takes at most ${EVIDENCE_MAX_FILES} files.`);
  }
  const { count } = await files.where("state", "=", "Created").executeTakeFirstOrThrow();
  if (Number(count) < UPLOADS_IN_PARALLEL) return;
  const detail = `${UPLOADS_IN_PARALLEL} files of this evidence are being uploaded; complete one first.`;
  throw new Refusal("TOO_MANY_UPLOADS", detail, { retryAfterS: RETRY_AFTER_S });
}

/**
 * Completed is final: what an evidence consists of was decided then.
 * @throws Refusal 409 EVIDENCE_COMPLETED, CASE_CLOSED
 */
async function refuseToTakeIn(db: Metadata | MetadataTransaction, evidenceId: string): Promise<void> {
  await refuseIntoClosedCase(db, evidenceId);
  const completed = await db
    .selectFrom("evidence")
    .select("evidenceId")
    .where("evidenceId", "=", evidenceId)
    .where("completionJson", "is not", null)
    .executeTakeFirst();
  if (completed === undefined) return;
  throw new Refusal("EVIDENCE_COMPLETED", "The evidence takes no more files.");
}

/**
 * Accepts an uploaded file; from now on nobody can change it.
 * @throws Refusal 404, 409 EVIDENCE_COMPLETED, CASE_CLOSED, BLOB_NOT_COMMITTED, ENCRYPTION_MISSING, REGIONS_TOO_SHORT,
 *   UNKNOWN_KEY, CONTENT_KEY_UNREADABLE
 */
export async function completeResource(
  context: ServiceContext,
  principal: Principal,
  { evidenceId, resourceId }: FileName,
): Promise<Resource> {
  const row = await readResource(context, { evidenceId, resourceId });
  if (row.state !== "Created") return toResource(row);
  // What is sealed could not be sent again where the case is reopened later.
  await refuseToTakeIn(context.db, evidenceId);
  const { properties, contentKey, encryptionProtocol } = await acceptableBlob(context, row);
  await context.blobs.seal(resourceId);
  if (sortedJson(await context.blobs.properties(resourceId)) !== sortedJson(properties)) {
    throw new Refusal("BLOB_CHANGED", "The file was changed while it was completed; complete it again.");
  }
  await context.db.transaction().execute(async (transaction) => {
    await refuseToTakeIn(transaction, evidenceId);
    const atUtcMs = context.now();
    const { lengthBytes } = properties;
    const changed = await transaction
      .updateTable("resource")
      .set({ state: "UserCompleted", lengthBytes, uploadedUtcMs: atUtcMs, uploadedBy: principal.name })
      .set({ encryptionProtocol })
      .where("resourceId", "=", resourceId)
      .where("state", "=", "Created")
      .returning("resourceId")
      .execute();
    if (changed.length === 0) return;
    await keepContentKeys(transaction, [{ resourceId, ...contentKey }]);
    const entry = { atUtcMs, actor: actorOf(principal), action: "RESOURCE_COMPLETED", subject: resourceId };
    const encryption = encryptionFacts(properties.metadata[ENCRYPTION_METADATA]);
    await appendAudit(transaction, {
      ...entry,
      detail: { evidenceId, lengthBytes, encryption, encryptionProtocol },
    });
  });
  return toResource(await readResource(context, { evidenceId, resourceId }));
}

/**
 * Each region costs as much as some thousand bytes of it: a file of shorter ones would keep everybody waiting whenever
 * it is hashed or read. Azure's libraries and the console write 4 MiB.
 */
const REGION_LEAST_BYTES = 4_096;

function hasTooShortRegions(encryption: EncryptionData, { lengthBytes }: BlobProperties): boolean {
  if (!isInRegions(encryption)) return false;
  const { DataLength, NonceLength } = encryption.EncryptedRegionInfo;
  // Whoever sends a few bytes may say that one region holds no more.
  return DataLength < REGION_LEAST_BYTES && lengthBytes > DataLength + NonceLength + TAG_BYTES;
}

interface AcceptableBlob {
  readonly properties: BlobProperties;
  readonly contentKey: Omit<ContentKeyTable, "resourceId">;
  readonly encryptionProtocol: EncryptionProtocol;
}

/** A console that encrypted for an earlier key is no reason to keep that one. */
function keptContentKey(
  keys: KeyRing,
  { WrappedContentKey: { EncryptedKey } }: EncryptionData,
  { keyId, secret }: RingKey,
): AcceptableBlob["contentKey"] {
  const current = keys.current("content");
  if (current.keyId === keyId) return { keyId, encryptedKey: null };
  return { keyId: current.keyId, encryptedKey: wrappedAnew(EncryptedKey, secret, current.secret) };
}

async function acceptableBlob(context: ServiceContext, row: ResourceRow): Promise<AcceptableBlob> {
  const properties = await context.blobs.properties(row.resourceId);
  if (properties === null) {
    throw new Refusal("BLOB_NOT_COMMITTED", `The file of “${row.name}” has not arrived.`);
  }
  const encryption = parseEncryptionData(properties);
  if (encryption === null) {
    throw new Refusal("ENCRYPTION_MISSING", `“${row.name}” carries no valid encryption metadata.`);
  }
  if (hasTooShortRegions(encryption, properties)) {
    const detail = `“${row.name}” is encrypted in regions of less than ${formatNumber(REGION_LEAST_BYTES)} bytes.`;
    throw new Refusal("REGIONS_TOO_SHORT", detail);
  }
  const key = context.keys.find("content", encryption.WrappedContentKey.KeyId);
  if (key === undefined) {
    throw new Refusal("UNKNOWN_KEY", `“${row.name}” is encrypted for a key that this service does not hold.`);
  }
  if (unwrapContentKey(key.secret, encryption) === null) {
    throw new Refusal("CONTENT_KEY_UNREADABLE", `The content key of “${row.name}” cannot be unwrapped.`);
  }
  const contentKey = keptContentKey(context.keys, encryption, key);
  return { properties, contentKey, encryptionProtocol: encryption.EncryptionAgent.Protocol };
}
