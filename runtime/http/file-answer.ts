/** How a request for the bytes of a file is answered (RFC 9110, 13 and 14). */
import { Readable } from "node:stream";
import type { FastifyReply, FastifyRequest } from "fastify";
import { type ByteRange, parseByteRange } from "./byte-range.ts";
import { applicableRange, type ConditionalHeaders, judgeConditions } from "./conditions.ts";

export interface FileFacts {
  /** Strong, quotes included. */
  readonly etag: string;
  readonly lengthBytes: number;
}

/** `unchanged`: 304. `differs`: 412. */
export type FileAnswer = { readonly kind: "unchanged" } | { readonly kind: "differs" } | RangeAnswer;

export type RangeAnswer =
  /** 416 */
  | { readonly kind: "unsatisfiable"; readonly headers: Readonly<Record<"content-range", string>> }
  | BytesAnswer;

export interface BytesAnswer {
  readonly kind: "bytes";
  readonly status: 200 | 206;
  readonly bytes: ByteRange;
  /** What was asked for; null where the whole is given, whatever was asked for. */
  readonly range: ByteRange | null;
  readonly headers: Readonly<Record<string, string | number>>;
}

/** By the conditions first, then by the range. */
export function judgeFileRequest(
  { method, headers }: Pick<FastifyRequest, "method" | "headers">,
  file: FileFacts,
): FileAnswer {
  const condition = judgeConditions(headers, file.etag);
  if (condition === "unchanged") return { kind: "unchanged" };
  if (condition === "failed") return { kind: "differs" };
  // A range is asked for with GET alone (14.2).
  return judgeRange(method === "HEAD" ? {} : headers, file);
}

/** By the range alone, for whoever has conditions of its own. */
export function judgeRange(headers: ConditionalHeaders, { etag, lengthBytes }: FileFacts): RangeAnswer {
  const range = parseByteRange(applicableRange(headers, etag), lengthBytes);
  if (range === "unsatisfiable")
    return { kind: "unsatisfiable", headers: { "content-range": `bytes */${lengthBytes}` } };
  const bytes = range ?? { startByte: 0, endByte: lengthBytes };
  const length = { "content-length": bytes.endByte - bytes.startByte };
  if (range === null) return { kind: "bytes", status: 200, bytes, range, headers: length };
  const place = `bytes ${bytes.startByte}-${bytes.endByte - 1}/${lengthBytes}`;
  return { kind: "bytes", status: 206, bytes, range, headers: { ...length, "content-range": place } };
}

/** Answers HEAD with the length that was set: Fastify takes an answer of nothing for one of no bytes, a stream for any. */
export function sendHead(reply: FastifyReply): FastifyReply {
  return reply.send(Readable.from([]));
}
