/**
 * The nonce of a region is its number, so that a region that was moved, repeated or left out is seen. Azure's libraries
 * count alike and write the number in three ways; a file keeps to one of them.
 */
export const NONCE_BYTES = 12;

/** The nonce that the region of this number has. */
export type RegionNonce = (index: number) => Buffer;

/** Python's library, and our console: from zero, big-endian over the whole. */
const trailingBigEndian: RegionNonce = (index) => {
  const nonce = Buffer.alloc(NONCE_BYTES);
  nonce.writeBigUInt64BE(BigInt(index), 4);
  return nonce;
};

/** Java's: from zero, big-endian in the first eight bytes. */
const leadingBigEndian: RegionNonce = (index) => {
  const nonce = Buffer.alloc(NONCE_BYTES);
  nonce.writeBigUInt64BE(BigInt(index), 0);
  return nonce;
};

/** .NET's: from one, little-endian in the last eight bytes. */
const trailingLittleEndian: RegionNonce = (index) => {
  const nonce = Buffer.alloc(NONCE_BYTES);
  nonce.writeBigUInt64LE(BigInt(index + 1), 4);
  return nonce;
};

const WRITERS = [trailingBigEndian, leadingBigEndian, trailingLittleEndian] as const;

/** @returns how the writer counts who gave the region of this number this nonce; null when nobody does */
export function regionNonceOf(nonce: Buffer, index: number): RegionNonce | null {
  return WRITERS.find((nonceOf) => nonce.equals(nonceOf(index))) ?? null;
}
