import { constants, createDecipheriv, createHash, createPrivateKey, privateDecrypt } from "node:crypto";
import { readFile } from "node:fs/promises";
import { join } from "node:path";
import Database from "better-sqlite3";
import { z } from "zod";

/** What the console wrote down of a segment it has sent. */
const journalSegmentSchema = z.looseObject({
  encryptionData: z.string(),
  state: z.looseObject({
    kind: z.literal("verified"),
    resourceId: z.string(),
    file: z.object({
      plaintextLengthBytes: z.number(),
      plaintextSha256: z.string(),
      ciphertextLengthBytes: z.number(),
      ciphertextSha512: z.string(),
    }),
  }),
});
export type JournalSegment = z.infer<typeof journalSegmentSchema>;

/** The verified segment that became this resource, straight from the console's journal. */
export function journalSegmentOf(siteDir: string, resourceId: string): JournalSegment {
  const database = new Database(join(siteDir, "console", "journal.sqlite"), { readonly: true });
  try {
    const bodies = database.prepare<[], string>("SELECT body FROM segments").pluck().all();
    const found = bodies.find((body) => body.includes(`"resourceId":"${resourceId}"`));
    if (found === undefined) throw new Error(`The journal has no segment for resource ${resourceId}.`);
    return journalSegmentSchema.parse(JSON.parse(found));
  } finally {
    database.close();
  }
}

const regionsDataSchema = z.looseObject({
  EncryptedRegionInfo: z.object({ DataLength: z.number(), NonceLength: z.number() }),
  WrappedContentKey: z.looseObject({ EncryptedKey: z.string() }),
});

const TAG_BYTES = 16;
const PROTOCOL_BYTES = 8;

/**
 * Decrypts what the service stores, by Azure's public description of protocol 2.0 and with nothing of the
 * product's own code.
 */
export async function decryptStored(
  siteDir: string,
  stored: Buffer,
  encryptionData: string,
): Promise<Buffer> {
  const data = regionsDataSchema.parse(JSON.parse(encryptionData));
  const keys = z
    .looseObject({ keyStoreKey: z.looseObject({ kty: z.string() }) })
    .parse(JSON.parse(await readFile(join(siteDir, "evidence-service", "keys.json"), "utf8")));
  const privateKey = createPrivateKey({ key: keys.keyStoreKey, format: "jwk" });
  const unwrapped = privateDecrypt(
    { key: privateKey, padding: constants.RSA_PKCS1_OAEP_PADDING, oaepHash: "sha1" },
    Buffer.from(data.WrappedContentKey.EncryptedKey, "base64"),
  );
  const contentKey = unwrapped.subarray(PROTOCOL_BYTES);
  const { DataLength, NonceLength } = data.EncryptedRegionInfo;
  const regionBytes = NonceLength + DataLength + TAG_BYTES;
  const plaintext: Buffer[] = [];
  for (let at = 0; at < stored.length; at += regionBytes) {
    const region = stored.subarray(at, Math.min(at + regionBytes, stored.length));
    const decipher = createDecipheriv("aes-256-gcm", contentKey, region.subarray(0, NonceLength));
    decipher.setAuthTag(region.subarray(-TAG_BYTES));
    plaintext.push(decipher.update(region.subarray(NonceLength, -TAG_BYTES)), decipher.final());
  }
  return Buffer.concat(plaintext);
}

export function sha256(bytes: Buffer): string {
  return createHash("sha256").update(bytes).digest("hex");
}
