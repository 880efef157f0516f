import { createHash } from "node:crypto";
import { dirname } from "node:path";
import { writeDurably } from "#runtime/files/durable-file.ts";
import { type PortOutcome, portSucceeded } from "../../export-pipeline/ports/port-call.ts";
import type { SpoolDocument, SpooledSegment } from "../../export-pipeline/ports/segment-spool.ts";
import { BlockCrcs } from "../encryption/block-crcs.ts";
import { createSegmentCipher } from "../encryption/segment-cipher.ts";
import { spoolFailure } from "./spool-disk-error.ts";

/** Encrypts a small text into a spool file, as durable as a segment's. */
export async function writeDocument(
  path: string,
  { text, recipient }: SpoolDocument,
): Promise<PortOutcome<SpooledSegment>> {
  const plaintext = Buffer.from(text, "utf8");
  const cipher = createSegmentCipher(recipient);
  const ciphertext = Buffer.concat([...cipher.update(plaintext), ...cipher.final()]);
  const crcs = new BlockCrcs();
  crcs.append(ciphertext);
  try {
    await writeDurably(path, [ciphertext]);
  } catch (error) {
    return await spoolFailure(error, dirname(path), ciphertext.length);
  }
  return portSucceeded({
    file: {
      plaintextLengthBytes: plaintext.length,
      plaintextSha256: createHash("sha256").update(plaintext).digest("hex"),
      ciphertextLengthBytes: ciphertext.length,
      ciphertextSha512: createHash("sha512").update(ciphertext).digest("hex"),
      blockCrcs: crcs.all(),
    },
    encryptionData: JSON.stringify(cipher.encryptionData),
  });
}
