/** A service with something of everything in it, as a move finds it. */
import { randomBytes } from "node:crypto";
import { BlockBlobClient } from "@azure/storage-blob";
import { encryptGcm, type EncryptedFile } from "#evidence-service/testing/encrypt.ts";
import { changeRows } from "#evidence-service/testing/rows.ts";
import { TestSite } from "#evidence-service/testing/test-site.ts";

const MIB = 1 << 20;
export const idOf = (index: number): string => btoa(`block-${String(index).padStart(5, "0")}`);
const NO_RETRIES = { retryOptions: { maxTries: 1 } };

/** A file that is complete, as it is stored. */
export interface WholeFile {
  readonly evidenceId: string;
  readonly resourceId: string;
  readonly content: Buffer;
}

/** An upload that is half sent. */
export interface HalfSent {
  readonly evidenceId: string;
  readonly resourceId: string;
  readonly uri: string;
  readonly file: EncryptedFile;
  /** Its blocks in their order, of which the last one is still to be sent. */
  readonly blocks: readonly Buffer[];
}

export interface FilledSite {
  readonly site: TestSite;
  readonly whole: readonly WholeFile[];
  readonly half: readonly HalfSent[];
}

const ODD_NAMES = ['Ünï\u0301 😀 ’quoted’ " \\ % _', "名前 𠀋 ﬀ", "'; DROP TABLE evidence; --"];

/** @param under where the folder is made; metadata in SQLite, files in the folder */
export async function fillSite(under: string): Promise<FilledSite> {
  const site = await TestSite.start({}, under, null);
  const key = await site.publicKey();
  const encrypted = (lengthBytes: number) => encryptGcm(randomBytes(lengthBytes), key, 4 * MIB);
  const whole: WholeFile[] = [];
  for (const [index, lengthBytes] of [1, 3 * MIB + 7, 9 * MIB].entries()) {
    const { EvidenceId } = await site.createEvidence({ Name: ODD_NAMES[index] ?? "" });
    const file = encrypted(lengthBytes);
    const { ResourceId } = await sendWhole(site, EvidenceId, file);
    whole.push({ evidenceId: EvidenceId, resourceId: ResourceId, content: file.bytes });
  }
  // Nobody completes it.
  const { EvidenceId } = await site.createEvidence({ Name: "Empty" });
  const { Uri } = await site.uploadAddress(EvidenceId);
  await new BlockBlobClient(Uri, undefined, NO_RETRIES).upload(Buffer.alloc(0), 0);
  const half = [
    await sendHalf(site, encrypted(13 * MIB), [6 * MIB, MIB, 5 * MIB + 1]),
    await sendHalf(site, encrypted(2), [1]),
  ];
  return { site, whole, half };
}

async function sendWhole(site: TestSite, evidenceId: string, { bytes, metadata, sha512 }: EncryptedFile) {
  const { Uri, ResourceId } = await site.uploadAddress(evidenceId);
  const client = new BlockBlobClient(Uri, undefined, NO_RETRIES);
  const blocks = cut(bytes, [5 * MIB, MIB]);
  if (blocks.length === 1) await client.upload(bytes, bytes.length, { metadata });
  else {
    for (const [index, block] of blocks.entries()) await client.stageBlock(idOf(index), block, block.length);
    await client.commitBlockList(
      blocks.map((_, index) => idOf(index)),
      { metadata },
    );
  }
  await site.completeResource(evidenceId, ResourceId);
  await site.completeEvidence(evidenceId, { [ResourceId]: sha512 });
  return { ResourceId };
}

/** @returns pieces of these lengths, and what is left */
function cut(bytes: Buffer, lengths: readonly number[]): Buffer[] {
  const pieces: Buffer[] = [];
  let at = 0;
  for (const length of lengths) {
    pieces.push(bytes.subarray(at, at + length));
    at += length;
  }
  return [...pieces, bytes.subarray(at)].filter(({ length }) => length > 0);
}

async function sendHalf(site: TestSite, file: EncryptedFile, lengths: readonly number[]): Promise<HalfSent> {
  const { EvidenceId } = await site.createEvidence({ Name: "Under way" });
  const { Uri, ResourceId } = await site.uploadAddress(EvidenceId);
  const client = new BlockBlobClient(Uri, undefined, NO_RETRIES);
  const blocks = cut(file.bytes, lengths);
  for (const [index, block] of blocks.slice(0, -1).entries()) {
    await client.stageBlock(idOf(index), block, block.length);
  }
  return { evidenceId: EvidenceId, resourceId: ResourceId, uri: Uri, file, blocks };
}

/** Rows as a service has them that has run for years: fractions, long texts, jobs that were given up. The service is stopped. */
export async function addOddRows(dir: string): Promise<void> {
  const job =
    "INSERT INTO job (kind, subject, state, attempts, notBeforeUtcMs, sinceUtcMs, detail) VALUES (?, ?, ?, ?, ?, ?, ?)";
  const later = 4_000_000_000_000;
  await changeRows(
    dir,
    job,
    "remove-blob",
    crypto.randomUUID(),
    "Failed",
    6,
    1_700_000_000_000,
    1_700_000_000_123,
    "It’s “locked”.",
  );
  await changeRows(
    dir,
    job,
    "remove-blob",
    crypto.randomUUID(),
    "Waiting",
    2,
    later,
    1_700_000_000_456,
    null,
  );
  await changeRows(dir, "INSERT INTO receiving VALUES (?, ?, ?, ?)", crypto.randomUUID(), "é", 0.1 + 0.2, 0);
  await changeRows(dir, "INSERT INTO purgedBlob VALUES (?, ?)", crypto.randomUUID(), 1e-7);
  await changeRows(dir, "INSERT INTO setting VALUES (?, ?)", "\uE000 and \u{1F600}", "x".repeat(1 << 20));
  await changeRows(dir, "INSERT INTO setting VALUES (?, ?)", "\u{1F600}", String(Number.MAX_SAFE_INTEGER));
  const verification = "INSERT INTO verification VALUES (?, ?, ?, ?, ?, ?)";
  await changeRows(
    dir,
    verification,
    crypto.randomUUID(),
    "failed",
    "whole",
    Number.MAX_SAFE_INTEGER,
    null,
    "[]",
  );
}
