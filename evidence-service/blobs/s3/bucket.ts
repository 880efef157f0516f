import { Readable } from "node:stream";
import {
  AbortMultipartUploadCommand,
  CompleteMultipartUploadCommand,
  CreateMultipartUploadCommand,
  DeleteObjectsCommand,
  GetObjectCommand,
  HeadBucketCommand,
  HeadObjectCommand,
  ListMultipartUploadsCommand,
  ListObjectsV2Command,
  ListObjectVersionsCommand,
  PutObjectCommand,
  PutObjectRetentionCommand,
  S3Client,
  UploadPartCommand,
} from "@aws-sdk/client-s3";
import { formatUtc } from "#shared/words/instants.ts";
import { BlobDamaged, BlobLocked, BlobsUnreachable, READ_CHUNK_BYTES } from "../../storage/blob-store.ts";
import { unlessRefused, unreachableOr } from "./s3-failures.ts";
import type { S3Settings } from "./s3-settings.ts";

/** Few and quick: whoever asked the service tries again by itself. */
const ATTEMPTS = 3;
const CONNECT_WITHIN_MS = 5_000;
const SILENT_MOST_MS = 30_000;
const SOCKETS = 256;

/** One of the parts that an object is put together from. */
export interface UploadedPart {
  readonly partNumber: number;
  readonly etag: string;
}

export interface BegunUpload {
  readonly key: string;
  readonly uploadId: string;
}

interface StoredVersion {
  readonly Key: string;
  readonly VersionId?: string;
}

/** Bytes that are sent on as they come. */
export interface SentBytes {
  readonly body: AsyncIterable<Buffer>;
  readonly lengthBytes: number;
}

export type LockMode = "GOVERNANCE" | "COMPLIANCE";

/** @param maxAttempts of each call whose body can be sent again */
export function s3Client(
  { endpoint, region, accessKeyId, secretAccessKey, pathStyle }: S3Settings,
  maxAttempts = ATTEMPTS,
): S3Client {
  const agent = { maxSockets: SOCKETS };
  const silent = { trace() {}, debug() {}, info() {}, warn() {}, error() {} };
  return new S3Client({
    ...(endpoint === undefined ? {} : { endpoint }),
    region,
    forcePathStyle: pathStyle,
    credentials: { accessKeyId, secretAccessKey },
    maxAttempts,
    // Bodies are streams: the checks of the client take them through streams of its own, whose failures nobody hears.
    requestChecksumCalculation: "WHEN_REQUIRED",
    // What it would say of bodies that it cannot send twice is said by whoever asked.
    logger: silent,
    requestHandler: {
      connectionTimeout: CONNECT_WITHIN_MS,
      socketTimeout: SILENT_MOST_MS,
      httpAgent: agent,
      httpsAgent: agent,
    },
  });
}

/** One bucket, as far as blobs need it. What it does not answer throws BlobsUnreachable. */
export class Bucket {
  readonly #client: S3Client;
  readonly #bucket: string;
  /** Whether deleting leaves older versions, which have to be deleted by name. */
  readonly #hasVersions: boolean;

  constructor(client: S3Client, bucket: string, hasVersions: boolean) {
    this.#client = client;
    this.#bucket = bucket;
    this.#hasVersions = hasVersions;
  }

  close(): void {
    this.#client.destroy();
  }

  /** A new object; nothing is ever replaced. */
  async put(key: string, bytes: SentBytes): Promise<void> {
    await sending(bytes, (Body, abortSignal) => {
      const asked = { ...this.#at(key), Body, ContentLength: bytes.lengthBytes, IfNoneMatch: "*" };
      return this.#client.send(new PutObjectCommand(asked), { abortSignal });
    });
  }

  async begin(key: string): Promise<BegunUpload> {
    const { UploadId: uploadId } = await answered(
      this.#client.send(new CreateMultipartUploadCommand(this.#at(key))),
    );
    if (uploadId === undefined) throw new BlobsUnreachable("The bucket gives an upload no name.");
    return { key, uploadId };
  }

  /** @returns the part's ETag, by which it is named when the object is put together */
  async putPart(upload: BegunUpload, partNumber: number, bytes: SentBytes): Promise<string> {
    const { ETag: etag } = await sending(bytes, (Body, abortSignal) => {
      const part = { PartNumber: partNumber, Body, ContentLength: bytes.lengthBytes };
      return this.#client.send(new UploadPartCommand({ ...this.#of(upload), ...part }), { abortSignal });
    });
    if (etag === undefined) throw new BlobsUnreachable("The bucket gives a part no ETag.");
    return etag;
  }

  /**
   * Puts an object together. Whoever asks twice finds it done.
   * @param lengthBytes of all parts
   * @returns whether the object is there; false where the parts are gone
   */
  async complete(upload: BegunUpload, parts: readonly UploadedPart[], lengthBytes: number): Promise<boolean> {
    const Parts = parts.map(({ partNumber, etag }) => ({ PartNumber: partNumber, ETag: etag }));
    const asked = { ...this.#of(upload), MultipartUpload: { Parts }, IfNoneMatch: "*" };
    const answer = this.#client.send(new CompleteMultipartUploadCommand(asked));
    const done = await unlessRefused(answer, "NoSuchUpload", "PreconditionFailed", "InvalidPart");
    return done !== null || (await this.lengthOf(upload.key)) === lengthBytes;
  }

  async abort(upload: BegunUpload): Promise<void> {
    await unlessRefused(this.#client.send(new AbortMultipartUploadCommand(this.#of(upload))), "NoSuchUpload");
  }

  /** null where there is no such object. */
  async lengthOf(key: string): Promise<number | null> {
    const call = this.#client.send(new HeadObjectCommand(this.#at(key)));
    const found = await unlessRefused(call, "NotFound", "NoSuchKey");
    if (found === null) await this.insistOnAnswer();
    return found?.ContentLength ?? null;
  }

  /** HEAD answers with no more than 404, whether the object is missing or the whole bucket. @throws BlobsUnreachable */
  async insistOnAnswer(abortSignal?: AbortSignal): Promise<void> {
    const command = new HeadBucketCommand({ Bucket: this.#bucket });
    const call = this.#client.send(command, abortSignal === undefined ? {} : { abortSignal });
    if ((await unlessRefused(call, "NotFound", "NoSuchBucket")) !== null) return;
    throw new BlobsUnreachable("The bucket of the stored files is not there.");
  }

  /**
   * One request for bytes [from, to) of an object.
   * @throws BlobDamaged where they are not there
   */
  async *get(key: string, from: number, to: number): AsyncIterable<Buffer> {
    const stopped = new AbortController();
    try {
      const asked = { ...this.#at(key), Range: `bytes=${from}-${to - 1}` };
      const call = this.#client.send(new GetObjectCommand(asked), { abortSignal: stopped.signal });
      const answer = await unlessRefused(call, "NoSuchKey", "InvalidRange");
      const body = answer?.Body;
      if (!(body instanceof Readable) || answer?.ContentLength !== to - from) {
        throw new BlobDamaged(`The object ${key} has no bytes ${from} to ${to}.`);
      }
      // What becomes of a body that is not read any more is nobody's trouble.
      body.on("error", () => undefined);
      yield* bytesOf(body);
    } finally {
      // A reader that stops early must not leave the rest of an hour on its way.
      stopped.abort();
    }
  }

  async lock(key: string, mode: LockMode, untilUtcMs: number): Promise<void> {
    const Retention = { Mode: mode, RetainUntilDate: new Date(untilUtcMs) };
    await answered(this.#client.send(new PutObjectRetentionCommand({ ...this.#at(key), Retention })));
  }

  /** Takes objects away for good, with every version of them. @throws BlobLocked */
  async remove(keys: readonly string[]): Promise<void> {
    const found: StoredVersion[] = [];
    for (const Key of keys) {
      if (!this.#hasVersions) found.push({ Key });
      else for await (const version of this.#versions(Key)) if (version.Key === Key) found.push(version);
    }
    await this.#delete(found);
  }

  /** Takes away all objects whose key begins so, but those to be kept. @throws BlobLocked */
  async removeUnder(prefix: string, kept: ReadonlySet<string> = new Set()): Promise<void> {
    const found: StoredVersion[] = [];
    const all = this.#hasVersions ? this.#versions(prefix) : this.#objects(prefix);
    for await (const one of all) if (!kept.has(one.Key)) found.push(one);
    await this.#delete(found);
  }

  /** Uploads that were begun and neither completed nor aborted, of keys that begin so. */
  async *uploads(prefix: string): AsyncIterable<BegunUpload & { readonly begunUtcMs: number }> {
    let after: { KeyMarker?: string; UploadIdMarker?: string } | null = {};
    while (after !== null) {
      const asked: ListMultipartUploadsCommand = new ListMultipartUploadsCommand({
        ...{ Bucket: this.#bucket, Prefix: prefix },
        ...after,
      });
      const page = await answered(this.#client.send(asked));
      for (const { Key, UploadId, Initiated } of page.Uploads ?? []) {
        if (Key === undefined || UploadId === undefined) continue;
        yield { key: Key, uploadId: UploadId, begunUtcMs: Initiated?.getTime() ?? 0 };
      }
      after = page.IsTruncated === true ? markersOf(page.NextKeyMarker, page.NextUploadIdMarker) : null;
    }
  }

  /** Keys of all objects that are there. */
  async *keys(): AsyncIterable<string> {
    for await (const { Key } of this.#objects("")) yield Key;
  }

  /** All objects that are there, those of a blob after each other, and when each was begun or written. */
  async *objects(): AsyncIterable<{ readonly key: string; readonly writtenUtcMs: number }> {
    for await (const { Key, writtenUtcMs } of this.#objects("")) yield { key: Key, writtenUtcMs };
  }

  async *#objects(prefix: string): AsyncIterable<StoredVersion & { readonly writtenUtcMs: number }> {
    let token: string | undefined;
    do {
      const asked: ListObjectsV2Command = new ListObjectsV2Command({
        ...{ Bucket: this.#bucket, Prefix: prefix },
        ...(token === undefined ? {} : { ContinuationToken: token }),
      });
      const page = await answered(this.#client.send(asked));
      for (const { Key, LastModified } of page.Contents ?? []) {
        // Of which nobody knows when, it is now.
        if (Key !== undefined) yield { Key, writtenUtcMs: LastModified?.getTime() ?? Infinity };
      }
      token = page.NextContinuationToken;
    } while (token !== undefined);
  }

  async *#versions(prefix: string): AsyncIterable<StoredVersion> {
    let after: { KeyMarker?: string; VersionIdMarker?: string } | null = {};
    while (after !== null) {
      const asked: ListObjectVersionsCommand = new ListObjectVersionsCommand({
        ...{ Bucket: this.#bucket, Prefix: prefix },
        ...after,
      });
      const page = await answered(this.#client.send(asked));
      for (const { Key, VersionId } of [...(page.Versions ?? []), ...(page.DeleteMarkers ?? [])]) {
        if (Key !== undefined && VersionId !== undefined) yield { Key, VersionId };
      }
      const { NextKeyMarker, NextVersionIdMarker } = page;
      const next = {
        ...(NextKeyMarker === undefined ? {} : { KeyMarker: NextKeyMarker }),
        ...(NextVersionIdMarker === undefined ? {} : { VersionIdMarker: NextVersionIdMarker }),
      };
      after = page.IsTruncated === true ? next : null;
    }
  }

  async #delete(found: readonly StoredVersion[]): Promise<void> {
    for (let at = 0; at < found.length; at += DELETED_AT_A_TIME) {
      const Objects = found.slice(at, at + DELETED_AT_A_TIME);
      const asked = { Bucket: this.#bucket, Delete: { Objects: [...Objects], Quiet: true } };
      const { Errors: errors = [] } = await answered(this.#client.send(new DeleteObjectsCommand(asked)));
      const refused = errors.find(({ Code }) => Code !== "NoSuchKey" && Code !== "NoSuchVersion");
      if (refused?.Key !== undefined) throw await this.#whyKept(refused.Key, refused.VersionId, refused.Code);
    }
  }

  async #whyKept(key: string, version: string | undefined, code = ""): Promise<Error> {
    const asked = { ...this.#at(key), ...(version === undefined ? {} : { VersionId: version }) };
    const found = await unlessRefused(this.#client.send(new HeadObjectCommand(asked)), "NotFound");
    const until = found?.ObjectLockRetainUntilDate;
    if (until !== undefined && found?.ObjectLockMode !== undefined) {
      return new BlobLocked(`The object ${key} is locked until ${formatUtc(until.getTime())}.`);
    }
    if (found?.ObjectLockLegalHoldStatus === "ON") {
      return new BlobLocked(`The object ${key} is under a legal hold.`);
    }
    return new BlobsUnreachable(`The bucket deletes nothing (${code}).`);
  }

  #at(key: string) {
    return { Bucket: this.#bucket, Key: key };
  }

  #of({ key, uploadId }: BegunUpload) {
    return { ...this.#at(key), UploadId: uploadId };
  }
}

/** Amazon's limit of one request. */
const DELETED_AT_A_TIME = 1_000;

function markersOf(key: string | undefined, uploadId: string | undefined) {
  return {
    ...(key === undefined ? {} : { KeyMarker: key }),
    ...(uploadId === undefined ? {} : { UploadIdMarker: uploadId }),
  };
}

async function answered<T>(call: Promise<T>): Promise<T> {
  return call.catch(async (error: unknown) => {
    throw await unreachableOr(error);
  });
}

/** Sends a body on. What it throws itself is what is thrown, and not what became of the request. */
async function sending<T>(
  { body, lengthBytes }: SentBytes,
  send: (body: Readable, signal: AbortSignal) => Promise<T>,
): Promise<T> {
  const stopped = new AbortController();
  const failed: unknown[] = [];
  const highWaterMark = Math.min(lengthBytes, READ_CHUNK_BYTES);
  const readable = Readable.from(body, { objectMode: false, highWaterMark });
  readable.on("error", (error) => {
    failed.push(error);
    stopped.abort();
  });
  try {
    return await send(readable, stopped.signal);
  } catch (error) {
    if (failed.length > 0) throw failed[0];
    throw await unreachableOr(error);
  } finally {
    readable.destroy();
  }
}

async function* bytesOf(body: Readable): AsyncIterable<Buffer> {
  try {
    for await (const chunk of body) yield chunk;
  } catch (error) {
    throw await unreachableOr(error);
  }
}
