/** Azure client-side encryption as a console does it, written for the tests alone. */
import {
  constants,
  createCipheriv,
  createHash,
  createPublicKey,
  publicEncrypt,
  randomBytes,
} from "node:crypto";
import type { EncryptionData, PublicKeyAnswer } from "#shared/clearance-api/encryption.ts";

export interface EncryptedFile {
  readonly bytes: Buffer;
  readonly metadata: { readonly encryptiondata: string };
  readonly sha512: string;
}

function wrap(publicKey: PublicKeyAnswer, content: Buffer): string {
  const key = createPublicKey({ key: { ...publicKey }, format: "jwk" });
  const padding = constants.RSA_PKCS1_OAEP_PADDING;
  return publicEncrypt({ key, padding, oaepHash: "sha1" }, content).toString("base64");
}

function finished(bytes: Buffer, data: EncryptionData): EncryptedFile {
  const sha512 = createHash("sha512").update(bytes).digest("hex");
  return { bytes, metadata: { encryptiondata: JSON.stringify(data) }, sha512 };
}

/** Protocol 1.0: AES-256-CBC over the whole file. */
export function encryptCbc(plain: Buffer, publicKey: PublicKeyAnswer): EncryptedFile {
  const key = randomBytes(32);
  const iv = randomBytes(16);
  const cipher = createCipheriv("aes-256-cbc", key, iv);
  return finished(Buffer.concat([cipher.update(plain), cipher.final()]), {
    EncryptionMode: "FullBlob",
    ContentEncryptionIV: iv.toString("base64"),
    EncryptionAgent: { EncryptionAlgorithm: "AES_CBC_256", Protocol: "1.0" },
    WrappedContentKey: { Algorithm: "RSA-OAEP", EncryptedKey: wrap(publicKey, key), KeyId: publicKey.kid },
  });
}

/** Protocol 2.0: AES-256-GCM in regions; tests use short regions so that small files have several. */
export function encryptGcm(plain: Buffer, publicKey: PublicKeyAnswer, regionBytes: number): EncryptedFile {
  const key = randomBytes(32);
  const parts: Buffer[] = [];
  for (let at = 0, region = 0; at < plain.length; at += regionBytes, region += 1) {
    const nonce = Buffer.alloc(12);
    nonce.writeUInt32BE(region, 8);
    const cipher = createCipheriv("aes-256-gcm", key, nonce);
    parts.push(
      nonce,
      cipher.update(plain.subarray(at, at + regionBytes)),
      cipher.final(),
      cipher.getAuthTag(),
    );
  }
  const version = Buffer.from("2.0\0\0\0\0\0", "latin1");
  return finished(Buffer.concat(parts), {
    EncryptionMode: "FullBlobRegions",
    EncryptedRegionInfo: { DataLength: regionBytes, NonceLength: 12 },
    EncryptionAgent: { EncryptionAlgorithm: "AES_GCM_256", Protocol: "2.0" },
    WrappedContentKey: {
      Algorithm: "RSA-OAEP",
      EncryptedKey: wrap(publicKey, Buffer.concat([version, key])),
      KeyId: publicKey.kid,
    },
  });
}
