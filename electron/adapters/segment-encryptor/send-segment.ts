import { type FileHandle, open } from "node:fs/promises";
import { dirname } from "node:path";
import { BlockBlobClient, RestError, type StoragePipelineOptions } from "@azure/storage-blob";
import pLimit from "p-limit";
import { failureOfExport } from "#shared/domain/failure.ts";
import { foreignCode } from "#shared/domain/foreign-code.ts";
import { BufferPool } from "#runtime/streams/buffer-pool.ts";
import { isThere } from "#runtime/files/missing-file.ts";
import {
  ABORTED,
  portFailed,
  type PortOutcome,
  portSucceeded,
} from "../../export-pipeline/ports/port-call.ts";
import { splitProxy } from "../proxy/proxy-address.ts";
import { ConnectionsDropped, dropIdleConnections } from "../connections.ts";
import { retryAfterIn, unreachable, type Peer } from "../http-exchange.ts";
import { pageInstead, proxyWantsLogOn, redirected, waitedFor } from "../trust/line-refusal.ts";
import { spoolFailure, SpoolDiskError } from "../spool/spool-disk-error.ts";
import { NO_PROGRESS_MS, ProgressWatch, Stalled, withProgressWatch } from "../progress-watch.ts";
import { lineExplained } from "../trust/line-explained.ts";
import { answersLikeTls, tlsWanted } from "../trust/tls-mismatch.ts";
import { prepareTrust } from "../trust/trusted-authorities.ts";
import { BandwidthLimiter, LARGEST_PIECE_BYTES } from "./bandwidth-limiter.ts";
import { blockBody, checkBlock, type SpooledBlock, SpoolFileChanged, SpoolFileShort } from "./block-body.ts";
import { BLOCK_BYTES } from "../encryption/block-crcs.ts";
import { BLOCK_SIZES, BlockPlan, type PlannedBlock } from "./block-plan.ts";
import { LineWidth, MOST_BLOCKS } from "./line-width.ts";
import { pacedProgress } from "./paced-progress.ts";
import { waitingInLine } from "./waiting-in-line.ts";
import type { SendTask, TaskCall } from "./worker-messages.ts";

const SERVICE: Peer = { name: "The evidence service", unreachableCode: "SERVICE_UNREACHABLE" };
const BLOCKS_IN_FLIGHT = 4;

/** The line to the service, which all segments share. */
export interface SendingLine {
  /** Under whose cap the bytes go. */
  readonly bandwidth: BandwidthLimiter;
  readonly width: LineWidth;
}

/** A line of which nothing is known yet. */
export function sendingLine(bandwidth = new BandwidthLimiter()): SendingLine {
  return { bandwidth, width: new LineWidth(BLOCK_SIZES) };
}
/** Of all blocks together: what one has sent, the next one fills again. */
const pool = new BufferPool(LARGEST_PIECE_BYTES, 2 * MOST_BLOCKS);

/**
 * Sends a spool file as a block blob to its SAS address with Azure's official client. Blocks that the
 * service has from an earlier attempt at the very same bytes are not sent again, nor is anything of a file
 * that it has as a whole, even where the spool no longer has it. A block is sent as it was written or not at all.
 */
export async function sendSegment(
  task: SendTask,
  line: SendingLine,
  call: TaskCall,
): Promise<PortOutcome<undefined>> {
  const { onProgress, signal } = call;
  try {
    prepareTrust(task.uri);
    const client = new BlockBlobClient(task.uri, undefined, clientOptions(task.proxy ?? null));
    const ask: Asking = (call) => withProgressWatch(signal, noProgressMsOf(task), call);
    if (await isCommitted(client, task, ask)) {
      onProgress(task.lengthBytes);
      return portSucceeded(undefined);
    }
    const opened = await openSpoolFile(task);
    if (!opened.ok) return opened;
    await using file = opened.value;
    const plan = new BlockPlan(task.encryptionData, task.lengthBytes, await blocksPresent(client, ask));
    const count = pacedProgress(onProgress);
    const blockIds = await stageMissing({ client, file, task, plan, line, count, signal });
    onProgress(task.lengthBytes);
    const about = {
      metadata: { encryptiondata: task.encryptionData },
      blobHTTPHeaders: { blobContentType: "application/octet-stream" },
    };
    await ask((abortSignal) => client.commitBlockList(blockIds, { ...about, abortSignal }));
    return portSucceeded(undefined);
  } catch (error) {
    if (signal.aborted) return ABORTED;
    if (error instanceof SpoolDiskError) return await unread(error, task);
    if (error instanceof Stalled) line.width.stalled();
    return await failureOf(error, task);
  }
}

/** A file that is not in its folder is lost; a folder that is not there, or cannot be read, is waited for. */
async function openSpoolFile(task: SendTask): Promise<PortOutcome<FileHandle>> {
  const folder = dirname(task.path);
  try {
    return portSucceeded(await open(task.path, "r"));
  } catch (error) {
    const diskError = new SpoolDiskError(error);
    if (diskError.errno !== "ENOENT" || !(await isThere(folder))) return await unread(diskError, task);
    return portFailed("permanent", {
      code: "SPOOL_FILE_LOST",
      message: `The encrypted file is no longer in the spool folder ${folder}.`,
    });
  }
}

/**
 * What a disk says of bytes that it has lost (errno(3)): a sector that cannot be read, or a checksum of its own that does
 * not fit. They do not come back. Of a disk that is away as a whole the same is said, and writing the file anew waits.
 */
const BYTES_LOST: ReadonlySet<string> = new Set(["EIO", "ENODATA", "EBADMSG"]);

async function unread(diskError: SpoolDiskError, { path }: SendTask): Promise<PortOutcome<never>> {
  const folder = dirname(path);
  if (!BYTES_LOST.has(diskError.errno)) return await spoolFailure(diskError, folder);
  const sentence = `The disk of the spool folder ${folder} can no longer read the encrypted file (${diskError.errno}).`;
  return portFailed("permanent", { code: DAMAGED, message: sentence });
}

/** Asks one small thing; nothing moves until its answer is there. */
type Asking = <T>(call: (signal: AbortSignal) => Promise<T>) => Promise<T>;

function noProgressMsOf({ noProgressMs = NO_PROGRESS_MS }: SendTask): number {
  return noProgressMs;
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
  readonly plan: BlockPlan;
  readonly line: SendingLine;
  /** Told of every piece that went on its way. */
  readonly count: (bytes: number) => void;
  readonly signal: AbortSignal;
}

/**
 * The first block that fails ends the others: nothing is under way any more when this returns or throws.
 * @returns the ids of all blocks, in their order
 */
async function stageMissing(staging: Staging): Promise<string[]> {
  const { plan, count } = staging;
  const limit = pLimit(BLOCKS_IN_FLIGHT);
  const broken = new AbortController();
  const signal = AbortSignal.any([staging.signal, broken.signal]);
  const stretches = plan.stretches();
  count(presentBytesOf(plan, stretches));
  const ids = await Promise.all(
    stretches.map((startByte) =>
      limit(() => stageStretch({ ...staging, signal }, startByte)).catch((error: unknown) => {
        broken.abort(error);
        return [];
      }),
    ),
  );
  broken.signal.throwIfAborted();
  return ids.flat();
}

function presentBytesOf(plan: BlockPlan, stretches: readonly number[]): number {
  const present = stretches
    .flatMap((startByte) => plan.blocksOf(startByte, BLOCK_BYTES))
    .filter(({ isPresent }) => isPresent);
  return present.reduce((sum, { lengthBytes }) => sum + lengthBytes, 0);
}

/** Its blocks go one after the other, as long as the line carries well when it begins. @returns their ids */
async function stageStretch(staging: Staging, startByte: number): Promise<string[]> {
  const { plan, line, signal } = staging;
  signal.throwIfAborted();
  const blocks = plan.blocksOf(startByte, line.width.blockBytes);
  const missing = blocks.filter(({ isPresent }) => !isPresent);
  const isWhole = blocks.length === 1;
  if (!isWhole && missing.length > 0) await checkStretch(staging, startByte);
  for (const block of missing) {
    await sendInLine(staging, { ...block, crc: isWhole ? crcAt(staging, startByte) : null });
  }
  return blocks.map(({ id }) => id);
}

/** What was written is known of it, or of the stretch that it is a part of, which was checked. */
type CheckedBlock = PlannedBlock & Pick<SpooledBlock, "crc">;

async function sendInLine(staging: Staging, block: CheckedBlock): Promise<void> {
  const { line, signal } = staging;
  const sendBlock = () => stageBlock(staging, block);
  const oneByOne = () => waitingInLine((work) => line.bandwidth.oneByOne(work), signal, sendBlock);
  await line.width.carry(block.lengthBytes, signal, oneByOne);
}

function crcAt({ task }: Staging, startByte: number): number | null {
  return task.blockCrcs?.[startByte / BLOCK_BYTES] ?? null;
}

/** What goes in several blocks is checked before the first of them: what was written is known of the whole. */
async function checkStretch(staging: Staging, startByte: number): Promise<void> {
  const { file, task, signal } = staging;
  const lengthBytes = Math.min(BLOCK_BYTES, task.lengthBytes - startByte);
  await checkBlock({ file, startByte, lengthBytes, crc: crcAt(staging, startByte) }, signal);
}

async function stageBlock(
  { client, file, task, line, count, signal }: Staging,
  { id, startByte, lengthBytes, crc }: CheckedBlock,
): Promise<void> {
  signal.throwIfAborted();
  const unread = new AbortController();
  using watch = new ProgressWatch(AbortSignal.any([signal, unread.signal]), noProgressMsOf(task));
  const passage = { bandwidth: line.bandwidth, pool, watch, onPassed: count };
  const body = blockBody({ file, startByte, lengthBytes, crc }, passage);
  // A body that fails does not end its request by itself.
  body.on("error", (error) => unread.abort(error));
  try {
    await client.stageBlock(id, body, lengthBytes, { abortSignal: watch.signal });
    watch.moved();
  } catch (error) {
    unread.signal.throwIfAborted();
    throw watch.causeOf(error);
  } finally {
    body.destroy();
  }
}

const DAMAGED = "SPOOL_FILE_DAMAGED";

/** Null where the spool file is as it was written. */
function damageOf(error: unknown, { path }: SendTask): PortOutcome<never> | null {
  const file = `The encrypted file in the spool folder ${dirname(path)}`;
  if (error instanceof SpoolFileShort) {
    return portFailed("permanent", { code: DAMAGED, message: `${file} is shorter than it was written.` });
  }
  if (!(error instanceof SpoolFileChanged)) return null;
  return portFailed("permanent", {
    code: DAMAGED,
    message: `${file} has other bytes than were written to it.`,
  });
}

/** Addresses are good for an hour: one that still has so long did not expire while it was used. */
const STILL_GOOD_MS = 60_000;

/** By the service's own clock, which its answer tells; an address that says no end is taken for one that is over. */
function addressRefused({ code, response }: RestError, uri: string): PortOutcome<never> {
  const endsUtcMs = Date.parse(new URL(uri).searchParams.get("se") ?? "");
  const leftMs = endsUtcMs - Date.parse(response?.headers.get("date") ?? "");
  if (leftMs > STILL_GOOD_MS) {
    return portFailed("transient", {
      code: "UPLOAD_URI_REFUSED",
      message: `${SERVICE.name} does not take the upload address that it gave (${code ?? "HTTP_403"}); a new one is asked for.`,
    });
  }
  return portFailed("transient", {
    code: "UPLOAD_URI_EXPIRED",
    message: "The upload address has expired; a new one is asked for.",
  });
}

async function failureOf(error: unknown, task: SendTask): Promise<PortOutcome<never>> {
  const { uri, proxy = null } = task;
  if (error instanceof Stalled) {
    dropIdleConnections();
    return unreachable(SERVICE, error);
  }
  if (error instanceof ConnectionsDropped) return unreachable(SERVICE, error);
  const damage = damageOf(error, task);
  if (damage !== null) return damage;
  if (!(error instanceof RestError) || error.statusCode === undefined) {
    return unreachable(SERVICE, await lineExplained(error, uri, proxy), proxy);
  }
  const status = error.statusCode;
  if (status === 407) return waitedFor(proxyWantsLogOn(proxy === null ? null : splitProxy(proxy).shown));
  if (status >= 300 && status < 400) {
    return waitedFor(redirected(SERVICE.name, error.response?.headers.get("location") ?? null));
  }
  // Azure's client takes no other success than the one that belongs to what was asked.
  if (status < 300) return waitedFor(pageInstead(SERVICE.name));
  const saysTls = answersLikeTls(status, error.response?.headers.get("content-type"));
  const wanted = await tlsWanted(uri, proxy, saysTls);
  if (wanted !== null) return waitedFor(wanted);
  if (status === 403) return addressRefused(error, uri);
  if (status === 404)
    return portFailed("gone", {
      code: "UPLOAD_PLACE_GONE",
      message: "The service no longer has the place to upload to.",
    });
  const code = foreignCode(error.code ?? `HTTP_${status}`);
  const message = `${SERVICE.name} refused a block (${code}).`;
  const transient = status === 408 || status === 429 || status >= 500;
  const headers = error.response?.headers;
  const waitMs = headers === undefined ? undefined : retryAfterIn(headers);
  const kind = transient ? "transient" : "permanent";
  return { ok: false, error: { kind, ...failureOfExport({ code, message }), retryAfterMs: waitMs } };
}
