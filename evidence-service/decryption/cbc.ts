/** Files that are encrypted as a whole (protocol 1.0, AES-256-CBC with PKCS#7): nothing in them can be checked while it streams. */
import { createDecipheriv } from "node:crypto";
import type { CbcEncryptionData } from "#shared/clearance-api/encryption.ts";
import { giveBack } from "#runtime/streams/give-back.ts";
import { notePassedBytes } from "#runtime/streams/passed-bytes.ts";
import type { DecryptedSource } from "./decrypted-source.ts";
import { checkWithin, readStored, type StoredFile } from "./stored-file.ts";
import { Unreadable } from "./unreadable.ts";

const AES_BLOCK_BYTES = 16;

/** @throws Unreadable ENCRYPTION_DAMAGED, FILE_DAMAGED */
export async function openCbc(file: StoredFile, encryption: CbcEncryptionData): Promise<DecryptedSource> {
  const firstIv = Buffer.from(encryption.ContentEncryptionIV, "base64");
  const { storedBytes, blobName } = file;
  if (firstIv.length !== AES_BLOCK_BYTES || storedBytes === 0 || storedBytes % AES_BLOCK_BYTES !== 0) {
    throw new Unreadable("ENCRYPTION_DAMAGED", `The file ${blobName} is not whole blocks of AES-CBC.`);
  }
  const lastBlock = await decryptCbc(file, firstIv, { from: storedBytes - AES_BLOCK_BYTES, to: storedBytes });
  const paddingBytes = lastBlock[AES_BLOCK_BYTES - 1] ?? 0;
  const padding = lastBlock.subarray(AES_BLOCK_BYTES - paddingBytes);
  if (paddingBytes < 1 || paddingBytes > AES_BLOCK_BYTES || padding.some((byte) => byte !== paddingBytes)) {
    throw new Unreadable("ENCRYPTION_DAMAGED", `The padding of the file ${blobName} is wrong.`);
  }
  const lengthBytes = storedBytes - paddingBytes;
  const read = async (offset: number, wantedBytes: number): Promise<Buffer> => {
    checkWithin({ blobName, lengthBytes }, offset, wantedBytes);
    if (wantedBytes === 0) return Buffer.alloc(0);
    const from = offset - (offset % AES_BLOCK_BYTES);
    const to = Math.ceil((offset + wantedBytes) / AES_BLOCK_BYTES) * AES_BLOCK_BYTES;
    const plain = await decryptCbc(file, firstIv, { from, to });
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
async function decryptCbc(
  file: StoredFile,
  firstIv: Buffer,
  { from, to }: { readonly from: number; readonly to: number },
): Promise<Buffer> {
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
