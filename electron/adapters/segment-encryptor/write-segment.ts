import { createHash } from "node:crypto";
import { open, rename, rm } from "node:fs/promises";
import type { IncomingMessage } from "node:http";
import { dirname } from "node:path";
import { piecesOf } from "#streams/pieces.ts";
import { notePassedBytes } from "#streams/young-garbage.ts";
import {
  ABORTED,
  portFailed,
  type PortFailure,
  type PortOutcome,
  portSucceeded,
} from "../../export-pipeline/ports/port-call.ts";
import type { SpooledSegment } from "../../export-pipeline/ports/segment-spool.ts";
import { exchangeBy, unreachable } from "../http-outcome.ts";
import { CiphertextFile } from "./ciphertext-file.ts";
import { pacedProgress } from "./paced-progress.ts";
import { reachFootage } from "./reach-footage.ts";
import { createSegmentCipher } from "./segment-cipher.ts";
import type { WriteTask } from "./worker-messages.ts";

const ARCHIVE = { name: "The archive", unreachableCode: "ARCHIVE_UNREACHABLE" };
/** Few: pieces that wait through two collections of young objects count as old ones, and cost a look through the heap. */
const MOST_PIECES_WAITING = 8;
const FOLDER_TROUBLE: ReadonlySet<string> = new Set(["EACCES", "EPERM", "EROFS", "ENOENT", "ENOTDIR", "EIO"]);

/**
 * One pass from the archive to the spool: SHA-256 of the plaintext, encryption, SHA-512 of the ciphertext,
 * ciphertext into `PATH.part`; then fsync, rename, fsync of the folder. Plaintext stays in memory.
 */
export async function writeSegment(
  task: WriteTask,
  onProgress: (plaintextBytes: number) => void,
  signal: AbortSignal,
): Promise<PortOutcome<SpooledSegment>> {
  const init = { headers: { authorization: `Bearer ${task.sourceToken}` } };
  const answer = await exchangeBy(reachFootage, ARCHIVE, task.sourceUrl, init, { signal });
  if (!answer.ok) return answer.error.kind === "gone" ? permanently(answer.error) : answer;
  const partPath = `${task.path}.part`;
  try {
    const spooled = await encryptToFile(answer.value.footage, task, partPath, onProgress, signal);
    if (!spooled.ok) return spooled;
    await rename(partPath, task.path);
    await syncFolder(dirname(task.path));
    return spooled;
  } catch (error) {
    return signal.aborted ? ABORTED : spoolFailure(error);
  } finally {
    answer.value.footage.destroy();
    await rm(partPath, { force: true });
  }
}

async function encryptToFile(
  footage: IncomingMessage,
  task: WriteTask,
  partPath: string,
  onProgress: (plaintextBytes: number) => void,
  signal: AbortSignal,
): Promise<PortOutcome<SpooledSegment>> {
  const expectedBytes = Number(footage.headers["content-length"]);
  const plaintextHash = createHash("sha256");
  const cipher = createSegmentCipher(task.recipient);
  const file = new CiphertextFile(await open(partPath, "w", 0o600));
  let readBytes = 0;
  const count = pacedProgress(onProgress);
  try {
    for await (const plaintext of piecesOf(footage, MOST_PIECES_WAITING)) {
      if (signal.aborted) return ABORTED;
      plaintextHash.update(plaintext);
      notePassedBytes(2 * plaintext.length); // The cipher makes as much again.
      await file.append(cipher.update(plaintext));
      readBytes += plaintext.length;
      count(plaintext.length);
    }
    if (readBytes !== expectedBytes) return cutShort(readBytes, expectedBytes);
    await file.append(cipher.final());
    await file.sync();
  } finally {
    await file.close();
  }
  onProgress(readBytes);
  return portSucceeded({
    file: {
      plaintextLengthBytes: readBytes,
      plaintextSha256: plaintextHash.digest("hex"),
      ciphertextLengthBytes: file.lengthBytes,
      ciphertextSha512: file.sha512(),
    },
    encryptionData: JSON.stringify(cipher.encryptionData),
  });
}

/** A rename is durable once its folder is. Windows has no such call and needs none. */
export async function syncFolder(path: string): Promise<void> {
  if (process.platform === "win32") return;
  const folder = await open(path, "r");
  try {
    await folder.sync();
  } finally {
    await folder.close();
  }
}

function cutShort(readBytes: number, expectedBytes: number): PortOutcome<never> {
  return portFailed(
    "transient",
    "FOOTAGE_CUT_SHORT",
    `The archive gave ${readBytes} of ${expectedBytes} bytes.`,
  );
}

function permanently(failure: PortFailure): PortOutcome<never> {
  return { ok: false, error: { ...failure, kind: "permanent" } };
}

/** Trouble with the spool as data; what else breaks off is the archive. */
export function spoolFailure(error: unknown): PortOutcome<never> {
  const code = error instanceof Error && "code" in error ? error.code : undefined;
  if (code === "ENOSPC" || code === "EDQUOT") {
    return portFailed(
      "transient",
      "SPOOL_DISK_FULL",
      "The disk of the spool folder is full.",
      "Free space on it; the export goes on by itself.",
    );
  }
  if (typeof code === "string" && FOLDER_TROUBLE.has(code)) {
    return portFailed(
      "permanent",
      "SPOOL_NOT_WRITABLE",
      `The spool folder cannot be written (${code}).`,
      "Check the spool folder in the settings.",
    );
  }
  return unreachable(ARCHIVE, error);
}
