/**
 * The block-blob part of the Azure Blob Storage REST API, for the official client with a SAS
 * address. Headers and codes: Azure Storage REST reference, version 2022-11-02.
 */
import { randomUUID } from "node:crypto";
import { Readable } from "node:stream";
import type { FastifyInstance, FastifyReply, FastifyRequest } from "fastify";
import { judgeConditions } from "#shared/http/conditions.ts";
import { parseByteRange } from "../api/byte-range.ts";
import type { FileBlobStore } from "../storage/file-blob-store.ts";
import {
  changeAttributes,
  commitBlockList,
  committedBlob,
  listBlocks,
  putBlob,
  stageBlock,
  type BlobAttributes,
  type BlobRow,
  type IncomingBytes,
} from "./block-blob.ts";
import { BlobError } from "./blob-error.ts";
import { blockListXml, errorXml, parseBlockList } from "./block-list-xml.ts";
import { BLOB_ACCOUNT, checkSas } from "./sas.ts";

interface BlobCall {
  readonly store: FileBlobStore;
  readonly blobName: string;
  readonly query: ReadonlyMap<string, string>;
  readonly request: FastifyRequest;
  readonly reply: FastifyReply;
  readonly nowUtcMs: number;
}

type Operation = (call: BlobCall) => Promise<unknown>;

const PATH = new RegExp(String.raw`^/${BLOB_ACCOUNT}/([a-z0-9-]{1,63})/([A-Za-z0-9-]{1,128})$`);
/** A block list of 50,000 entries of the longest ids is about 6 MB. */
const XML_LIMIT_BYTES = 8 << 20;

export interface BlockBlobParts {
  readonly store: FileBlobStore;
  readonly now: () => number;
}

export function registerBlockBlobRoutes(app: FastifyInstance, parts: BlockBlobParts): void {
  void app.register(async (scope) => {
    scope.removeAllContentTypeParsers();
    scope.addContentTypeParser("*", (_request, payload, done) => done(null, payload));
    scope.setErrorHandler((error, request, reply) => sendBlobError(error, request, reply));
    scope.route({
      method: ["GET", "HEAD", "PUT", "DELETE"],
      url: `/${BLOB_ACCOUNT}/*`,
      exposeHeadRoute: false,
      config: { access: "signed-address" },
      handler: (request, reply) => answer(parts, request, reply),
    });
  });
}

async function answer(parts: BlockBlobParts, request: FastifyRequest, reply: FastifyReply): Promise<unknown> {
  const url = new URL(request.url, "http://blob");
  const query = new Map(url.searchParams);
  void reply.headers({ "x-ms-request-id": randomUUID(), "x-ms-version": "2022-11-02" });
  echoClientRequestId(request, reply);
  const [, container, blobName] = PATH.exec(url.pathname) ?? [];
  if (container === undefined || blobName === undefined || container !== parts.store.parts.container) {
    throw new BlobError(404, "ResourceNotFound", "There is no such container or blob.");
  }
  const { operation, needed } = chooseOperation(request.method, query, request);
  const nowUtcMs = parts.now();
  checkSas({ container, blobName }, query, needed, parts.store.parts.sasSecret, nowUtcMs);
  return operation({ store: parts.store, blobName, query, request, reply, nowUtcMs });
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
  if (found === undefined) throw new BlobError(400, "InvalidQueryParameterValue", `${key} is not supported.`);
  if (key === "PUT" && request.headers["x-ms-blob-type"] !== "BlockBlob") {
    throw new BlobError(400, "InvalidHeaderValue", "Only block blobs are supported.");
  }
  return found;
}

const OPERATIONS: Readonly<Record<string, { operation: Operation; needed: string }>> = {
  "PUT block": { operation: putBlock, needed: "cw" },
  "PUT blocklist": { operation: putBlockList, needed: "cw" },
  PUT: { operation: putWholeBlob, needed: "cw" },
  "PUT metadata": { operation: setMetadata, needed: "w" },
  "PUT properties": { operation: setProperties, needed: "w" },
  "GET blocklist": { operation: getBlockList, needed: "r" },
  "GET metadata": { operation: getProperties, needed: "r" },
  "HEAD metadata": { operation: getProperties, needed: "r" },
  GET: { operation: getBlob, needed: "r" },
  HEAD: { operation: getProperties, needed: "r" },
  DELETE: { operation: refuseDelete, needed: "d" },
};

async function putBlock({ store, blobName, query, request, reply }: BlobCall): Promise<unknown> {
  const md5 = await stageBlock(store, blobName, query.get("blockid") ?? "", incoming(request));
  if (md5 !== null) void reply.header("content-md5", md5);
  return reply.code(201).header("x-ms-request-server-encrypted", "false").send();
}

async function putBlockList({ store, blobName, request, reply, nowUtcMs }: BlobCall): Promise<unknown> {
  const entries = parseBlockList(await bodyText(incoming(request)));
  await checkConditions(store, blobName, request);
  const row = await commitBlockList(store, blobName, entries, attributesOf(request), nowUtcMs);
  return written(reply, row).code(201).send();
}

async function putWholeBlob({ store, blobName, request, reply, nowUtcMs }: BlobCall): Promise<unknown> {
  await checkConditions(store, blobName, request);
  const row = await putBlob(store, blobName, incoming(request), attributesOf(request), nowUtcMs);
  return written(reply, row)
    .code(201)
    .header("content-md5", row.contentMd5 ?? "")
    .send();
}

async function setMetadata({ store, blobName, request, reply, nowUtcMs }: BlobCall): Promise<unknown> {
  const metadataJson = JSON.stringify(attributesOf(request).metadata);
  return written(reply, await changeAttributes(store, blobName, { metadataJson }, nowUtcMs)).send();
}

async function setProperties({ store, blobName, request, reply, nowUtcMs }: BlobCall): Promise<unknown> {
  const { contentType, contentMd5 } = attributesOf(request);
  return written(
    reply,
    await changeAttributes(store, blobName, { contentType, contentMd5 }, nowUtcMs),
  ).send();
}

async function getBlockList({ store, blobName, query, reply }: BlobCall): Promise<unknown> {
  const wanted = query.get("blocklisttype") ?? "committed";
  const { committed, uncommitted } = await listBlocks(store, blobName);
  if (committed.length + uncommitted.length === 0) await committedBlob(store, blobName);
  const xml = blockListXml({
    committed: wanted === "uncommitted" ? null : committed,
    uncommitted: wanted === "committed" ? null : uncommitted,
  });
  return reply.type("application/xml").send(xml);
}

async function getProperties({ store, blobName, reply }: BlobCall): Promise<unknown> {
  const row = await committedBlob(store, blobName);
  return described(reply, row).header("content-length", row.lengthBytes).send();
}

async function getBlob({ store, blobName, request, reply }: BlobCall): Promise<unknown> {
  const row = await committedBlob(store, blobName);
  const asked = request.headers["x-ms-range"] ?? request.headers.range;
  const range = parseByteRange(typeof asked === "string" ? asked : undefined, row.lengthBytes);
  if (range === "unsatisfiable") {
    void reply.header("content-range", `bytes */${row.lengthBytes}`);
    throw new BlobError(416, "InvalidRange", "The range does not lie within the blob.");
  }
  const { startByte, endByte } = range ?? { startByte: 0, endByte: row.lengthBytes };
  if (range !== null) {
    void reply.code(206).header("content-range", `bytes ${startByte}-${endByte - 1}/${row.lengthBytes}`);
  }
  const body = Readable.from(store.read(blobName, startByte, endByte), { objectMode: false });
  return described(reply, row)
    .header("content-length", endByte - startByte)
    .send(body);
}

async function refuseDelete(): Promise<never> {
  throw new BlobError(
    403,
    "AuthorizationPermissionMismatch",
    "Evidence is not deleted with an upload address.",
  );
}

function incoming(request: FastifyRequest): IncomingBytes {
  const { headers } = request;
  if (headers["x-ms-content-crc64"] !== undefined || headers["x-ms-structured-body"] !== undefined) {
    throw new BlobError(400, "UnsupportedHeader", "CRC64 is not supported; send Content-MD5 instead.");
  }
  const lengthBytes = Number(headers["content-length"] ?? Number.NaN);
  if (!Number.isSafeInteger(lengthBytes)) {
    throw new BlobError(411, "MissingContentLengthHeader", "Content-Length is missing.");
  }
  const md5 = headers["content-md5"];
  return { body: request.raw, lengthBytes, contentMd5: typeof md5 === "string" ? md5 : null };
}

async function bodyText(bytes: IncomingBytes): Promise<string> {
  if (bytes.lengthBytes > XML_LIMIT_BYTES) {
    throw new BlobError(413, "RequestBodyTooLarge", "The block list is too long.");
  }
  const chunks: Uint8Array[] = [];
  for await (const chunk of bytes.body) chunks.push(chunk);
  return Buffer.concat(chunks).toString("utf8");
}

const METADATA_PREFIX = "x-ms-meta-";

function attributesOf(request: FastifyRequest): BlobAttributes {
  const text = (name: string): string | null => {
    const value = request.headers[name];
    return typeof value === "string" ? value : null;
  };
  const metadata = Object.entries(request.headers)
    .filter(([name, value]) => name.startsWith(METADATA_PREFIX) && typeof value === "string")
    .map(([name, value]) => [name.slice(METADATA_PREFIX.length), String(value)]);
  return {
    contentType: text("x-ms-blob-content-type") ?? "application/octet-stream",
    contentMd5: text("x-ms-blob-content-md5"),
    metadata: Object.fromEntries(metadata),
  };
}

/** If-Match and If-None-Match of a write. */
async function checkConditions(
  store: FileBlobStore,
  blobName: string,
  request: FastifyRequest,
): Promise<void> {
  const ifMatch = request.headers["if-match"];
  const ifNoneMatch = request.headers["if-none-match"];
  if (ifMatch === undefined && ifNoneMatch === undefined) return;
  const row = await store.parts.db
    .selectFrom("blob")
    .select("etag")
    .where("blobName", "=", blobName)
    .executeTakeFirst();
  if (ifNoneMatch === "*" && row !== undefined) {
    throw new BlobError(409, "BlobAlreadyExists", "The blob exists already.");
  }
  const isMet =
    row === undefined ? ifMatch === undefined : judgeConditions(request.headers, row.etag) === "go-on";
  if (!isMet) {
    throw new BlobError(412, "ConditionNotMet", "The condition of the request's headers is not met.");
  }
}

function written(reply: FastifyReply, row: BlobRow): FastifyReply {
  return reply.headers({
    etag: row.etag,
    "last-modified": new Date(row.committedUtcMs).toUTCString(),
    "x-ms-request-server-encrypted": "false",
  });
}

function described(reply: FastifyReply, row: BlobRow): FastifyReply {
  const metadata: Record<string, unknown> = JSON.parse(row.metadataJson);
  for (const [name, value] of Object.entries(metadata))
    void reply.header(METADATA_PREFIX + name, String(value));
  if (row.contentMd5 !== null && reply.statusCode !== 206) void reply.header("content-md5", row.contentMd5);
  return written(reply, row).headers({
    "content-type": row.contentType,
    "accept-ranges": "bytes",
    "x-ms-blob-type": "BlockBlob",
    "x-ms-server-encrypted": "false",
    "x-ms-creation-time": new Date(row.committedUtcMs).toUTCString(),
  });
}

function sendBlobError(error: unknown, request: FastifyRequest, reply: FastifyReply): FastifyReply {
  const known = error instanceof BlobError ? error : undefined;
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
