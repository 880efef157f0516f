/**
 * Plaintext of a stored file from any offset, without storing it. Formats: Azure client-side
 * encryption 1.0 (AES-256-CBC over the whole, PKCS#7) and 2.0 (AES-256-GCM in regions).
 */
import { createDecipheriv } from "node:crypto";
import type { EncryptionData } from "#shared/clearance-api/encryption.ts";
import type { ByteSource } from "#media/byte-source.ts";
import { parseEncryptionData } from "../api/resource-records.ts";
import { giveBack } from "#streams/give-back.ts";
import { notePassedBytes } from "#streams/young-garbage.ts";
import type { ServiceContext } from "../service-context.ts";
import { BlobDamaged, readWhole, type BlobStore } from "../storage/blob-store.ts";
import { unwrapContentKey } from "./content-key.ts";
import { Unreadable } from "./unreadable.ts";

const AES_BLOCK_BYTES = 16;
const NONCE_BYTES = 12;
const TAG_BYTES = 16;
/** A region is held in memory while it is checked; the format's own length is 4 MiB. */
const REGION_MAX_BYTES = 64 << 20;

/** Plaintext of a stored file. */
export interface DecryptedSource extends ByteSource {
  /** Gives back the memory of what was read last; nothing that was read may be looked at afterwards. */
  release(): Promise<void>;
}

interface StoredFile {
  readonly blobs: BlobStore;
  readonly blobName: string;
  readonly storedBytes: number;
  readonly key: Buffer;
}

/**
 * Opens a stored file for reading its plaintext.
 * @throws Unreadable when the file is missing or its encryption cannot be undone
 */
export async function openDecrypted(context: ServiceContext, blobName: string): Promise<DecryptedSource> {
  const properties = await context.blobs.properties(blobName);
  if (properties === null) throw new Unreadable("FILE_MISSING", `The file ${blobName} is missing.`);
  const encryption = parseEncryptionData(properties);
  const key = encryption === null ? null : unwrapContentKey(context.keyStorePrivateKey, encryption);
  if (encryption === null || key === null) {
    throw new Unreadable("KEY_UNREADABLE", `The content key of the file ${blobName} cannot be read.`);
  }
  const file = { blobs: context.blobs, blobName, storedBytes: properties.lengthBytes, key };
  return encryption.EncryptionMode === "FullBlob" ? openCbc(file, encryption) : openGcm(file, encryption);
}

type CbcData = Extract<EncryptionData, { EncryptionMode: "FullBlob" }>;
type GcmData = Extract<EncryptionData, { EncryptionMode: "FullBlobRegions" }>;

async function openCbc(file: StoredFile, encryption: CbcData): Promise<DecryptedSource> {
  const firstIv = Buffer.from(encryption.ContentEncryptionIV, "base64");
  const { storedBytes, blobName } = file;
  if (firstIv.length !== AES_BLOCK_BYTES || storedBytes === 0 || storedBytes % AES_BLOCK_BYTES !== 0) {
    throw new Unreadable("ENCRYPTION_DAMAGED", `The file ${blobName} is not whole blocks of AES-CBC.`);
  }
  const lastBlock = await decryptCbc(file, firstIv, storedBytes - AES_BLOCK_BYTES, storedBytes);
  const paddingBytes = lastBlock[AES_BLOCK_BYTES - 1] ?? 0;
  const padding = lastBlock.subarray(AES_BLOCK_BYTES - paddingBytes);
  if (paddingBytes < 1 || paddingBytes > AES_BLOCK_BYTES || padding.some((byte) => byte !== paddingBytes)) {
    throw new Unreadable("ENCRYPTION_DAMAGED", `The padding of the file ${blobName} is wrong.`);
  }
  const lengthBytes = storedBytes - paddingBytes;
  const read = async (offset: number, wantedBytes: number): Promise<Buffer> => {
    checkWithin(blobName, lengthBytes, offset, wantedBytes);
    if (wantedBytes === 0) return Buffer.alloc(0);
    const from = offset - (offset % AES_BLOCK_BYTES);
    const to = Math.ceil((offset + wantedBytes) / AES_BLOCK_BYTES) * AES_BLOCK_BYTES;
    const plain = await decryptCbc(file, firstIv, from, to);
    return plain.subarray(offset - from, offset - from + wantedBytes);
  };
  return { lengthBytes, read, release: async () => undefined };
}

async function readStored({ blobs, blobName }: StoredFile, from: number, to: number): Promise<Buffer> {
  try {
    return await readWhole(blobs, blobName, from, to);
  } catch (error) {
    if (!(error instanceof BlobDamaged)) throw error;
    throw new Unreadable("FILE_DAMAGED", `What is stored of the file ${blobName} cannot be read whole.`);
  }
}

/** A block's IV is the ciphertext before it, so reading may begin at any block. */
async function decryptCbc(file: StoredFile, firstIv: Buffer, from: number, to: number): Promise<Buffer> {
  const ivFrom = from === 0 ? 0 : from - AES_BLOCK_BYTES;
  const stored = await readStored(file, ivFrom, to);
  const iv = from === 0 ? firstIv : stored.subarray(0, AES_BLOCK_BYTES);
  const decipher = createDecipheriv("aes-256-cbc", file.key, iv).setAutoPadding(false);
  // Without padding nothing is left for `final`.
  const plain = decipher.update(stored.subarray(from - ivFrom));
  decipher.final();
  giveBack(stored);
  notePassedBytes(plain.length);
  return plain;
}

function openGcm(file: StoredFile, encryption: GcmData): DecryptedSource {
  const dataBytes = encryption.EncryptedRegionInfo.DataLength;
  const storedRegionBytes = NONCE_BYTES + dataBytes + TAG_BYTES;
  const regions = Math.ceil(file.storedBytes / storedRegionBytes);
  const lengthBytes = file.storedBytes - regions * (NONCE_BYTES + TAG_BYTES);
  const lastBytes = lengthBytes - (regions - 1) * dataBytes;
  if (dataBytes > REGION_MAX_BYTES || regions === 0 || lastBytes < 0) {
    throw new Unreadable("ENCRYPTION_DAMAGED", `The regions of the file ${file.blobName} make no sense.`);
  }
  // Readers go forward in small steps; without this every step would decrypt its whole region again.
  let latest: { index: number; plain: Promise<Buffer> } | null = null;
  const region = (index: number): Promise<Buffer> => {
    if (latest?.index === index) return latest.plain;
    const from = index * storedRegionBytes;
    const plain = decryptRegion(file, index, from, Math.min(from + storedRegionBytes, file.storedBytes));
    latest = { index, plain };
    return plain;
  };
  const read = async (offset: number, wantedBytes: number): Promise<Buffer> => {
    checkWithin(file.blobName, lengthBytes, offset, wantedBytes);
    const parts: Buffer[] = [];
    for (let at = offset; at < offset + wantedBytes;) {
      const index = Math.floor(at / dataBytes);
      const plain = await region(index);
      const part = plain.subarray(at - index * dataBytes, offset + wantedBytes - index * dataBytes);
      parts.push(part);
      at += part.length;
    }
    return parts.length === 1 && parts[0] !== undefined ? parts[0] : Buffer.concat(parts);
  };
  const release = async (): Promise<void> => {
    const last = await latest?.plain.catch(() => undefined); // Whoever asked for it has been told.
    latest = null;
    if (last !== undefined) giveBack(last);
  };
  return { lengthBytes, read, release };
}

/** @throws Unreadable when the tag does not match: no byte of an altered region is given out */
async function decryptRegion(file: StoredFile, index: number, from: number, to: number): Promise<Buffer> {
  const stored = await readStored(file, from, to);
  const nonce = stored.subarray(0, NONCE_BYTES);
  const decipher = createDecipheriv("aes-256-gcm", file.key, nonce, { authTagLength: TAG_BYTES });
  decipher.setAuthTag(stored.subarray(stored.length - TAG_BYTES));
  const plain = decipher.update(stored.subarray(NONCE_BYTES, stored.length - TAG_BYTES));
  try {
    decipher.final();
  } catch {
    throw new Unreadable("TAG_MISMATCH", `Region ${index} of the file ${file.blobName} has been altered.`);
  }
  giveBack(stored);
  notePassedBytes(plain.length);
  return plain;
}

function checkWithin(blobName: string, lengthBytes: number, offset: number, wantedBytes: number): void {
  if (offset >= 0 && wantedBytes >= 0 && offset + wantedBytes <= lengthBytes) return;
  throw new Unreadable("FILE_TOO_SHORT", `The file ${blobName} ends before byte ${offset + wantedBytes}.`);
}

const STREAM_CHUNK_BYTES = 1 << 20;

/** Plaintext bytes [startByte, endByte) in chunks of at most 1 MiB. */
export async function* readDecrypted(
  source: ByteSource,
  startByte: number,
  endByte: number,
): AsyncGenerator<Buffer> {
  for (let at = startByte; at < endByte;) {
    const chunk = await source.read(at, Math.min(STREAM_CHUNK_BYTES, endByte - at));
    yield chunk;
    at += chunk.length;
  }
}
