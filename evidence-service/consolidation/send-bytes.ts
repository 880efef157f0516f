import { isMimeType } from "#shared/clearance-api/sent-values.ts";
import { fileNameOf } from "#shared/domain/names.ts";
import { Readable } from "node:stream";
import type { FastifyReply, FastifyRequest } from "fastify";
import type { ByteRange } from "#runtime/http/byte-range.ts";
import { type BytesAnswer, type FileFacts, judgeFileRequest, sendHead } from "#runtime/http/file-answer.ts";
import { Refusal } from "../http/refusal.ts";

export interface SentFile extends FileFacts {
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
  const answer = judgeFileRequest(request, file);
  switch (answer.kind) {
    case "unchanged":
      return void reply.code(304).send();
    case "differs":
      throw new Refusal("FILE_DIFFERS", "The file is not the one that the tag is of; download it anew.");
    case "unsatisfiable":
      return void reply.code(416).headers(answer.headers).send();
    case "bytes":
      return sendAnswer({ request, reply }, file, answer);
  }
}

async function sendAnswer(
  { request, reply }: { request: FastifyRequest; reply: FastifyReply },
  file: SentFile,
  { status, headers, bytes, range }: BytesAnswer,
): Promise<void> {
  // Of a row from before bounds were checked.
  const mimeType = isMimeType(file.mimeType) ? file.mimeType : "application/octet-stream";
  void reply.code(status).type(mimeType).headers(headers);
  if (request.method === "HEAD") return void sendHead(reply);
  await file.onGiven(range);
  void reply.send(Readable.from(file.read(bytes.startByte, bytes.endByte), { objectMode: false }));
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
