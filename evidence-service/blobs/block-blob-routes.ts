/**
 * The block-blob part of the Azure Blob Storage REST API, for the official client with a SAS
 * address. Headers and codes: Azure Storage REST reference, version 2022-11-02.
 */
import { randomUUID } from "node:crypto";
import { Readable } from "node:stream";
import type { FastifyInstance, FastifyReply, FastifyRequest } from "fastify";
import { ClientTurns } from "../http/client-turns.ts";
import { clientLeftSignal } from "../http/client-left.ts";
import { Refusal } from "../http/refusal.ts";
import type { SenderPriority } from "../http/sender-priority.ts";
import { z } from "zod";
import { judgeRange } from "#runtime/http/file-answer.ts";
import { notePassedBytes } from "#runtime/streams/passed-bytes.ts";
import { BlobsUnreachable } from "../storage/blob-store.ts";
import { saysDatabaseAway } from "../storage/metadata-unreachable.ts";
import { saysNoRoom } from "../storage/disk-reserve.ts";
import { readJson } from "../storage/read-json.ts";
import type { BlockBlobStore } from "./block-blob-store.ts";
import type { BlobAttributes, IncomingBytes } from "./blob-write.ts";
import {
  changeAttributes,
  commitBlockList,
  committedBlob,
  listBlocks,
  putBlob,
  stageBlock,
} from "./block-blob.ts";
import { checkWrite, judgeRead, refuseConditions } from "./blob-conditions.ts";
import { BlobError } from "./blob-error.ts";
import { blockListXml, errorXml, parseBlockList } from "./block-list-xml.ts";
import { LongListQueue } from "./long-list-queue.ts";
import { accountOfSas, BLOB_ACCOUNT, checkSas, clientOfSas } from "./sas.ts";
import { isMetadataName, METADATA_PREFIX, metadataOf, refuseUnsupported } from "./supported.ts";
import type { BlobRow } from "../storage/metadata-rows.ts";

interface BlobCall {
  readonly store: BlockBlobStore;
  readonly senders: SenderPriority;
  readonly blobName: string;
  readonly query: ReadonlyMap<string, string>;
  readonly request: FastifyRequest;
  readonly reply: FastifyReply;
  readonly nowUtcMs: number;
}

type Operation = (call: BlobCall) => Promise<void>;

const PATH = new RegExp(String.raw`^/${BLOB_ACCOUNT}/([a-z0-9-]{1,63})/([A-Za-z0-9-]{1,128})$`);
const MIB = 1 << 20;
/** Largest bodies of Azure's version 2022-11-02. */
const BLOCK_MAX_BYTES = 4_000 * MIB;
const PUT_BLOB_MAX_BYTES = 5_000 * MIB;
/** A block list of 50,000 entries of the longest ids is about 6 MB. */
const XML_LIMIT_BYTES = 8 << 20;

/** Who uses an address, and for what. */
export interface AddressUse {
  readonly blobName: string;
  /** As `service:ID`. */
  readonly account: string;
  readonly isWriting: boolean;
}

export interface BlockBlobParts {
  readonly store: BlockBlobStore;
  /** Whether the account still may: an address is good for an hour, a right may be withdrawn at any moment. */
  readonly mayUse: (use: AddressUse) => Promise<boolean>;
  readonly senders: SenderPriority;
  readonly now: () => number;
  /** The database, or the store of the files, could not be reached. */
  readonly onAway: (error: unknown) => void;
}

export function registerBlockBlobRoutes(app: FastifyInstance, parts: BlockBlobParts): void {
  void app.register(async (scope) => {
    scope.removeAllContentTypeParsers();
    scope.addContentTypeParser("*", (_request, payload, done) => done(null, payload));
    scope.setErrorHandler((error, request, reply) => {
      // Who has left had the store given up for it.
      if (request.raw.errored === null && isAway(error)) parts.onAway(error);
      return sendBlobError(error, request, reply);
    });
    scope.route({
      method: ["GET", "HEAD", "PUT", "DELETE"],
      url: `/${BLOB_ACCOUNT}/*`,
      exposeHeadRoute: false,
      config: { access: "signed-address" },
      // Each function that resolves with the reply itself would listen for its end once more.
      handler: async (request, reply) => {
        await answer(parts, request, reply);
        return reply;
      },
    });
  });
}

async function answer(parts: BlockBlobParts, request: FastifyRequest, reply: FastifyReply): Promise<void> {
  const url = new URL(request.url, "http://blob");
  const query = new Map(url.searchParams);
  void reply.headers({ "x-ms-request-id": randomUUID(), "x-ms-version": "2022-11-02" });
  echoClientRequestId(request, reply);
  const [, container, blobName] = PATH.exec(url.pathname) ?? [];
  if (container === undefined || blobName === undefined || container !== parts.store.parts.container) {
    throw new BlobError("ResourceNotFound", "There is no such container or blob.");
  }
  const { operation, needed } = chooseOperation(request.method, query, request);
  const nowUtcMs = parts.now();
  // Who may not come in learns nothing of what is supported.
  checkSas({ container, blobName }, query, { needed, secrets: parts.store.parts.sasSecrets(), nowUtcMs });
  const account = accountOfSas(query);
  const isWriting = request.method === "PUT";
  if (account !== null && !(await parts.mayUse({ blobName, account, isWriting }))) {
    throw new BlobError("AuthorizationPermissionMismatch", "The account may not do that any more.");
  }
  refuseUnsupported(request.headers, query);
  const { store, senders } = parts;
  await operation({ store, senders, blobName, query, request, reply, nowUtcMs });
}

function echoClientRequestId(request: FastifyRequest, reply: FastifyReply): void {
  const given = request.headers["x-ms-client-request-id"];
  if (typeof given === "string") void reply.header("x-ms-client-request-id", given);
}

/** @returns the operation, and the SAS permissions of which one is needed */
function chooseOperation(
  method: string,
  query: ReadonlyMap<string, string>,
  request: FastifyRequest,
): { operation: Operation; needed: string } {
  const key = `${method} ${query.get("comp") ?? ""}`.trimEnd();
  const found = OPERATIONS[key];
  if (found === undefined) throw new BlobError("InvalidQueryParameterValue", `${key} is not supported.`);
  if (key === "PUT" && request.headers["x-ms-blob-type"] !== "BlockBlob") {
    throw new BlobError("InvalidHeaderValue", "Only block blobs are supported.");
  }
  return found;
}

/** Whoever writes may see how far the writing is; the bytes are for whoever may read. */
const OPERATIONS: Readonly<Record<string, { operation: Operation; needed: string }>> = {
  "PUT block": { operation: putBlock, needed: "cw" },
  "PUT blocklist": { operation: putBlockList, needed: "cw" },
  PUT: { operation: putWholeBlob, needed: "cw" },
  "PUT metadata": { operation: setMetadata, needed: "w" },
  "PUT properties": { operation: setProperties, needed: "w" },
  "GET blocklist": { operation: getBlockList, needed: "rw" },
  "GET metadata": { operation: getProperties, needed: "rw" },
  "HEAD metadata": { operation: getProperties, needed: "rw" },
  GET: { operation: getBlob, needed: "r" },
  HEAD: { operation: getProperties, needed: "rw" },
  DELETE: { operation: refuseDelete, needed: "d" },
};

async function putBlock(call: BlobCall): Promise<void> {
  const { senders, query, request, reply } = call;
  refuseConditions(request.headers);
  const bytes = incoming(request, query, BLOCK_MAX_BYTES);
  if (bytes.lengthBytes === 0) {
    throw new BlobError("InvalidHeaderValue", "A block has at least one byte.");
  }
  const md5 = await senders.sending(() => stageBlock(call, query.get("blockid") ?? "", bytes));
  if (md5 !== null) void reply.header("content-md5", md5);
  void reply.code(201).header("x-ms-request-server-encrypted", "false").send();
}

/** Some hundreds of blocks. Read to entries, a list takes several times the memory of its text. */
const LONG_LIST_BYTES = 32 << 10;
const longLists = new LongListQueue();

async function putBlockList(call: BlobCall): Promise<void> {
  const { query, request, reply, nowUtcMs } = call;
  const described = { attributes: attributesOf(request), nowUtcMs };
  const bytes = incoming(request, query, XML_LIMIT_BYTES);
  const commit = (xml: Buffer) => commitBlockList(call, parseBlockList(xml.toString("utf8")), described);
  const read = () => bodyBytes(bytes);
  const isLong = bytes.lengthBytes > LONG_LIST_BYTES;
  const row = isLong ? await longLists.run(clientOfSas(query), read, commit) : await commit(await read());
  void written(reply, row).code(201).send();
}

async function putWholeBlob(call: BlobCall): Promise<void> {
  const { senders, query, request, reply, nowUtcMs } = call;
  const bytes = incoming(request, query, PUT_BLOB_MAX_BYTES);
  const row = await senders.sending(() =>
    putBlob(call, bytes, { attributes: attributesOf(request), nowUtcMs }),
  );
  void written(reply, row)
    .code(201)
    .header("content-md5", row.contentMd5 ?? "")
    .send();
}

async function setMetadata(call: BlobCall): Promise<void> {
  const { metadata, check } = attributesOf(call.request);
  const change = { metadataJson: JSON.stringify(metadata) };
  const row = await changeAttributes(call, { change, check, nowUtcMs: call.nowUtcMs });
  void written(call.reply, row).send();
}

async function setProperties(call: BlobCall): Promise<void> {
  const { contentType, contentMd5, check } = attributesOf(call.request);
  const change = { contentType, contentMd5 };
  const row = await changeAttributes(call, { change, check, nowUtcMs: call.nowUtcMs });
  void written(call.reply, row).send();
}

async function getBlockList({ store, blobName, query, request, reply }: BlobCall): Promise<void> {
  refuseConditions(request.headers);
  const wanted = query.get("blocklisttype") ?? "committed";
  const { committed, staged } = await listBlocks(store, blobName);
  if (committed.length + staged.length === 0) await committedBlob(store, blobName);
  const xml = blockListXml({
    committed: wanted === "uncommitted" ? null : committed,
    uncommitted: wanted === "committed" ? null : staged,
  });
  void reply.type("application/xml").send(xml);
}

async function getProperties({ store, blobName, request, reply }: BlobCall): Promise<void> {
  const row = await committedBlob(store, blobName);
  if (judgeRead(request.headers, row) === "unchanged") {
    void written(reply, row).code(304).send();
    return;
  }
  void described(reply, row).header("content-length", row.lengthBytes).send();
}

async function getBlob({ store, senders, blobName, query, request, reply }: BlobCall): Promise<void> {
  const row = await committedBlob(store, blobName);
  if (judgeRead(request.headers, row) === "unchanged") {
    void written(reply, row).code(304).send();
    return;
  }
  const { "x-ms-range": own, ...headers } = request.headers;
  const asked = typeof own === "string" ? { ...headers, range: own } : headers;
  const answer = judgeRange(asked, row);
  if (answer.kind === "unsatisfiable") {
    void reply.headers(answer.headers);
    throw new BlobError("InvalidRange", "The range does not lie within the blob.");
  }
  const { startByte, endByte } = answer.bytes;
  await takeReading(query, reply);
  const bytes = senders.inSteps(store.read(blobName, startByte, endByte));
  const body = Readable.from(bytes, { objectMode: false });
  void described(reply.code(answer.status), row).headers(answer.headers).send(body);
}

/** Clients of Azure ask for ranges beside each other, and come again to a server that is busy. */
const readings = new ClientTurns({
  ...{ atATime: 8, waitingMax: 64, code: "READINGS_BUSY" },
  detail: "So much is read for this client already; try again in a moment.",
});

/** Waits for a turn of the client whose address it is, which ends with the answer, whole or not. */
async function takeReading(query: ReadonlyMap<string, string>, reply: FastifyReply): Promise<void> {
  const giveBack = await readings
    .take(clientOfSas(query), clientLeftSignal(reply))
    .catch((error: unknown) => {
      if (!(error instanceof Refusal)) throw error;
      throw error.status === 429
        ? new BlobError("ServerBusy", error.message)
        : new BlobError("OperationTimedOut", error.message);
    });
  if (reply.raw.destroyed) giveBack();
  else reply.raw.once("close", giveBack);
}

async function refuseDelete(): Promise<never> {
  throw new BlobError("AuthorizationPermissionMismatch", "Evidence is not deleted with an upload address.");
}

function incoming(
  request: FastifyRequest,
  query: ReadonlyMap<string, string>,
  mostBytes: number,
): IncomingBytes {
  const { headers } = request;
  const lengthBytes = Number(headers["content-length"] ?? Number.NaN);
  if (!Number.isSafeInteger(lengthBytes)) {
    throw new BlobError("MissingContentLengthHeader", "Content-Length is missing.");
  }
  if (lengthBytes > mostBytes) {
    throw new BlobError("RequestBodyTooLarge", `The body is longer than ${mostBytes} bytes.`);
  }
  const md5 = headers["content-md5"];
  const contentMd5 = typeof md5 === "string" ? md5 : null;
  return { body: request.raw, lengthBytes, contentMd5, client: clientOfSas(query) };
}

/** Into memory of its length, once: pieces that are kept until the last one take as much again. */
async function bodyBytes({ body, lengthBytes }: IncomingBytes): Promise<Buffer> {
  const whole = Buffer.allocUnsafeSlow(lengthBytes);
  let arrivedBytes = 0;
  for await (const chunk of body) {
    arrivedBytes += chunk.copy(whole, arrivedBytes);
    notePassedBytes(chunk.length);
  }
  return whole.subarray(0, arrivedBytes);
}

function attributesOf(request: FastifyRequest): BlobAttributes {
  const text = (name: string): string | null => {
    const value = request.headers[name];
    return typeof value === "string" ? value : null;
  };
  return {
    contentType: text("x-ms-blob-content-type") ?? "application/octet-stream",
    contentMd5: text("x-ms-blob-content-md5"),
    metadata: metadataOf(request.headers),
    check: (row) => checkWrite(request.headers, row),
  };
}

function written(reply: FastifyReply, row: BlobRow): FastifyReply {
  return reply.headers({
    etag: row.etag,
    "last-modified": new Date(row.committedUtcMs).toUTCString(),
    "x-ms-request-server-encrypted": "false",
  });
}

const metadataSchema = z.record(z.string(), z.string());

/** What a row of somebody else's making says can be anything: it does not keep the file's bytes from being read. */
const isHeaderText = (text: string): boolean => /^[\t\x20-\x7e\x80-\xff]*$/.test(text);

function described(reply: FastifyReply, row: BlobRow): FastifyReply {
  for (const [name, value] of Object.entries(readJson(metadataSchema, row.metadataJson) ?? {})) {
    if (isMetadataName(name) && isHeaderText(value)) void reply.header(METADATA_PREFIX + name, value);
  }
  const { contentMd5, contentType } = row;
  if (contentMd5 !== null && isHeaderText(contentMd5) && reply.statusCode !== 206) {
    void reply.header("content-md5", contentMd5);
  }
  return written(reply, row).headers({
    "content-type": isHeaderText(contentType) ? contentType : "application/octet-stream",
    "accept-ranges": "bytes",
    "x-ms-blob-type": "BlockBlob",
    "x-ms-server-encrypted": "false",
    "x-ms-creation-time": new Date(row.committedUtcMs).toUTCString(),
  });
}

const RETRY_AFTER_S = 30;
/** A store that went away, and a service that is started anew, come back sooner than a disk has room. */
const RETRY_UNREACHABLE_S = 5;

const isAway = (error: unknown): error is Error =>
  error instanceof BlobsUnreachable || saysDatabaseAway(error);

/** What passes: the client comes again by itself. */
function passing(error: unknown): BlobError | undefined {
  // A refusal is of a service that is about to end.
  const isRefused = error instanceof Refusal && error.status === 503;
  if (isRefused || isAway(error)) return new BlobError("ServerBusy", error.message);
  if (!saysNoRoom(error)) return undefined;
  return new BlobError("ServerBusy", "The disk of the evidence service is full.");
}

function sendBlobError(error: unknown, request: FastifyRequest, reply: FastifyReply): FastifyReply {
  const known = error instanceof BlobError ? error : passing(error);
  if (known?.status === 503) {
    const isSoon = isAway(error) || error instanceof Refusal;
    void reply.header("retry-after", isSoon ? RETRY_UNREACHABLE_S : RETRY_AFTER_S);
  }
  if (request.raw.errored !== null) request.log.info("a client left in the middle of its request");
  else if (known === undefined) request.log.error(error, "a blob operation failed");
  const code = known?.code ?? "InternalError";
  const message = known?.message ?? "The operation failed inside the service.";
  // The rest of an unread body would be taken for the next request on this connection.
  if (request.method === "PUT" && !request.raw.readableEnded) void reply.header("connection", "close");
  return reply
    .code(known?.status ?? 500)
    .header("x-ms-error-code", code)
    .type("application/xml")
    .send(request.method === "HEAD" ? "" : errorXml(code, message));
}
