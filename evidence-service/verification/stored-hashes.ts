/** The stored bytes of a file, read anew: as they are, and for a segment of a manifest decrypted as well. */
import { createHash, type Hash } from "node:crypto";
import type { SentSegment } from "#shared/manifest/manifest.ts";
import { formatNumber } from "#shared/words/amounts.ts";
import { readDecrypted } from "../decryption/decrypted-source.ts";
import { openDecrypted } from "../decryption/open-decrypted.ts";
import { TagsInPassing } from "../decryption/tags-in-passing.ts";
import { Unreadable } from "../decryption/unreadable.ts";
import type { ServiceContext } from "../context/service-context.ts";
import { BlobDamaged, READ_CHUNK_BYTES } from "../storage/blob-store.ts";
import { nameOf } from "./compare-manifest.ts";
import type { ResourceRow } from "../storage/metadata-rows.ts";

const HASH_NAMES = { Sha512: "sha512", Sha384: "sha384", Sha256: "sha256" } as const;

export interface CheckedFile {
  readonly row: ResourceRow;
  /** What the manifest says of it; undefined where it says nothing. */
  readonly segment: SentSegment | undefined;
}

/**
 * Every byte that is stored of a file against what was accepted at its evidence's completion, and where the manifest
 * names it, against the manifest. Memory stays bounded.
 * @param signal aborts when nobody waits for it any more; then this throws its reason
 * @returns sentences; a file that is gone or cannot be read is one of them
 */
export async function fileDifferences(
  context: ServiceContext,
  file: CheckedFile,
  signal?: AbortSignal,
): Promise<string[]> {
  const { row } = file;
  const lying = await lengthDifference(context, row);
  if (lying !== null) return [lying];
  try {
    return [
      ...(await storedDifferences(context, file, signal)),
      ...(await videoDifferences(context, file, signal)),
    ];
  } catch (error) {
    if (error instanceof BlobDamaged) return [`${nameOf(row)} cannot be read whole any more.`];
    throw error;
  }
}

const cannotBeDecrypted = (row: ResourceRow, { message }: Unreadable): string =>
  `${nameOf(row)} cannot be decrypted: ${message}`;

/** What lies there may be longer than what is read of it. */
async function lengthDifference(context: ServiceContext, row: ResourceRow): Promise<string | null> {
  const lyingBytes = await context.blobs.storedBytes(row.resourceId);
  if (lyingBytes === null) return `What was stored of ${nameOf(row)} is missing.`;
  if (lyingBytes === row.lengthBytes) return null;
  return `${formatNumber(lyingBytes)} bytes are stored of ${nameOf(row)}; ${formatNumber(row.lengthBytes ?? 0)} were accepted.`;
}

async function storedDifferences(
  context: ServiceContext,
  { row, segment }: CheckedFile,
  signal: AbortSignal | undefined,
): Promise<string[]> {
  const { checksumAlgorithm, checksumHex } = row;
  if (checksumAlgorithm !== null && !Object.hasOwn(HASH_NAMES, checksumAlgorithm)) {
    return [`The checksum that is kept of ${nameOf(row)} is of no kind that is known.`];
  }
  const accepted = checksumAlgorithm === null ? null : createHash(HASH_NAMES[checksumAlgorithm]);
  const named = segment === undefined ? null : createHash("sha512");
  // What the manifest names is decrypted whole afterwards.
  const tags =
    segment === undefined ? await TagsInPassing.of(context, row.resourceId, row.lengthBytes) : null;
  const buffer = Buffer.allocUnsafeSlow(READ_CHUNK_BYTES);
  for await (const chunk of context.blobs.read(row.resourceId, 0, row.lengthBytes ?? 0, buffer)) {
    signal?.throwIfAborted();
    accepted?.update(chunk);
    named?.update(chunk);
    tags?.take(chunk);
  }
  const unreadable = tags?.finish() ?? null;
  const isChanged = (hash: Hash | null, hex: string | null) => hash !== null && hash.digest("hex") !== hex;
  // Signed by whoever sent it, the manifest's word is the stronger one of two that say the same.
  if (isChanged(named, segment?.ciphertext.sha512 ?? null)) {
    return [`The stored bytes of ${nameOf(row)} do not have the SHA-512 that the manifest says.`];
  }
  if (isChanged(accepted, checksumHex)) {
    return [`The stored bytes of ${nameOf(row)} are not those that were accepted.`];
  }
  return unreadable === null ? [] : [cannotBeDecrypted(row, unreadable)];
}

/** Only what the manifest names has a video that is known. */
async function videoDifferences(
  context: ServiceContext,
  { row, segment }: CheckedFile,
  signal: AbortSignal | undefined,
): Promise<string[]> {
  if (segment === undefined) return [];
  const { plaintext } = segment;
  try {
    const source = await openDecrypted(context, row.resourceId, row.lengthBytes);
    const hash = createHash("sha256");
    for await (const chunk of readDecrypted(source, 0, source.lengthBytes)) {
      signal?.throwIfAborted();
      hash.update(chunk);
    }
    const isSame = source.lengthBytes === plaintext.lengthBytes && hash.digest("hex") === plaintext.sha256;
    return isSame ? [] : [`The decrypted video of ${nameOf(row)} is not what the archive gave.`];
  } catch (error) {
    if (!(error instanceof Unreadable)) throw error;
    return [cannotBeDecrypted(row, error)];
  }
}
