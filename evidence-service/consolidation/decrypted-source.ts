/**
 * Plaintext of a stored file from any offset, without storing it. Formats: Azure client-side
 * encryption 1.0 (AES-256-CBC over the whole, PKCS#7) and 2.0 (AES-256-GCM in regions).
 */
import { createDecipheriv } from "node:crypto";
import { type CbcEncryptionData, isInRegions } from "#shared/clearance-api/encryption.ts";
import type { ByteSource } from "#media/byte-source.ts";
import { parseEncryptionData } from "../api/resource-records.ts";
import { giveBack } from "#streams/give-back.ts";
import { notePassedBytes } from "#streams/young-garbage.ts";
import type { ServiceContext } from "../service-context.ts";
import { unwrapContentKey } from "./content-key.ts";
import type { RegionTags } from "./region-tags.ts";
import { openRegions } from "./regions.ts";
import { checkWithin, readStored, type StoredFile } from "./stored-file.ts";
import { Unreadable } from "./unreadable.ts";

const AES_BLOCK_BYTES = 16;

/**
 * When what is read was checked: `each-region` before a byte of it is given out, by its tag; `at-completion` when it
 * arrived, against the checksum, and again by Verify: AES-CBC has nothing to check while it streams.
 */
export type ReadingCheck = "each-region" | "at-completion";

/** Plaintext of a stored file. */
export interface DecryptedSource extends ByteSource {
  readonly check: ReadingCheck;
  /** Checks the stored bytes in passing; null where there are no tags. */
  tags(): RegionTags | null;
  /** Gives back the memory of what was read last; nothing that was read may be looked at afterwards. */
  release(): Promise<void>;
}

/**
 * Opens a stored file for reading its plaintext.
 * @param acceptedBytes stored bytes that were accepted of it; null where that is not known
 * @throws Unreadable when the file is missing or its encryption cannot be undone
 */
export async function openDecrypted(
  context: Pick<ServiceContext, "blobs" | "keyStorePrivateKey">,
  blobName: string,
  acceptedBytes: number | null,
): Promise<DecryptedSource> {
  const properties = await context.blobs.properties(blobName);
  if (properties === null) throw new Unreadable("FILE_MISSING", `The file ${blobName} is missing.`);
  if (acceptedBytes !== null && properties.lengthBytes !== acceptedBytes) {
    const why = `is ${properties.lengthBytes} bytes long; ${acceptedBytes} were accepted`;
    throw new Unreadable("FILE_DAMAGED", `What is stored of the file ${blobName} ${why}.`);
  }
  const encryption = parseEncryptionData(properties);
  const key = encryption === null ? null : unwrapContentKey(context.keyStorePrivateKey, encryption);
  if (encryption === null || key === null) {
    throw new Unreadable("KEY_UNREADABLE", `The content key of the file ${blobName} cannot be read.`);
  }
  const file = { blobs: context.blobs, blobName, storedBytes: properties.lengthBytes, key };
  return isInRegions(encryption) ? openRegions(file, encryption) : openCbc(file, encryption);
}

async function openCbc(file: StoredFile, encryption: CbcEncryptionData): Promise<DecryptedSource> {
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
  return {
    lengthBytes,
    check: "at-completion",
    read,
    tags: () => null,
    release: async () => undefined,
  };
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
