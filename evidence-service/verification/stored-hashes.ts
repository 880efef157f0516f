/** The stored bytes of a segment, hashed anew as they are and decrypted. */
import { createHash } from "node:crypto";
import type { SentSegment } from "#shared/manifest/manifest.ts";
import type { ResourceRow } from "../api/resource-records.ts";
import { openDecrypted, readDecrypted } from "../consolidation/decrypted-source.ts";
import { Unreadable } from "../consolidation/unreadable.ts";
import type { ServiceContext } from "../service-context.ts";
import { READ_CHUNK_BYTES } from "../storage/blob-store.ts";
import { nameOf } from "./compare-manifest.ts";

/** Reads a whole segment twice; memory stays bounded. */
export async function hashDifferences(
  context: ServiceContext,
  segment: SentSegment,
  row: ResourceRow,
): Promise<string[]> {
  const differences: string[] = [];
  const stored = context.blobs.read(
    row.resourceId,
    0,
    row.lengthBytes ?? 0,
    Buffer.allocUnsafeSlow(READ_CHUNK_BYTES),
  );
  if ((await hashOf("sha512", stored)) !== segment.ciphertext.sha512) {
    differences.push(`The stored bytes of ${nameOf(row)} do not have the SHA-512 that the manifest says.`);
  }
  try {
    const source = await openDecrypted(context, row.resourceId);
    const plaintext = readDecrypted(source, 0, source.lengthBytes);
    const isSame =
      source.lengthBytes === segment.plaintext.lengthBytes &&
      (await hashOf("sha256", plaintext)) === segment.plaintext.sha256;
    if (!isSame) {
      differences.push(`The decrypted video of ${nameOf(row)} is not what the archive gave.`);
    }
  } catch (error) {
    if (!(error instanceof Unreadable)) throw error;
    differences.push(`${nameOf(row)} cannot be decrypted: ${error.message}`);
  }
  return differences;
}

async function hashOf(algorithm: "sha256" | "sha512", bytes: AsyncIterable<Buffer>): Promise<string> {
  const hash = createHash(algorithm);
  for await (const chunk of bytes) hash.update(chunk);
  return hash.digest("hex");
}
