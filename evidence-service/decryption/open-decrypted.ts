/**
 * Plaintext of a stored file from any offset, without storing it. Formats: Azure client-side
 * encryption 1.0 (AES-256-CBC over the whole, PKCS#7) and 2.0 (AES-256-GCM in regions).
 */
import type { KeyObject } from "node:crypto";
import { isInRegions } from "#shared/clearance-api/encryption.ts";
import { formatNumber } from "#shared/words/amounts.ts";
import type { BlobStore } from "../storage/blob-store.ts";
import { openCbc } from "./cbc.ts";
import { unwrapContentKey } from "./content-key.ts";
import type { DecryptedSource } from "./decrypted-source.ts";
import { parseEncryptionData } from "./encryption-metadata.ts";
import { openRegions } from "./regions.ts";
import { Unreadable } from "./unreadable.ts";

/** Stored files, and the key that opens the keys to them. */
export interface KeyedBlobs {
  readonly blobs: BlobStore;
  readonly keyStorePrivateKey: KeyObject;
}

/**
 * Opens a stored file for reading its plaintext.
 * @param acceptedBytes stored bytes that were accepted of it; null where that is not known
 * @throws Unreadable when the file is missing or its encryption cannot be undone
 */
export async function openDecrypted(
  { blobs, keyStorePrivateKey }: KeyedBlobs,
  blobName: string,
  acceptedBytes: number | null,
): Promise<DecryptedSource> {
  const properties = await blobs.properties(blobName);
  if (properties === null) throw new Unreadable("FILE_MISSING", `The file ${blobName} is missing.`);
  if (acceptedBytes !== null && properties.lengthBytes !== acceptedBytes) {
    const why = `is ${formatNumber(properties.lengthBytes)} bytes long; ${formatNumber(acceptedBytes)} were accepted`;
    throw new Unreadable("FILE_DAMAGED", `What is stored of the file ${blobName} ${why}.`);
  }
  const encryption = parseEncryptionData(properties);
  const key = encryption === null ? null : unwrapContentKey(keyStorePrivateKey, encryption);
  if (encryption === null || key === null) {
    throw new Unreadable("KEY_UNREADABLE", `The content key of the file ${blobName} cannot be read.`);
  }
  const file = { blobs, blobName, storedBytes: properties.lengthBytes, key };
  return isInRegions(encryption) ? openRegions(file, encryption) : openCbc(file, encryption);
}
