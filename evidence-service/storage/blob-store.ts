import { giveBack } from "#runtime/streams/give-back.ts";

/**
 * The blob port: where the encrypted files lie. Promises of every adapter:
 * - a committed blob is whole and on stable storage; a commit is atomic;
 * - after `seal` nobody can change or replace the blob, not even with a valid upload address;
 * - `seal`, `protect` and `remove` may be called twice; sealing what is not committed changes nothing;
 * - what cannot be done because the store does not answer throws BlobsUnreachable, and may be tried again.
 */
export interface BlobProperties {
  readonly lengthBytes: number;
  readonly metadata: Readonly<Record<string, string>>;
}

/** Bytes that are read at a time. */
export const READ_CHUNK_BYTES = 1 << 20;

export interface BlobStore {
  /**
   * An address that allows writing this one blob with an Azure client, and seeing how far that is. Files are not read
   * through it; Azure itself gives out the list of blocks to readers alone (decision 75).
   * @param expiresUtcMs when the address stops working
   * @param client whose writing it is; a store that bounds what one client has done at a time counts by it
   */
  uploadUri(blobName: string, expiresUtcMs: number, client: string): string;
  /**
   * An address that allows reading this one blob, as it was sealed, with an Azure client, and nothing else.
   * @param expiresUtcMs when the address stops working
   * @param client whose reading it is; a store that bounds what one client reads at a time counts by it
   */
  readUri(blobName: string, expiresUtcMs: number, client: string): Promise<string>;
  /** Null as long as nothing is committed. */
  properties(blobName: string): Promise<BlobProperties | null>;
  /** Bytes that have arrived: committed, or staged and waiting. */
  receivedBytes(blobName: string): Promise<number>;
  /**
   * Bytes [startByte, endByte) of a committed blob, in chunks of at most 1 MiB that belong to the caller.
   * @param into at least `READ_CHUNK_BYTES` long; a store may give parts of it instead of memory of its own, each
   *   good until the next one is asked for
   * @throws BlobDamaged when the range does not lie within the blob, or what was stored of it is not there any more
   */
  read(blobName: string, startByte: number, endByte: number, into?: Buffer): AsyncIterable<Buffer>;
  /** Bytes that lie there of a committed blob, whatever was noted of it; null when a part of it is missing. */
  storedBytes(blobName: string): Promise<number | null>;
  seal(blobName: string): Promise<void>;
  /** It belongs to an evidence that is whole: the store locks it as long as its settings say, where it can. */
  protect(blobName: string): Promise<void>;
  /** @throws BlobsUnreachable where the store does not answer, or is not the one where the blobs lie */
  insistOnAnswer(): Promise<void>;
  /** @throws BlobLocked while the store keeps it from being deleted */
  remove(blobName: string): Promise<void>;
}

/** The store does not answer, or not to this service: nothing is known about the blob, and it may pass. */
export class BlobsUnreachable extends Error {}

/** The store keeps it from being deleted, by a lock that its settings asked for; it passes. */
export class BlobLocked extends BlobsUnreachable {}

/** What was stored is missing, short or cannot be read: it does not pass by itself. */
export class BlobDamaged extends Error {}

/** Whether the store does not answer now, or is not the one where the blobs lie. */
export async function isAway(store: Pick<BlobStore, "insistOnAnswer">): Promise<boolean> {
  try {
    await store.insistOnAnswer();
    return false;
  } catch (error) {
    if (error instanceof BlobsUnreachable) return true;
    throw error;
  }
}

/** The bytes of a range in one piece; for ranges that fit into memory. */
export async function readWhole(
  store: BlobStore,
  blobName: string,
  startByte: number,
  endByte: number,
): Promise<Buffer> {
  const chunks: Buffer[] = [];
  for await (const chunk of store.read(blobName, startByte, endByte)) chunks.push(chunk);
  if (chunks.length === 1 && chunks[0] !== undefined) return chunks[0];
  const whole = Buffer.concat(chunks);
  for (const chunk of chunks) giveBack(chunk);
  return whole;
}
