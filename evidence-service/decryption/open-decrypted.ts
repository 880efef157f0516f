/**
 * Plaintext of a stored file from any offset, without storing it. Formats: Azure client-side
 * encryption 1.0 (AES-256-CBC over the whole, PKCS#7) and 2.0 (AES-256-GCM in regions).
 */
import { isInRegions } from "#shared/clearance-api/encryption.ts";
import { formatNumber } from "#shared/words/amounts.ts";
import type { BlobStore } from "../storage/blob-store.ts";
import { openCbc } from "./cbc.ts";
import type { DecryptedSource } from "./decrypted-source.ts";
import { parseEncryptionData } from "./encryption-metadata.ts";
import { type ContentKeys, contentKeyOf } from "./held-content-keys.ts";
import { openRegions } from "./regions.ts";
import { Unreadable } from "./unreadable.ts";

/** Stored files, and the keys that open the keys to them. */
export interface KeyedBlobs extends ContentKeys {
  readonly blobs: BlobStore;
}

/**
 * Opens a stored file for reading its plaintext.
 * @param acceptedBytes stored bytes that were accepted of it; null where that is not known
 * @throws Unreadable when the file is missing or its encryption cannot be undone
 */
export async function openDecrypted(
  keyed: KeyedBlobs,
  blobName: string,
  acceptedBytes: number | null,
): Promise<DecryptedSource> {
  const { blobs } = keyed;
  const properties = await blobs.properties(blobName);
  if (properties === null) throw new Unreadable("FILE_MISSING", `The file ${blobName} is missing.`);
  if (acceptedBytes !== null && properties.lengthBytes !== acceptedBytes) {
    const why = `is ${formatNumber(properties.lengthBytes)} bytes long; ${formatNumber(acceptedBytes)} were accepted`;
    throw new Unreadable("FILE_DAMAGED", `What is stored of the file ${blobName} ${why}.`);
  }
  const encryption = parseEncryptionData(properties);
  const key = encryption === null ? null : await contentKeyOf(keyed, blobName, encryption);
  if (encryption === null || key === null) {
    throw new Unreadable("KEY_UNREADABLE", `The content key of the file ${blobName} cannot be read.`);
  }
  const file = { blobs, blobName, storedBytes: properties.lengthBytes, key };
  return isInRegions(encryption) ? openRegions(file, encryption) : openCbc(file, encryption);
}
