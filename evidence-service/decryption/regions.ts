/** Files in regions (protocol 2.0, AES-256-GCM): each region is nonce, ciphertext and tag, and is given out whole or not. */
import { createDecipheriv } from "node:crypto";
import type { RegionEncryptionData } from "#shared/clearance-api/encryption.ts";
import { giveBack } from "#runtime/streams/give-back.ts";
import { notePassedBytes } from "#runtime/streams/passed-bytes.ts";
import type { DecryptedSource } from "./decrypted-source.ts";
import { NONCE_BYTES, type RegionNonce, regionNonceOf } from "./region-nonce.ts";
import { regionAltered, regionOutOfPlace, type RegionLayout, RegionTags, TAG_BYTES } from "./region-tags.ts";
import { checkWithin, readStored, type StoredFile } from "./stored-file.ts";
import { Unreadable } from "./unreadable.ts";

/** @throws Unreadable ENCRYPTION_DAMAGED, REGION_OUT_OF_PLACE, FILE_DAMAGED */
export async function openRegions(
  file: StoredFile,
  encryption: RegionEncryptionData,
): Promise<DecryptedSource> {
  const dataBytes = encryption.EncryptedRegionInfo.DataLength;
  const storedRegionBytes = NONCE_BYTES + dataBytes + TAG_BYTES;
  const regions = Math.ceil(file.storedBytes / storedRegionBytes);
  const lengthBytes = file.storedBytes - regions * (NONCE_BYTES + TAG_BYTES);
  if (regions > 0 && lengthBytes <= (regions - 1) * dataBytes) {
    throw new Unreadable("ENCRYPTION_DAMAGED", `The regions of the file ${file.blobName} make no sense.`);
  }
  const { blobName, storedBytes, key } = file;
  const nonceOf = await nonceOfFile(file, regions, storedRegionBytes);
  const layout: RegionLayout = { blobName, key, storedBytes, storedRegionBytes, nonceOf };
  const read = regionReader(file, layout, { dataBytes, lengthBytes });
  return { lengthBytes, check: "each-region", tags: () => new RegionTags(layout), ...read };
}

/** How the file's writer counts its regions: all zeros is the first in two ways, so the second tells where there is one. */
async function nonceOfFile(
  file: StoredFile,
  regions: number,
  storedRegionBytes: number,
): Promise<RegionNonce> {
  const index = Math.min(1, Math.max(0, regions - 1));
  const at = index * storedRegionBytes;
  const nonce = regions === 0 ? Buffer.alloc(NONCE_BYTES) : await readStored(file, at, at + NONCE_BYTES);
  const nonceOf = regionNonceOf(nonce, index);
  if (nonceOf === null) throw regionOutOfPlace(file.blobName, index);
  return nonceOf;
}

function regionReader(
  file: StoredFile,
  layout: RegionLayout,
  { dataBytes, lengthBytes }: { readonly dataBytes: number; readonly lengthBytes: number },
): Pick<DecryptedSource, "read" | "release"> {
  // Readers go forward in small steps; without this every step would decrypt its whole region again.
  let latest: { index: number; plain: Promise<Buffer> } | null = null;
  const region = (index: number, inHand: StoredRegions | null): Promise<Buffer> => {
    if (latest?.index === index) return latest.plain;
    const plain = inHand === null ? readRegion(file, layout, index) : decryptInHand(layout, index, inHand);
    latest = { index, plain };
    return plain;
  };
  const read = async (offset: number, wantedBytes: number): Promise<Buffer> => {
    checkWithin({ blobName: file.blobName, lengthBytes }, offset, wantedBytes);
    const end = offset + wantedBytes;
    const span = { firstIndex: Math.floor(offset / dataBytes), endIndex: Math.ceil(end / dataBytes) };
    const inHand = await readTogether(file, layout, span);
    const parts: Buffer[] = [];
    for (let at = offset; at < end;) {
      const index = Math.floor(at / dataBytes);
      const plain = await region(index, inHand);
      const part = plain.subarray(at - index * dataBytes, end - index * dataBytes);
      parts.push(part);
      at += part.length;
    }
    if (inHand !== null) giveBack(inHand.bytes);
    return parts.length === 1 && parts[0] !== undefined ? parts[0] : Buffer.concat(parts);
  };
  const release = async (): Promise<void> => {
    const last = await latest?.plain.catch(() => undefined); // Whoever asked for it has been told.
    latest = null;
    if (last !== undefined) giveBack(last);
  };
  return { read, release };
}

/** Regions that follow each other, as they are stored. */
interface StoredRegions {
  readonly firstIndex: number;
  readonly bytes: Buffer;
}

/** Larger regions are read one by one, so that memory stays at one of them. */
const TOGETHER_MAX_BYTES = 2 << 20;

/** Small regions are read at once: to open and close the file for each takes longer than to read it. */
async function readTogether(
  file: StoredFile,
  { storedRegionBytes, storedBytes }: RegionLayout,
  { firstIndex, endIndex }: { readonly firstIndex: number; readonly endIndex: number },
): Promise<StoredRegions | null> {
  const spanBytes = (endIndex - firstIndex) * storedRegionBytes;
  if (endIndex - firstIndex < 2 || spanBytes > TOGETHER_MAX_BYTES) return null;
  const from = firstIndex * storedRegionBytes;
  return { firstIndex, bytes: await readStored(file, from, Math.min(from + spanBytes, storedBytes)) };
}

async function readRegion(file: StoredFile, layout: RegionLayout, index: number): Promise<Buffer> {
  const from = index * layout.storedRegionBytes;
  const stored = await readStored(file, from, Math.min(from + layout.storedRegionBytes, file.storedBytes));
  const plain = decryptRegion(layout, index, stored);
  giveBack(stored);
  return plain;
}

async function decryptInHand(
  layout: RegionLayout,
  index: number,
  { firstIndex, bytes }: StoredRegions,
): Promise<Buffer> {
  const from = (index - firstIndex) * layout.storedRegionBytes;
  return decryptRegion(layout, index, bytes.subarray(from, from + layout.storedRegionBytes));
}

/**
 * No byte of an altered region is given out, and none of a region that lies where another belongs.
 * @throws Unreadable TAG_MISMATCH, REGION_OUT_OF_PLACE
 */
function decryptRegion({ blobName, key, nonceOf }: RegionLayout, index: number, stored: Buffer): Buffer {
  const nonce = stored.subarray(0, NONCE_BYTES);
  if (!nonce.equals(nonceOf(index))) throw regionOutOfPlace(blobName, index);
  const decipher = createDecipheriv("aes-256-gcm", key, nonce, { authTagLength: TAG_BYTES });
  decipher.setAuthTag(stored.subarray(stored.length - TAG_BYTES));
  const plain = decipher.update(stored.subarray(NONCE_BYTES, stored.length - TAG_BYTES));
  try {
    decipher.final();
  } catch {
    throw regionAltered(blobName, index);
  }
  notePassedBytes(plain.length);
  return plain;
}
