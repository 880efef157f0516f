import { execFileSync } from "node:child_process";
import {
  constants,
  createDecipheriv,
  createHash,
  generateKeyPairSync,
  privateDecrypt,
  randomBytes,
} from "node:crypto";
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import {
  type EncryptionData,
  encryptionDataSchema,
  isInRegions,
  type EncryptionProtocol,
} from "#shared/clearance-api/encryption.ts";
import type { RecipientKey } from "../../export-pipeline/ports/segment-spool.ts";
import { ciphertextLengthBytes, createSegmentCipher } from "./segment-cipher.ts";

const REGION_BYTES = 4 * 1024 * 1024;
const { privateKey, publicKey } = generateKeyPairSync("rsa", { modulusLength: 2048 });

function recipient(protocol: EncryptionProtocol): RecipientKey {
  const { n = "", e = "" } = publicKey.export({ format: "jwk" });
  return { jwk: { kty: "RSA", kid: "key-1", n, e }, protocol };
}

/** Encrypts what the pieces hold, fed to the cipher piece by piece. */
function encrypt(protocol: EncryptionProtocol, pieces: readonly Uint8Array[]) {
  const cipher = createSegmentCipher(recipient(protocol));
  const sealed = pieces.flatMap((piece) => cipher.update(Buffer.from(piece)));
  return { ciphertext: Buffer.concat([...sealed, ...cipher.final()]), facts: cipher.encryptionData };
}

function unwrapped(facts: EncryptionData): Buffer {
  const wrapped = Buffer.from(facts.WrappedContentKey.EncryptedKey, "base64");
  const padding = constants.RSA_PKCS1_OAEP_PADDING;
  return privateDecrypt({ key: privateKey, padding, oaepHash: "sha1" }, wrapped);
}

/** Decrypts with the metadata alone, after the public documentation of the format. */
function decrypt(ciphertext: Buffer, metadata: string): Buffer {
  const facts = encryptionDataSchema.parse(JSON.parse(metadata));
  if (!isInRegions(facts)) {
    const iv = Buffer.from(facts.ContentEncryptionIV, "base64");
    const decipher = createDecipheriv("aes-256-cbc", unwrapped(facts), iv);
    return Buffer.concat([decipher.update(ciphertext), decipher.final()]);
  }
  const key = unwrapped(facts);
  expect(key.subarray(0, 8).toString("latin1")).toBe("2.0\0\0\0\0\0");
  const { DataLength, NonceLength } = facts.EncryptedRegionInfo;
  const regionBytes = NonceLength + DataLength + 16;
  const plain: Buffer[] = [];
  for (let start = 0; start < ciphertext.length; start += regionBytes) {
    const region = ciphertext.subarray(start, start + regionBytes);
    const decipher = createDecipheriv("aes-256-gcm", key.subarray(8), region.subarray(0, NonceLength));
    decipher.setAuthTag(region.subarray(-16));
    plain.push(decipher.update(region.subarray(NonceLength, -16)), decipher.final());
  }
  return Buffer.concat(plain);
}

function sha256(bytes: Uint8Array): string {
  return createHash("sha256").update(bytes).digest("hex");
}

describe.each(["1.0", "2.0"] as const)("protocol %s", (protocol) => {
  test("whatever is encrypted in whatever pieces comes back, and the length is known before", () => {
    const pieces = fc.array(fc.uint8Array({ maxLength: 40 }), { minLength: 1, maxLength: 6 });
    fc.assert(
      fc.property(pieces, (plain) => {
        const { ciphertext, facts } = encrypt(protocol, plain);
        const whole = Buffer.concat(plain);
        expect(ciphertext).toHaveLength(ciphertextLengthBytes(protocol, whole.length));
        expect(decrypt(ciphertext, JSON.stringify(facts)).equals(whole)).toBe(true);
      }),
      { numRuns: 60 },
    );
  });

  test.each([15, 16, 17, 31, 32, 33, REGION_BYTES - 1, REGION_BYTES, REGION_BYTES + 1, 2 * REGION_BYTES])(
    "%i bytes come back, fed in pieces that meet no border",
    (lengthBytes) => {
      const plain = randomBytes(lengthBytes);
      const pieceBytes = 1_000_003;
      const count = Math.ceil(lengthBytes / pieceBytes);
      const pieces = Array.from({ length: count }, (_, index) =>
        plain.subarray(index * pieceBytes, (index + 1) * pieceBytes),
      );
      const { ciphertext, facts } = encrypt(protocol, pieces);
      expect(ciphertext).toHaveLength(ciphertextLengthBytes(protocol, lengthBytes));
      expect(sha256(decrypt(ciphertext, JSON.stringify(facts)))).toBe(sha256(plain));
    },
  );

  test("the same plaintext twice has two keys", () => {
    const plain = [Buffer.from("the same")];
    const [first, second] = [encrypt(protocol, plain), encrypt(protocol, plain)];
    expect(unwrapped(first.facts).equals(unwrapped(second.facts))).toBe(false);
    expect(first.ciphertext.equals(second.ciphertext)).toBe(false);
  });
});

describe("protocol 2.0", () => {
  test("numbers its regions in their nonces, so that none is used twice under one key", () => {
    const { ciphertext } = encrypt("2.0", [Buffer.alloc(2 * REGION_BYTES + 1)]);
    const sealedRegionBytes = 12 + REGION_BYTES + 16;
    const nonces = [0, 1, 2].map((region) => {
      const start = region * sealedRegionBytes;
      return ciphertext.subarray(start, start + 12).readUIntBE(6, 6);
    });
    expect(nonces).toEqual([0, 1, 2]);
  });

  test("a byte that was changed is noticed", () => {
    const { ciphertext, facts } = encrypt("2.0", [Buffer.from("evidence")]);
    ciphertext[13] = (ciphertext[13] ?? 0) ^ 1;
    expect(() => decrypt(ciphertext, JSON.stringify(facts))).toThrow(/authenticate/);
  });
});

test("openssl alone decrypts protocol 1.0", () => {
  const folder = mkdtempSync(join(tmpdir(), "openssl-"));
  try {
    const plain = randomBytes(100_001);
    const { ciphertext, facts } = encrypt("1.0", [plain]);
    if (isInRegions(facts)) throw new Error("Protocol 1.0 encrypts the whole file.");
    const path = (name: string) => join(folder, name);
    writeFileSync(path("key.pem"), privateKey.export({ type: "pkcs8", format: "pem" }));
    writeFileSync(path("wrapped"), Buffer.from(facts.WrappedContentKey.EncryptedKey, "base64"));
    writeFileSync(path("ciphertext"), ciphertext);
    const unwrap = `pkeyutl -decrypt -inkey ${path("key.pem")} -in ${path("wrapped")}`;
    const options = "-pkeyopt rsa_padding_mode:oaep -pkeyopt rsa_oaep_md:sha1";
    const key = execFileSync("openssl", `${unwrap} ${options}`.split(" "));
    const iv = Buffer.from(facts.ContentEncryptionIV, "base64");
    const names = `-in ${path("ciphertext")} -out ${path("plaintext")}`;
    const decipher = `enc -d -aes-256-cbc -K ${key.toString("hex")} -iv ${iv.toString("hex")} ${names}`;
    execFileSync("openssl", decipher.split(" "));
    expect(sha256(readFileSync(path("plaintext")))).toBe(sha256(plain));
  } finally {
    rmSync(folder, { recursive: true });
  }
});
