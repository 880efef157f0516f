import { createHash } from "node:crypto";
import { type FileHandle, open } from "node:fs/promises";
import { setTimeout as sleep } from "node:timers/promises";
import { BlockBlobClient, RestError } from "@azure/storage-blob";
import pLimit from "p-limit";
import {
  ABORTED,
  portFailed,
  type PortOutcome,
  portSucceeded,
} from "../../export-pipeline/ports/port-call.ts";
import { unreachable } from "../http-outcome.ts";
import type { BandwidthLimiter } from "./bandwidth-limiter.ts";
import type { SendTask } from "./worker-messages.ts";

const SERVICE = { name: "The evidence service", unreachableCode: "SERVICE_UNREACHABLE" };
const BLOCK_BYTES = 8 * 1024 * 1024;
const BLOCKS_IN_FLIGHT = 4;

/**
 * Sends a spool file as a block blob to its SAS address with Azure's official client. Blocks that the
 * service has from an earlier attempt at the very same bytes are not sent again.
 */
export async function sendSegment(
  task: SendTask,
  bandwidth: BandwidthLimiter,
  onProgress: (sentBytes: number) => void,
  signal: AbortSignal,
): Promise<PortOutcome<undefined>> {
  const file = await open(task.path, "r").catch(() => null);
  if (file === null) {
    return portFailed(
      "permanent",
      "SPOOL_FILE_LOST",
      "The encrypted file is no longer in the spool.",
      "Cancel this export and create it again.",
    );
  }
  try {
    const client = new BlockBlobClient(task.uri, undefined, { retryOptions: { maxTries: 1 } });
    const blockIds = blockIdsOf(task);
    const present = await blocksPresent(client, signal);
    await stageMissing({ client, file, task, blockIds, present, bandwidth, onProgress, signal });
    await client.commitBlockList(blockIds, {
      metadata: { encryptiondata: task.encryptionData },
      blobHTTPHeaders: { blobContentType: "application/octet-stream" },
      abortSignal: signal,
    });
    return portSucceeded(undefined);
  } catch (error) {
    return signal.aborted ? ABORTED : failureOf(error);
  } finally {
    await file.close();
  }
}

/**
 * Ids name the ciphertext as well as the place in it: a segment that was encrypted anew has another key,
 * and blocks of its former self must not be taken for its own.
 */
function blockIdsOf(task: SendTask): string[] {
  const identity = createHash("sha256").update(task.encryptionData).digest("hex").slice(0, 16);
  const count = Math.ceil(task.lengthBytes / BLOCK_BYTES);
  return Array.from({ length: count }, (_, index) =>
    Buffer.from(`${identity}-${String(index).padStart(6, "0")}`).toString("base64"),
  );
}

async function blocksPresent(client: BlockBlobClient, signal: AbortSignal): Promise<Set<string>> {
  try {
    const list = await client.getBlockList("uncommitted", { abortSignal: signal });
    return new Set(list.uncommittedBlocks?.map((block) => block.name));
  } catch (error) {
    const mayNotList = error instanceof RestError && (error.statusCode === 404 || error.statusCode === 403);
    if (mayNotList && error.code !== "AuthenticationFailed") return new Set();
    throw error;
  }
}

interface Staging {
  readonly client: BlockBlobClient;
  readonly file: FileHandle;
  readonly task: SendTask;
  readonly blockIds: readonly string[];
  readonly present: ReadonlySet<string>;
  readonly bandwidth: BandwidthLimiter;
  readonly onProgress: (sentBytes: number) => void;
  readonly signal: AbortSignal;
}

/** The first block that fails ends the others: nothing is under way any more when this returns or throws. */
async function stageMissing(staging: Staging): Promise<void> {
  const limit = pLimit(BLOCKS_IN_FLIGHT);
  const broken = new AbortController();
  const signal = AbortSignal.any([staging.signal, broken.signal]);
  let sentBytes = 0;
  const stage = async (blockId: string, index: number) => {
    signal.throwIfAborted();
    const lengthBytes = Math.min(BLOCK_BYTES, staging.task.lengthBytes - index * BLOCK_BYTES);
    if (!staging.present.has(blockId)) await stageBlock({ ...staging, signal }, blockId, index, lengthBytes);
    sentBytes += lengthBytes;
    staging.onProgress(sentBytes);
  };
  await Promise.allSettled(
    staging.blockIds.map((blockId, index) =>
      limit(() => stage(blockId, index).catch((error: unknown) => broken.abort(error))),
    ),
  );
  broken.signal.throwIfAborted();
}

async function stageBlock(
  staging: Staging,
  blockId: string,
  index: number,
  lengthBytes: number,
): Promise<void> {
  const { client, file, bandwidth, signal } = staging;
  const block = Buffer.allocUnsafe(lengthBytes);
  const { bytesRead } = await file.read(block, 0, lengthBytes, index * BLOCK_BYTES);
  if (bytesRead !== lengthBytes) throw new SpoolFileShort();
  const delayMs = bandwidth.delayBefore(lengthBytes);
  if (delayMs > 0) await sleep(delayMs, undefined, { signal });
  await client.stageBlock(blockId, block, lengthBytes, { abortSignal: signal });
}

class SpoolFileShort extends Error {}

function failureOf(error: unknown): PortOutcome<never> {
  if (error instanceof SpoolFileShort) {
    return portFailed(
      "permanent",
      "SPOOL_FILE_DAMAGED",
      "The encrypted file in the spool is shorter than it was written.",
    );
  }
  if (!(error instanceof RestError) || error.statusCode === undefined) return unreachable(SERVICE, error);
  const status = error.statusCode;
  if (status === 403)
    return portFailed(
      "transient",
      "UPLOAD_URI_EXPIRED",
      "The upload address has expired; a new one is asked for.",
    );
  if (status === 404)
    return portFailed("gone", "UPLOAD_PLACE_GONE", "The service no longer has the place to upload to.");
  const code = error.code ?? `HTTP_${status}`;
  const message = `${SERVICE.name} refused a block (${code}).`;
  const transient = status === 408 || status === 429 || status >= 500;
  return portFailed(transient ? "transient" : "permanent", code, message);
}
