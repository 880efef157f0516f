import { isMimeType } from "#shared/clearance-api/sent-values.ts";
import { fileNameOf } from "#shared/domain/names.ts";
import { Readable } from "node:stream";
import type { FastifyReply, FastifyRequest } from "fastify";
import { applicableRange, judgeConditions } from "#shared/http/conditions.ts";
import { Refusal } from "../http/refusal.ts";
import { type ByteRange, parseByteRange } from "../http/byte-range.ts";

export interface SentFile {
  readonly lengthBytes: number;
  /** Strong, quotes included. */
  readonly etag: string;
  readonly mimeType: string;
  /** As people named it; made safe here. */
  readonly fileName: string;
  readonly read: (startByte: number, endByte: number) => AsyncIterable<Buffer>;
  /**
   * Called before the first byte of it is given out, and not where none is: HEAD, 304, 412, 416.
   * @param range what is given out; null for the whole, whatever was asked for
   */
  readonly onGiven: (range: ByteRange | null) => Promise<void>;
}

/** Answers a file or a range of it (RFC 9110, 13 and 14): ETag, exact length, a download's name. */
export async function sendBytes(
  { request, reply }: { request: FastifyRequest; reply: FastifyReply },
  file: SentFile,
): Promise<void> {
  void reply.headers({
    etag: file.etag,
    "accept-ranges": "bytes",
    "cache-control": "private, no-store",
    "content-disposition": contentDisposition(file.fileName),
  });
  const condition = judgeConditions(request.headers, file.etag);
  if (condition === "unchanged") {
    void reply.code(304).send();
    return;
  }
  if (condition === "failed")
    throw new Refusal("FILE_DIFFERS", "The file is not the one that the tag is of; download it anew.");
  // A range is asked for with GET alone (RFC 9110, 14.2).
  const asked = request.method === "HEAD" ? undefined : applicableRange(request.headers, file.etag);
  const range = parseByteRange(asked, file.lengthBytes);
  if (range === "unsatisfiable") {
    void reply.code(416).header("content-range", `bytes */${file.lengthBytes}`).send();
    return;
  }
  const { startByte, endByte } = range ?? { startByte: 0, endByte: file.lengthBytes };
  if (range !== null) {
    void reply.code(206).header("content-range", `bytes ${startByte}-${endByte - 1}/${file.lengthBytes}`);
  }
  // Of a row of before bounds were checked.
  const mimeType = isMimeType(file.mimeType) ? file.mimeType : "application/octet-stream";
  void reply.type(mimeType).header("content-length", endByte - startByte);
  if (request.method === "HEAD") return sendHead(reply);
  await file.onGiven(range);
  void reply.send(Readable.from(file.read(startByte, endByte), { objectMode: false }));
}

/** Answers HEAD with the length that was set: Fastify takes an answer of nothing for one of no bytes, a stream for any. */
export function sendHead(reply: FastifyReply): void {
  void reply.send(Readable.from([]));
}

/** A name that every file system takes, and the exact one for browsers that read RFC 5987. */
export function contentDisposition(fileName: string): string {
  const dot = fileName.lastIndexOf(".");
  const [stem, extension] = dot > 0 ? [fileName.slice(0, dot), fileName.slice(dot)] : [fileName, ""];
  const ending = /^\.[\p{L}\p{N}]{1,16}$/u.test(extension) ? extension : "";
  const name = `${fileNameOf(ending === "" ? fileName : stem, "evidence")}${ending}`;
  const ascii = name.replaceAll(/[^\x20-\x7e]/g, "_");
  const encoded = encodeURIComponent(name).replaceAll(
    /['()*]/g,
    (c) => `%${c.charCodeAt(0).toString(16).toUpperCase()}`,
  );
  return `attachment; filename="${ascii}"; filename*=UTF-8''${encoded}`;
}
