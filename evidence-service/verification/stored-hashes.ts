/** The stored bytes of a file, read anew: as they are, and for a segment of a manifest decrypted as well. */
import { createHash, type Hash } from "node:crypto";
import type { SentSegment } from "#shared/manifest/manifest.ts";
import type { ResourceRow } from "../api/resource-records.ts";
import { openDecrypted, readDecrypted } from "../consolidation/decrypted-source.ts";
import { Unreadable } from "../consolidation/unreadable.ts";
import type { ServiceContext } from "../service-context.ts";
import { BlobDamaged, READ_CHUNK_BYTES } from "../storage/blob-store.ts";
import { nameOf } from "./compare-manifest.ts";

const HASH_NAMES = { Sha512: "sha512", Sha384: "sha384", Sha256: "sha256" } as const;

/**
 * Every byte that is stored of a file against what was accepted at its evidence's completion, and where the manifest
 * names it, against the manifest. Memory stays bounded.
 * @param segment what the manifest says of it; undefined where it says nothing
 * @returns sentences; a file that is gone or cannot be read is one of them
 */
export async function fileDifferences(
  context: ServiceContext,
  row: ResourceRow,
  segment: SentSegment | undefined,
): Promise<string[]> {
  const lying = await lengthDifference(context, row);
  if (lying !== null) return [lying];
  try {
    const stored = await storedDifferences(context, row, segment);
    return segment === undefined ? stored : [...stored, ...(await videoDifferences(context, row, segment))];
  } catch (error) {
    if (error instanceof BlobDamaged) return [`${nameOf(row)} cannot be read whole any more.`];
    throw error;
  }
}

/** What lies there may be longer than what is read of it. */
async function lengthDifference(context: ServiceContext, row: ResourceRow): Promise<string | null> {
  const lyingBytes = await context.blobs.storedBytes(row.resourceId);
  if (lyingBytes === null) return `What was stored of ${nameOf(row)} is missing.`;
  if (lyingBytes === row.lengthBytes) return null;
  return `${lyingBytes} bytes are stored of ${nameOf(row)}; ${row.lengthBytes} were accepted.`;
}

async function storedDifferences(
  context: ServiceContext,
  row: ResourceRow,
  segment: SentSegment | undefined,
): Promise<string[]> {
  const { checksumAlgorithm, checksumHex } = row;
  const accepted = checksumAlgorithm === null ? null : createHash(HASH_NAMES[checksumAlgorithm]);
  const named = segment === undefined ? null : createHash("sha512");
  const buffer = Buffer.allocUnsafeSlow(READ_CHUNK_BYTES);
  for await (const chunk of context.blobs.read(row.resourceId, 0, row.lengthBytes ?? 0, buffer)) {
    accepted?.update(chunk);
    named?.update(chunk);
  }
  const isChanged = (hash: Hash | null, hex: string | null) => hash !== null && hash.digest("hex") !== hex;
  // Signed by whoever sent it, the manifest's word is the stronger one of two that say the same.
  if (isChanged(named, segment?.ciphertext.sha512 ?? null)) {
    return [`The stored bytes of ${nameOf(row)} do not have the SHA-512 that the manifest says.`];
  }
  if (isChanged(accepted, checksumHex)) {
    return [`The stored bytes of ${nameOf(row)} are not those that were accepted.`];
  }
  return [];
}

async function videoDifferences(
  context: ServiceContext,
  row: ResourceRow,
  { plaintext }: SentSegment,
): Promise<string[]> {
  try {
    const source = await openDecrypted(context, row.resourceId);
    const hash = createHash("sha256");
    for await (const chunk of readDecrypted(source, 0, source.lengthBytes)) hash.update(chunk);
    const isSame = source.lengthBytes === plaintext.lengthBytes && hash.digest("hex") === plaintext.sha256;
    return isSame ? [] : [`The decrypted video of ${nameOf(row)} is not what the archive gave.`];
  } catch (error) {
    if (!(error instanceof Unreadable)) throw error;
    return [`${nameOf(row)} cannot be decrypted: ${error.message}`];
  }
}
