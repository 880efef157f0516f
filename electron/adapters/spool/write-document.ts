import { createHash } from "node:crypto";
import { open, rename, rm } from "node:fs/promises";
import { dirname } from "node:path";
import { type PortOutcome, portSucceeded } from "../../export-pipeline/ports/port-call.ts";
import type { SpoolDocument, SpooledSegment } from "../../export-pipeline/ports/segment-spool.ts";
import { BlockCrcs } from "../encryption/block-crcs.ts";
import { createSegmentCipher } from "../encryption/segment-cipher.ts";
import { spoolFailure } from "./spool-trouble.ts";
import { syncFolder } from "./sync-folder.ts";

/** Encrypts a small text into a spool file, as durable as a segment's: `.part`, fsync, rename, fsync of the folder. */
export async function writeDocument(
  path: string,
  { text, recipient }: SpoolDocument,
): Promise<PortOutcome<SpooledSegment>> {
  const plaintext = Buffer.from(text, "utf8");
  const cipher = createSegmentCipher(recipient);
  const ciphertext = Buffer.concat([...cipher.update(plaintext), ...cipher.final()]);
  const crcs = new BlockCrcs();
  crcs.append(ciphertext);
  const partPath = `${path}.part`;
  try {
    await using file = await open(partPath, "w", 0o600);
    await file.writeFile(ciphertext);
    await file.sync();
    await rename(partPath, path);
    await syncFolder(dirname(path));
  } catch (error) {
    // Where the disk is away, what is left of the file goes at a later start.
    await rm(partPath, { force: true }).catch(() => undefined);
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
