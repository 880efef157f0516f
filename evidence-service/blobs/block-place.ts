import type { MetadataTransaction } from "../storage/metadata-tables.ts";
import type { StoredBlock } from "./block-lists.ts";

/** A block as it arrives. */
export interface ArrivingBlock {
  /** Throws where what arrives is not what was announced. */
  readonly body: AsyncIterable<Buffer>;
  readonly lengthBytes: number;
  /** Whose it is, as far as the address tells. */
  readonly client: string;
  /** Whether it is all of a blob, and not one of its blocks. */
  readonly isWhole: boolean;
}

/** A block whose bytes are on stable storage, and that is in no list yet. */
export interface PlacedBlock {
  /** What the place calls it. */
  readonly fileName: string;
  readonly lengthBytes: number;
  /** What the place wants to be told again with `noted`; null for nothing. */
  readonly receipt: string | null;
}

/** A block that lies elsewhere. */
export interface BroughtBlock {
  readonly lengthBytes: number;
  /** Its bytes, once. */
  readonly bytes: () => AsyncIterable<Buffer>;
}

/** Bytes [from, to) of a stored block. */
export interface BlockRange {
  readonly fileName: string;
  readonly from: number;
  readonly to: number;
}

/**
 * Where the bytes of blocks lie; which block is where in which blob stands in the metadata. Promises of every place:
 * - a block that is placed is on stable storage, and seen by every process that has the place;
 * - a name is never given twice, and what lies under it never changes;
 * - everything but `place`, `bring` and `noted` may be called again after a failure, and does then what is left of it;
 * - a place that does not answer throws BlobsUnreachable.
 */
export interface BlockPlace {
  /**
   * Stores a block, and makes the change that it is for.
   * @param change what it throws leaves nothing of the block, unless it is CommitInDoubt
   */
  place<T>(
    blobName: string,
    arriving: ArrivingBlock,
    change: (placed: PlacedBlock) => Promise<T>,
  ): Promise<T>;
  /**
   * Stores the blocks of a list that was made elsewhere, in its order.
   * @returns what the place calls each of them for good; what throws leaves bytes that `removeAll` takes away
   */
  bring(blobName: string, blocks: readonly BroughtBlock[]): Promise<readonly string[]>;
  /**
   * Within the transaction that puts a block into a list, before that. Changes nothing where it refuses.
   * @throws BlobError ServerBusy while what it was put beside is being committed
   */
  noted(transaction: MetadataTransaction, placed: PlacedBlock): Promise<void>;
  /** A block is staged and acknowledged. Called while no list of the blob is being committed. */
  staged(blobName: string, block: StoredBlock): Promise<void>;
  /**
   * Before a list is committed, alone with the blob.
   * @returns the same blocks, as they are called for good
   * @throws BlobError InvalidBlockList where one of them is not there any more
   */
  settle(blobName: string, blocks: readonly StoredBlock[]): Promise<readonly StoredBlock[]>;
  /** One block is in no list any more. */
  discard(blobName: string, fileName: string): Promise<void>;
  /** A list was committed: what was known before and is in no list any more. @param used what is committed now */
  left(blobName: string, before: ReadonlySet<string>, used: ReadonlySet<string>): Promise<void>;
  /** Blocks one after the other, in chunks of at most 1 MiB. @throws BlobDamaged */
  read(blobName: string, ranges: readonly BlockRange[], into?: Buffer): AsyncIterable<Buffer>;
  /** How many bytes of these blocks lie there; null where one is missing. */
  storedBytes(blobName: string, blocks: readonly BlockRange[]): Promise<number | null>;
  /** The blob is for good. @param fileNames its blocks */
  sealed(blobName: string, fileNames: ReadonlySet<string>): Promise<void>;
  /** It belongs to an evidence: it is locked, where the place does that. */
  protect(blobName: string, fileNames: ReadonlySet<string>): Promise<void>;
  /** @param isKnown whether there is something that must lie there @throws BlobsUnreachable */
  insistOnAnswer(isKnown: boolean): Promise<void>;
  removeAll(blobName: string): Promise<void>;
  /** When nothing is being written any more. */
  settled(): Promise<void>;
}
