import { createDecipheriv, type DecipherGCM } from "node:crypto";
import { giveBack } from "#runtime/streams/give-back.ts";
import { notePassedBytes } from "#runtime/streams/passed-bytes.ts";
import { NONCE_BYTES, type RegionNonce } from "./region-nonce.ts";
import { Unreadable } from "./unreadable.ts";

export const TAG_BYTES = 16;

/** Where the regions of a stored file lie, and what they are decrypted with. */
export interface RegionLayout {
  readonly blobName: string;
  readonly key: Buffer;
  readonly storedBytes: number;
  /** Of every region but the last: nonce, ciphertext and tag. */
  readonly storedRegionBytes: number;
  readonly nonceOf: RegionNonce;
}

/** Checks every tag of a file while its stored bytes pass, for whoever reads them anyway. Keeps none of them. */
export class RegionTags {
  readonly #layout: RegionLayout;
  readonly #nonce = Buffer.alloc(NONCE_BYTES);
  readonly #tag = Buffer.alloc(TAG_BYTES);
  #atByte = 0;
  #decipher: DecipherGCM | null = null;

  constructor(layout: RegionLayout) {
    this.#layout = layout;
  }

  /**
   * @param chunk what follows on the one before
   * @throws Unreadable TAG_MISMATCH, REGION_OUT_OF_PLACE
   */
  take(chunk: Buffer): void {
    for (let rest = chunk; rest.length > 0;) {
      const taken = this.#takePart(rest);
      this.#atByte += taken;
      rest = rest.subarray(taken);
    }
  }

  /** @throws Unreadable FILE_TOO_SHORT unless all of it has passed */
  finish(): void {
    const { blobName, storedBytes } = this.#layout;
    if (this.#atByte === storedBytes) return;
    throw new Unreadable("FILE_TOO_SHORT", `The file ${blobName} ends after byte ${this.#atByte}.`);
  }

  /** @returns how many bytes belong to the part of the region that is under way */
  #takePart(rest: Buffer): number {
    const { storedBytes, storedRegionBytes } = this.#layout;
    const index = Math.floor(this.#atByte / storedRegionBytes);
    const within = this.#atByte - index * storedRegionBytes;
    const regionBytes = Math.min(storedRegionBytes, storedBytes - index * storedRegionBytes);
    const tagFrom = regionBytes - TAG_BYTES;
    if (within < NONCE_BYTES) {
      const taken = rest.copy(this.#nonce, within, 0, NONCE_BYTES - within);
      if (within + taken === NONCE_BYTES) this.#begin(index);
      return taken;
    }
    if (within < tagFrom) return this.#decrypt(rest.subarray(0, tagFrom - within));
    const taken = rest.copy(this.#tag, within - tagFrom, 0, regionBytes - within);
    if (within + taken === regionBytes) this.#end(index);
    return taken;
  }

  #begin(index: number): void {
    const { blobName, key, nonceOf } = this.#layout;
    if (!this.#nonce.equals(nonceOf(index))) throw regionOutOfPlace(blobName, index);
    this.#decipher = createDecipheriv("aes-256-gcm", key, this.#nonce, { authTagLength: TAG_BYTES });
  }

  #decrypt(ciphertext: Buffer): number {
    const plain = this.#decipher?.update(ciphertext);
    notePassedBytes(ciphertext.length);
    if (plain !== undefined) giveBack(plain);
    return ciphertext.length;
  }

  #end(index: number): void {
    try {
      this.#decipher?.setAuthTag(this.#tag).final();
    } catch {
      throw regionAltered(this.#layout.blobName, index);
    }
    this.#decipher = null;
  }
}

export function regionAltered(blobName: string, index: number): Unreadable {
  return new Unreadable("TAG_MISMATCH", `Region ${index} of the file ${blobName} has been altered.`);
}

export function regionOutOfPlace(blobName: string, index: number): Unreadable {
  const where = `Where region ${index} of the file ${blobName} belongs lies something else.`;
  return new Unreadable("REGION_OUT_OF_PLACE", where);
}
