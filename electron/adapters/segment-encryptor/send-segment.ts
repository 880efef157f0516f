import { createHash } from "node:crypto";
import { type FileHandle, open, stat } from "node:fs/promises";
import { dirname } from "node:path";
import { BlockBlobClient, RestError, type StoragePipelineOptions } from "@azure/storage-blob";
import pLimit from "p-limit";
import { BufferPool } from "#streams/buffer-pool.ts";
import {
  ABORTED,
  portFailed,
  type PortOutcome,
  portSucceeded,
} from "../../export-pipeline/ports/port-call.ts";
import { splitProxy } from "../clearance-client/proxy-address.ts";
import { ConnectionsDropped, dropIdleConnections } from "../connections.ts";
import { retryAfterMs, unreachable } from "../http-outcome.ts";
import { pageInstead, proxyWantsLogOn, redirected, waitedFor } from "../line-refusal.ts";
import { spoolFailure, SpoolTrouble } from "../spool/spool-trouble.ts";
import {
  LineProgress,
  NO_PROGRESS_MS,
  ProgressWatch,
  type ProgressWatchOptions,
  Stalled,
  watched,
} from "../progress-watch.ts";
import { lineExplained } from "../trust/line-explained.ts";
import { prepareTrust } from "../trust/trusted-authorities.ts";
import { type BandwidthLimiter, LARGEST_PIECE_BYTES } from "./bandwidth-limiter.ts";
import { blockBody, type BlockPlace, SpoolFileShort } from "./block-body.ts";
import { pacedProgress } from "./paced-progress.ts";
import { waitingInLine } from "./waiting-in-line.ts";
import type { SendTask } from "./worker-messages.ts";

const SERVICE = { name: "The evidence service", unreachableCode: "SERVICE_UNREACHABLE" };
const BLOCK_BYTES = 8 * 1024 * 1024;
const BLOCKS_IN_FLIGHT = 4;
/** Of all segments together: after an outage the parts of many cameras go at the same time, five of each. */
const MOST_BLOCKS_IN_FLIGHT = 32;
const onTheLine = pLimit(MOST_BLOCKS_IN_FLIGHT);
/** Of all blocks together: what one has sent, the next one fills again. */
const pool = new BufferPool(LARGEST_PIECE_BYTES, 2 * MOST_BLOCKS_IN_FLIGHT);

/**
 * Sends a spool file as a block blob to its SAS address with Azure's official client. Blocks that the
 * service has from an earlier attempt at the very same bytes are not sent again, nor is anything of a file
 * that it has as a whole.
 * @param onProgress first told the bytes that the service has already
 */
export async function sendSegment(
  task: SendTask,
  bandwidth: BandwidthLimiter,
  onProgress: (sentBytes: number) => void,
  signal: AbortSignal,
): Promise<PortOutcome<undefined>> {
  const opened = await openSpoolFile(task.path);
  if (!opened.ok) return opened;
  const file = opened.value;
  try {
    prepareTrust(task.uri);
    const client = new BlockBlobClient(task.uri, undefined, clientOptions(task.proxy ?? null));
    const ask: Asking = (call) => watched(signal, watchOf(task), call);
    if (await isCommitted(client, task, ask)) {
      onProgress(task.lengthBytes);
      return portSucceeded(undefined);
    }
    const blockIds = blockIdsOf(task);
    const present = await blocksPresent(client, ask);
    await stageMissing({ client, file, task, blockIds, present, bandwidth, onProgress, signal });
    const about = {
      metadata: { encryptiondata: task.encryptionData },
      blobHTTPHeaders: { blobContentType: "application/octet-stream" },
    };
    await ask((abortSignal) => client.commitBlockList(blockIds, { ...about, abortSignal }));
    return portSucceeded(undefined);
  } catch (error) {
    if (signal.aborted) return ABORTED;
    if (error instanceof SpoolTrouble) return await spoolFailure(error, dirname(task.path));
    return await failureOf(error, task);
  } finally {
    await file.close();
  }
}

/** A file that is not in its folder is lost; a folder that is not there, or cannot be read, is waited for. */
async function openSpoolFile(path: string): Promise<PortOutcome<FileHandle>> {
  const folder = dirname(path);
  try {
    return portSucceeded(await open(path, "r"));
  } catch (error) {
    const isLost = error instanceof Error && "code" in error && error.code === "ENOENT";
    if (!isLost || !(await isThere(folder))) return await spoolFailure(error, folder);
    return portFailed(
      "permanent",
      "SPOOL_FILE_LOST",
      `The encrypted file is no longer in the spool folder ${folder}.`,
    );
  }
}

async function isThere(folder: string): Promise<boolean> {
  return await stat(folder).then(
    (found) => found.isDirectory(),
    () => false,
  );
}

/** Asks one small thing; nothing moves until its answer is there. */
type Asking = <T>(call: (signal: AbortSignal) => Promise<T>) => Promise<T>;

/** All blocks of all segments share the line, and its silence tells more than that of one of them. */
const line = new LineProgress();

function watchOf({ noProgressMs = NO_PROGRESS_MS }: SendTask): ProgressWatchOptions {
  return { limitMs: noProgressMs, line };
}

/** Each try is one: trying again is decided from outside, where the operator can see it. */
function clientOptions(proxy: string | null): StoragePipelineOptions {
  // Nobody follows a network's log-on page into somebody else's hands.
  // Its own connections could not be given up together; Node's can.
  const once = {
    ...{ retryOptions: { maxTries: 1 }, redirectOptions: { maxRetries: 0 } },
    keepAliveOptions: { enable: false },
  };
  if (proxy === null) return once;
  const { protocol, host, port, user, password } = splitProxy(proxy);
  const named = host.includes(":") ? `[${host}]` : host;
  const proxyOptions = { host: `${protocol}//${named}`, port, username: user, password };
  return { ...once, proxyOptions };
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

/**
 * Whether an earlier attempt was committed and only its answer got lost. No two encryptions have the same
 * metadata, as each wraps a key of its own, so it names the very bytes.
 */
async function isCommitted(client: BlockBlobClient, task: SendTask, ask: Asking): Promise<boolean> {
  try {
    const { contentLength, metadata } = await ask((abortSignal) => client.getProperties({ abortSignal }));
    return contentLength === task.lengthBytes && metadata?.["encryptiondata"] === task.encryptionData;
  } catch (error) {
    // Not there, or not to be read: what comes next tells an address that has expired from one that only writes.
    if (error instanceof RestError && (error.statusCode === 404 || error.statusCode === 403)) return false;
    throw error;
  }
}

async function blocksPresent(client: BlockBlobClient, ask: Asking): Promise<Set<string>> {
  try {
    const list = await ask((abortSignal) => client.getBlockList("uncommitted", { abortSignal }));
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
  const { task, present, bandwidth } = staging;
  const limit = pLimit(BLOCKS_IN_FLIGHT);
  const broken = new AbortController();
  const signal = AbortSignal.any([staging.signal, broken.signal]);
  const count = pacedProgress(staging.onProgress);
  const blocks = staging.blockIds.map((blockId, index) => ({
    blockId,
    place: placeOf(index, task.lengthBytes),
  }));
  const missing = blocks.filter(({ blockId }) => !present.has(blockId));
  count(task.lengthBytes - missing.reduce((sum, { place }) => sum + place.lengthBytes, 0));
  const stage = async ({ blockId, place }: { blockId: string; place: BlockPlace }) => {
    signal.throwIfAborted();
    const sendBlock = () => stageBlock({ ...staging, signal }, blockId, place, count);
    const oneByOne = () => waitingInLine((work) => bandwidth.inTurn(work), signal, sendBlock);
    await waitingInLine((work) => onTheLine(work), signal, oneByOne);
  };
  await Promise.allSettled(
    missing.map((block) => limit(() => stage(block).catch((error: unknown) => broken.abort(error)))),
  );
  broken.signal.throwIfAborted();
  staging.onProgress(task.lengthBytes);
}

function placeOf(index: number, fileBytes: number): BlockPlace {
  const startByte = index * BLOCK_BYTES;
  return { startByte, lengthBytes: Math.min(BLOCK_BYTES, fileBytes - startByte) };
}

async function stageBlock(
  { client, file, task, bandwidth, signal }: Staging,
  blockId: string,
  place: BlockPlace,
  onPassed: (bytes: number) => void,
): Promise<void> {
  signal.throwIfAborted();
  const unread = new AbortController();
  using watch = new ProgressWatch(AbortSignal.any([signal, unread.signal]), watchOf(task));
  const body = blockBody(file, place, bandwidth, pool, onPassed, watch);
  // A body that fails does not end its request by itself.
  body.on("error", (error) => unread.abort(error));
  try {
    await client.stageBlock(blockId, body, place.lengthBytes, { abortSignal: watch.signal });
    watch.moved();
  } catch (error) {
    unread.signal.throwIfAborted();
    throw watch.causeOf(error);
  } finally {
    body.destroy();
  }
}

async function failureOf(error: unknown, { uri, proxy = null }: SendTask): Promise<PortOutcome<never>> {
  if (error instanceof Stalled) {
    dropIdleConnections();
    return unreachable(SERVICE, error);
  }
  if (error instanceof ConnectionsDropped) return unreachable(SERVICE, error);
  if (error instanceof SpoolFileShort) {
    return portFailed(
      "permanent",
      "SPOOL_FILE_DAMAGED",
      "The encrypted file in the spool is shorter than it was written.",
    );
  }
  if (!(error instanceof RestError) || error.statusCode === undefined) {
    return unreachable(SERVICE, await lineExplained(error, uri, proxy));
  }
  const status = error.statusCode;
  if (status === 407) return waitedFor(proxyWantsLogOn(proxy === null ? null : splitProxy(proxy).shown));
  if (status >= 300 && status < 400) {
    return waitedFor(redirected(SERVICE.name, error.response?.headers.get("location") ?? null));
  }
  // Azure's client takes no other success than the one that belongs to what was asked.
  if (status < 300) return waitedFor(pageInstead(SERVICE.name));
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
  const waitMs = retryAfterMs(error.response?.headers.get("retry-after") ?? null);
  return {
    ok: false,
    error: { kind: transient ? "transient" : "permanent", code, message, retryAfterMs: waitMs },
  };
}
