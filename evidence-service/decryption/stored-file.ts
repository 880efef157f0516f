import { BlobDamaged, type BlobStore, readWhole } from "../storage/blob-store.ts";
import { Unreadable } from "./unreadable.ts";

/** An encrypted file where it lies, and the key to it. */
export interface StoredFile {
  readonly blobs: BlobStore;
  readonly blobName: string;
  readonly storedBytes: number;
  readonly key: Buffer;
}

/** @throws Unreadable when the bytes are not there any more */
export async function readStored({ blobs, blobName }: StoredFile, from: number, to: number): Promise<Buffer> {
  try {
    return await readWhole(blobs, blobName, from, to);
  } catch (error) {
    if (!(error instanceof BlobDamaged)) throw error;
    throw new Unreadable("FILE_DAMAGED", `What is stored of the file ${blobName} cannot be read whole.`);
  }
}

/** @throws Unreadable when the range does not lie within the plaintext */
export function checkWithin(
  { blobName, lengthBytes }: { readonly blobName: string; readonly lengthBytes: number },
  offset: number,
  wantedBytes: number,
): void {
  if (offset >= 0 && wantedBytes >= 0 && offset + wantedBytes <= lengthBytes) return;
  throw new Unreadable("FILE_TOO_SHORT", `The file ${blobName} ends before byte ${offset + wantedBytes}.`);
}
