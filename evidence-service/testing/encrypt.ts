/** Azure client-side encryption as a console does it, written for the tests alone. */
import {
  constants,
  createCipheriv,
  createHash,
  createPublicKey,
  publicEncrypt,
  randomBytes,
} from "node:crypto";
import type {
  EncryptionData,
  PublicKeyAnswer,
  RegionEncryptionData,
} from "#shared/clearance-api/encryption.ts";

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

function trailingNumber(region: number): Buffer {
  const nonce = Buffer.alloc(12);
  nonce.writeUInt32BE(region, 8);
  return nonce;
}

/** What programs do differently. */
interface WrittenAs {
  readonly nonceOf?: (region: number) => Buffer;
  readonly mode?: RegionEncryptionData["EncryptionMode"];
}

/** Protocol 2.0: AES-256-GCM in regions; tests use short regions so that small files have several. */
export function encryptGcm(
  plain: Buffer,
  publicKey: PublicKeyAnswer,
  regionBytes: number,
  { nonceOf = trailingNumber, mode = "FullBlobRegions" }: WrittenAs = {},
): EncryptedFile {
  const key = randomBytes(32);
  const parts: Buffer[] = [];
  for (let at = 0, region = 0; at < plain.length; at += regionBytes, region += 1) {
    const nonce = nonceOf(region);
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
    EncryptionMode: mode,
    EncryptedRegionInfo: { DataLength: regionBytes, NonceLength: 12 },
    EncryptionAgent: { EncryptionAlgorithm: "AES_GCM_256", Protocol: "2.0" },
    WrappedContentKey: {
      Algorithm: "RSA-OAEP",
      EncryptedKey: wrap(publicKey, Buffer.concat([version, key])),
      KeyId: publicKey.kid,
    },
  });
}

const OAEP = { name: "RSA-OAEP", hash: "SHA-1" };
const WEB_REGION_BYTES = 4 << 20;

/** Protocol 2.0 as a program in JavaScript does it that has WebCrypto and nothing of ours. */
export async function encryptWithWebCrypto(
  plain: Buffer,
  publicKey: PublicKeyAnswer,
): Promise<EncryptedFile> {
  const { kty, n, e, kid } = publicKey;
  const wrapping = await crypto.subtle.importKey("jwk", { kty, n, e }, OAEP, false, ["encrypt"]);
  const secret = crypto.getRandomValues(new Uint8Array(32));
  const key = await crypto.subtle.importKey("raw", secret, "AES-GCM", false, ["encrypt"]);
  const parts: Uint8Array[] = [];
  for (let at = 0; at < plain.length; at += WEB_REGION_BYTES) {
    const iv = new Uint8Array(12);
    new DataView(iv.buffer).setBigUint64(4, BigInt(at / WEB_REGION_BYTES));
    const region = Uint8Array.from(plain.subarray(at, at + WEB_REGION_BYTES));
    parts.push(iv, new Uint8Array(await crypto.subtle.encrypt({ name: "AES-GCM", iv }, key, region)));
  }
  const versioned = new Uint8Array([...new TextEncoder().encode("2.0"), 0, 0, 0, 0, 0, ...secret]);
  const wrapped = await crypto.subtle.encrypt(OAEP, wrapping, versioned);
  return finished(Buffer.concat(parts), {
    EncryptionMode: "FullBlob",
    EncryptedRegionInfo: { DataLength: WEB_REGION_BYTES, NonceLength: 12 },
    EncryptionAgent: { EncryptionAlgorithm: "AES_GCM_256", Protocol: "2.0" },
    WrappedContentKey: {
      Algorithm: "RSA-OAEP",
      EncryptedKey: Buffer.from(wrapped).toString("base64"),
      KeyId: kid,
    },
  });
}
