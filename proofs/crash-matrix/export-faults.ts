/** What must be true of an export once it has ended, looked up where it counts: at the service and on disk. */
import { createDecipheriv, createHash, createPrivateKey } from "node:crypto";
import { existsSync, readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import Database from "better-sqlite3";
import { unwrapContentKey } from "#evidence-service/decryption/content-key.ts";
import { loadServiceKeys } from "#evidence-service/site/service-keys.ts";
import { encryptionDataSchema } from "#shared/clearance-api/encryption.ts";
import { MANIFEST_NAME } from "#shared/manifest/manifest.ts";
import type { TinyExport } from "./desk-under-test.ts";
import type { ServiceProcess } from "./service-process.ts";

interface EvidenceRow {
  readonly evidenceId: string;
  readonly name: string;
  readonly caseId: string | null;
  readonly lifecycleState: string;
}

interface ResourceRow {
  readonly resourceId: string;
  readonly name: string;
  readonly state: string;
  readonly lengthBytes: number | null;
  readonly checksumHex: string | null;
}

const GCM_NONCE_BYTES = 12;
const GCM_TAG_BYTES = 16;

/**
 * Everything that is wrong with an ended export, in sentences; empty when each evidence is there once, whole
 * and with the right bytes, the case once, and nothing in the spool. The archive's locks are looked up at the
 * desk's end: nobody else may open its index.
 */
export async function faultsOf({ order, footage }: TinyExport, service: ServiceProcess): Promise<string[]> {
  const database = new Database(join(service.dir, "evidence.sqlite"), { readonly: true });
  try {
    const cases = database
      .prepare<[string], { caseId: string }>("SELECT caseId FROM caseFile WHERE externalId = ?")
      .all(order.request.requestId);
    const faults = cases.length === 1 ? [] : [`The case is there ${cases.length} times.`];
    for (const { cameraId, name } of order.request.cameraExports) {
      const evidence = database
        .prepare<[string], EvidenceRow>("SELECT * FROM evidence WHERE name = ?")
        .all(name);
      if (evidence.length !== 1)
        faults.push(`The evidence of ${cameraId} is there ${evidence.length} times.`);
      const reader = { database, service };
      for (const row of evidence) {
        if (row.caseId !== cases[0]?.caseId) faults.push(`${row.name} is not in the case.`);
        faults.push(...(await evidenceFaults(reader, row, footage[cameraId] ?? [])));
      }
    }
    return [...faults, ...spoolFaults(order.folder)];
  } finally {
    database.close();
  }
}

interface Reader {
  readonly database: Database.Database;
  readonly service: ServiceProcess;
}

async function evidenceFaults(
  reader: Reader,
  evidence: EvidenceRow,
  footage: readonly string[],
): Promise<string[]> {
  const faults: string[] = [];
  if (evidence.lifecycleState !== "Available") faults.push(`${evidence.name} is ${evidence.lifecycleState}.`);
  const resources = reader.database
    .prepare<[string], ResourceRow>("SELECT * FROM resource WHERE evidenceId = ? ORDER BY startUtcMs, seq")
    .all(evidence.evidenceId);
  const sent = resources.filter(({ state }) => state !== "Derived");
  const videos = sent.filter(({ name }) => name !== MANIFEST_NAME);
  if (sent.length - videos.length !== 1) {
    faults.push(`${evidence.name} has ${sent.length - videos.length} manifests.`);
  }
  if (resources.length - sent.length !== 1) faults.push(`${evidence.name} has not one consolidated video.`);
  const hashes: string[] = [];
  for (const resource of sent) {
    const stored = storedBytes(reader, resource.resourceId);
    faults.push(...resourceFaults(resource, stored));
    const plaintext = await decrypted(reader, resource.resourceId, stored);
    if (resource.name !== MANIFEST_NAME) hashes.push(createHash("sha256").update(plaintext).digest("hex"));
  }
  if (hashes.join() !== footage.join()) {
    faults.push(`${evidence.name} holds other footage than the archive: ${hashes.length} parts.`);
  }
  return faults;
}

function resourceFaults({ name, state, lengthBytes, checksumHex }: ResourceRow, stored: Buffer): string[] {
  const faults: string[] = [];
  if (state !== "UserCompleted") faults.push(`${name} is ${state}.`);
  if (lengthBytes !== stored.length) faults.push(`${name} has ${stored.length} bytes of ${lengthBytes}.`);
  if (createHash("sha512").update(stored).digest("hex") !== checksumHex) {
    faults.push(`${name} has another checksum than it was completed with.`);
  }
  return faults;
}

function storedBytes({ database, service }: Reader, resourceId: string): Buffer {
  const files = database
    .prepare<[string], string>(
      `SELECT fileName FROM committedBlock JOIN blockList USING (list)
        WHERE blobName = ? AND state = 'Committed' ORDER BY startByte`,
    )
    .pluck()
    .all(resourceId);
  return Buffer.concat(files.map((file) => readFileSync(join(service.dir, "blobs", resourceId, file))));
}

/** With the recipient's key; files as small as these are one region of protocol 2.0. */
async function decrypted({ database, service }: Reader, resourceId: string, stored: Buffer): Promise<Buffer> {
  const metadata = database
    .prepare<[string], string>("SELECT metadataJson FROM blob WHERE blobName = ?")
    .pluck()
    .get(resourceId);
  const { encryptiondata } = JSON.parse(metadata ?? "{}") as { encryptiondata?: string };
  const encryption = encryptionDataSchema.parse(JSON.parse(encryptiondata ?? "null"));
  const keys = await loadServiceKeys(join(service.dir, "keys.json"));
  const key = unwrapContentKey(createPrivateKey({ key: keys.keyStoreKey, format: "jwk" }), encryption);
  if (key === null) throw new Error(`The content key of ${resourceId} cannot be read.`);
  const decipher = createDecipheriv("aes-256-gcm", key, stored.subarray(0, GCM_NONCE_BYTES), {
    authTagLength: GCM_TAG_BYTES,
  });
  decipher.setAuthTag(stored.subarray(-GCM_TAG_BYTES));
  return Buffer.concat([decipher.update(stored.subarray(GCM_NONCE_BYTES, -GCM_TAG_BYTES)), decipher.final()]);
}

function spoolFaults(consoleFolder: string): string[] {
  const spool = join(consoleFolder, "spool");
  const left = existsSync(spool) ? readdirSync(spool) : [];
  return left.map((name) => `${name} is left in the spool.`);
}
