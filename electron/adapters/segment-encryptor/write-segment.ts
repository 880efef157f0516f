import { createHash } from "node:crypto";
import { open, rm } from "node:fs/promises";
import type { IncomingMessage } from "node:http";
import { dirname } from "node:path";
import { finishPart, partOf } from "#runtime/files/part-file.ts";
import { piecesOf } from "#runtime/streams/pieces.ts";
import { notePassedBytes } from "#runtime/streams/passed-bytes.ts";
import { formatNumber } from "#shared/words/amounts.ts";
import {
  ABORTED,
  portFailed,
  type PortFailure,
  type PortOutcome,
  portSucceeded,
} from "../../export-pipeline/ports/port-call.ts";
import type { SpooledSegment } from "../../export-pipeline/ports/segment-spool.ts";
import { exchangeOver, unreachable, type Peer } from "../http-exchange.ts";
import { NO_PROGRESS_MS, ProgressWatch } from "../progress-watch.ts";
import { onSpool, spoolFailure, SpoolDiskError } from "../spool/spool-disk-error.ts";
import { CiphertextFile } from "./ciphertext-file.ts";
import { pacedProgress } from "./paced-progress.ts";
import { reachFootage } from "./reach-footage.ts";
import { createSegmentCipher } from "../encryption/segment-cipher.ts";
import type { WriteTask } from "../spool/segment-writer.ts";

const ARCHIVE: Peer = { name: "The archive", unreachableCode: "ARCHIVE_UNREACHABLE" };
/** Few: pieces that wait through two collections of young objects count as old ones, and cost a look through the heap. */
const MOST_PIECES_WAITING = 8;

/**
 * One pass from the archive to the spool: SHA-256 of the plaintext, encryption, SHA-512 of the ciphertext,
 * ciphertext into `PATH.part`; then fsync, rename, fsync of the folder. Plaintext stays in memory.
 */
export async function writeSegment(
  task: WriteTask,
  onProgress: (plaintextBytes: number) => void,
  signal: AbortSignal,
): Promise<PortOutcome<SpooledSegment>> {
  const headers = { authorization: `Bearer ${task.sourceToken}` };
  const line = { peer: ARCHIVE, reach: reachFootage };
  const answer = await exchangeOver(line, { url: task.sourceUrl, headers }, { signal });
  if (!answer.ok) return answer.error.kind === "gone" ? permanently(answer.error) : answer;
  const partPath = partOf(task.path);
  const { footage } = answer.value;
  using watch = new ProgressWatch(signal, task.noProgressMs ?? NO_PROGRESS_MS);
  watch.signal.addEventListener("abort", () => footage.destroy(watch.causeOf(watch.signal.reason) as Error));
  try {
    const spooled = await encryptToFile({ footage, task, partPath, onProgress, watch });
    if (!spooled.ok) return spooled;
    await onSpool(() => finishPart(task.path));
    return spooled;
  } catch (error) {
    if (signal.aborted) return ABORTED;
    if (!(error instanceof SpoolDiskError)) return unreachable(ARCHIVE, watch.causeOf(error));
    return await spoolFailure(error, dirname(task.path), lengthOf(footage));
  } finally {
    footage.destroy();
    // Where the disk is away, what is left of the file goes at a later start.
    await rm(partPath, { force: true }).catch(() => undefined);
  }
}

interface Encrypting {
  readonly footage: IncomingMessage;
  readonly task: WriteTask;
  readonly partPath: string;
  readonly onProgress: (plaintextBytes: number) => void;
  readonly watch: ProgressWatch;
}

async function encryptToFile(encrypting: Encrypting): Promise<PortOutcome<SpooledSegment>> {
  const { footage, task, partPath, onProgress, watch } = encrypting;
  const expectedBytes = lengthOf(footage);
  const plaintextHash = createHash("sha256");
  const cipher = createSegmentCipher(task.recipient);
  const file = new CiphertextFile(await onSpool(() => open(partPath, "w", 0o600)));
  let readBytes = 0;
  const count = pacedProgress(onProgress);
  try {
    for await (const plaintext of piecesOf(footage, MOST_PIECES_WAITING)) {
      watch.signal.throwIfAborted();
      watch.moved();
      plaintextHash.update(plaintext);
      notePassedBytes(2 * plaintext.length); // The cipher makes as much again.
      // A slow disk is not the archive's silence.
      await watch.aside(() => file.append(cipher.update(plaintext)));
      readBytes += plaintext.length;
      count(plaintext.length);
    }
    if (readBytes !== expectedBytes) return cutShort(readBytes, expectedBytes);
    await watch.aside(async () => {
      await file.append(cipher.final());
      await file.sync();
    });
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
      blockCrcs: file.blockCrcs(),
    },
    encryptionData: JSON.stringify(cipher.encryptionData),
  });
}

function lengthOf(footage: IncomingMessage): number {
  return Number(footage.headers["content-length"]);
}

function cutShort(readBytes: number, expectedBytes: number): PortOutcome<never> {
  return portFailed("transient", {
    code: "FOOTAGE_CUT_SHORT",
    message: `The archive gave ${formatNumber(readBytes)} of ${formatNumber(expectedBytes)} bytes.`,
  });
}

function permanently(failure: PortFailure): PortOutcome<never> {
  return { ok: false, error: { ...failure, kind: "permanent" } };
}
