import {
  type CipherGCM,
  constants,
  createCipheriv,
  createPublicKey,
  publicEncrypt,
  randomBytes,
} from "node:crypto";
import type { EncryptionData, EncryptionProtocol } from "#shared/clearance-api/encryption.ts";
import type { RecipientKey } from "../../export-pipeline/ports/segment-spool.ts";

/**
 * Azure Blob Storage client-side encryption of one file, as its public documentation has it.
 * 1.0: AES-CBC-256 over the whole, PKCS#7. 2.0: AES-GCM-256 in regions, each nonce + ciphertext + tag.
 * A cipher is used for one plaintext and never again: key and nonces are its own.
 */
export interface SegmentCipher {
  /** Ciphertext that is ready after this piece of plaintext, which may be overwritten then; may be empty. */
  update(plaintext: Buffer): Buffer[];
  /** The rest. */
  final(): Buffer[];
  /** For the blob metadata `encryptiondata`. */
  readonly encryptionData: EncryptionData;
}

const KEY_BYTES = 32;
const CBC_BLOCK_BYTES = 16;
export const GCM_REGION_BYTES = 4 * 1024 * 1024;
const GCM_NONCE_BYTES = 12;
const GCM_TAG_BYTES = 16;
/** In front of a 2.0 content key, so that nobody can have it used with 1.0. */
const PROTOCOL_2_PREFIX = Buffer.from("2.0\0\0\0\0\0", "latin1");

export function createSegmentCipher(recipient: RecipientKey): SegmentCipher {
  return recipient.protocol === "2.0" ? new GcmRegionCipher(recipient) : new CbcCipher(recipient);
}

/** Exact length of the ciphertext of so many bytes. */
export function ciphertextLengthBytes(protocol: EncryptionProtocol, plaintextLengthBytes: number): number {
  if (protocol === "1.0") return (Math.floor(plaintextLengthBytes / CBC_BLOCK_BYTES) + 1) * CBC_BLOCK_BYTES;
  const regions = Math.ceil(plaintextLengthBytes / GCM_REGION_BYTES);
  return plaintextLengthBytes + regions * (GCM_NONCE_BYTES + GCM_TAG_BYTES);
}

class CbcCipher implements SegmentCipher {
  readonly encryptionData: EncryptionData;
  readonly #cipher;

  constructor(recipient: RecipientKey) {
    const key = randomBytes(KEY_BYTES);
    const iv = randomBytes(CBC_BLOCK_BYTES);
    this.#cipher = createCipheriv("aes-256-cbc", key, iv);
    this.encryptionData = {
      EncryptionMode: "FullBlob",
      ContentEncryptionIV: iv.toString("base64"),
      EncryptionAgent: { EncryptionAlgorithm: "AES_CBC_256", Protocol: "1.0" },
      WrappedContentKey: wrap(key, recipient),
    };
  }

  update(plaintext: Buffer): Buffer[] {
    return [this.#cipher.update(plaintext)];
  }

  final(): Buffer[] {
    return [this.#cipher.final()];
  }
}

class GcmRegionCipher implements SegmentCipher {
  readonly encryptionData: EncryptionData;
  readonly #key = randomBytes(KEY_BYTES);
  #regions = 0;
  /** The region that has been begun; null between two. */
  #cipher: CipherGCM | null = null;
  #regionBytes = 0;

  constructor(recipient: RecipientKey) {
    this.encryptionData = {
      EncryptionMode: "FullBlobRegions",
      EncryptedRegionInfo: { DataLength: GCM_REGION_BYTES, NonceLength: GCM_NONCE_BYTES },
      EncryptionAgent: { EncryptionAlgorithm: "AES_GCM_256", Protocol: "2.0" },
      WrappedContentKey: wrap(Buffer.concat([PROTOCOL_2_PREFIX, this.#key]), recipient),
    };
  }

  update(plaintext: Buffer): Buffer[] {
    const ready: Buffer[] = [];
    for (let rest = plaintext; rest.length > 0;) {
      const cipher = this.#cipher ?? this.#beginRegion(ready);
      const piece = rest.subarray(0, GCM_REGION_BYTES - this.#regionBytes);
      ready.push(cipher.update(piece));
      this.#regionBytes += piece.length;
      rest = rest.subarray(piece.length);
      if (this.#regionBytes === GCM_REGION_BYTES) this.#endRegion(cipher, ready);
    }
    return ready;
  }

  final(): Buffer[] {
    const ready: Buffer[] = [];
    if (this.#cipher !== null) this.#endRegion(this.#cipher, ready);
    return ready;
  }

  /** The nonce is the region's number: never the same twice under one key. */
  #beginRegion(ready: Buffer[]): CipherGCM {
    const nonce = Buffer.alloc(GCM_NONCE_BYTES);
    nonce.writeBigUInt64BE(BigInt(this.#regions), GCM_NONCE_BYTES - 8);
    ready.push(nonce);
    this.#regions += 1;
    this.#regionBytes = 0;
    this.#cipher = createCipheriv("aes-256-gcm", this.#key, nonce);
    return this.#cipher;
  }

  #endRegion(cipher: CipherGCM, ready: Buffer[]): void {
    cipher.final();
    ready.push(cipher.getAuthTag());
    this.#cipher = null;
  }
}

/** RSA-OAEP with SHA-1 and MGF1-SHA-1, which is what JWA calls "RSA-OAEP" (RFC 7518, 4.3). */
function wrap(contentKey: Buffer, recipient: RecipientKey): EncryptionData["WrappedContentKey"] {
  const key = createPublicKey({ key: { ...recipient.jwk }, format: "jwk" });
  const wrapped = publicEncrypt(
    { key, padding: constants.RSA_PKCS1_OAEP_PADDING, oaepHash: "sha1" },
    contentKey,
  );
  return { Algorithm: "RSA-OAEP", EncryptedKey: wrapped.toString("base64"), KeyId: recipient.jwk.kid };
}
