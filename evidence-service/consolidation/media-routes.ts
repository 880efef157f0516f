/** Bytes of evidence, decrypted on their way out: for consoles under the API, for people under /web. */
import { Readable } from "node:stream";
import { z } from "zod";
import { readVirtualFile, wholeFile } from "#media/virtual-file.ts";
import type { ByteRange } from "#runtime/http/byte-range.ts";
import { EVIDENCE_BASE } from "../api/evidence-routes.ts";
import { readEvidence } from "../api/evidence-records.ts";
import type { Action } from "../http/actions.ts";
import type { JsonApi, RouteInput } from "../http/json-api.ts";
import { ClientTurns } from "../http/client-turns.ts";
import { clientLeftSignal } from "../http/client-left.ts";
import { actorOf } from "../http/principal.ts";
import { notFound, Refusal } from "../http/refusal.ts";
import { readResource } from "../api/resource-records.ts";
import { ENCRYPTION_METADATA } from "../decryption/encryption-metadata.ts";
import { checkTenant } from "../api/token-routes.ts";
import type { ServiceContext } from "../context/service-context.ts";
import { recordAudit } from "../audit/audit-chain.ts";
import { recordDownload } from "../audit/many-downloads.ts";
import type { ConsolidatedVideo, ConsolidatedVideos } from "./consolidated-videos.ts";
import { readDecrypted, type ReadingCheck } from "../decryption/decrypted-source.ts";
import { openDecrypted } from "../decryption/open-decrypted.ts";
import { mediaSegmentFile } from "./media-segment-file.ts";
import { hlsPlaylist } from "./hls-timeline.ts";
import { sendHead } from "#runtime/http/file-answer.ts";
import { sendBytes } from "./send-bytes.ts";
import type { Asker } from "./shared-joins.ts";
import { Unreadable } from "../decryption/unreadable.ts";
import type { Viewing, Viewings } from "./viewings.ts";
import type { WatchedSpans } from "./watched-parts.ts";
import type { ResourceRow } from "../storage/metadata-rows.ts";

const evidenceParamsSchema = z.object({ tenantId: z.string().optional(), evidenceId: z.string() });
const resourceParamsSchema = evidenceParamsSchema.extend({ resourceId: z.string() });
const mediaSegmentParamsSchema = evidenceParamsSchema.extend({
  number: z.coerce.number().int().nonnegative(),
});
/** Says of a download when its bytes were checked. */
const READING_CHECK_HEADER = "x-evidence-checked";
export const WEB_EVIDENCE_BASE = "/web/api/evidence";

/** What is given out of one client's evidence at a time; each of it is decrypted as it is read. */
const downloads = new ClientTurns({
  ...{ atATime: 8, waitingMax: 0, code: "DOWNLOADS_BUSY" },
  detail: "So many downloads are under way for you already; wait until one is done.",
});
/** Short, and asked for while somebody watches: they wait for one another before one is refused. */
const pieces = new ClientTurns({
  ...{ atATime: 16, waitingMax: 128, code: "PIECES_BUSY" },
  detail: "So much of videos is asked for by you already; try again in a moment.",
});

type Input<P extends z.ZodType> = RouteInput<z.output<P>, unknown, unknown>;

/** Videos, and whose service they are of. */
export interface PlayedParts {
  readonly context: ServiceContext;
  readonly videos: ConsolidatedVideos;
}

interface MediaParts extends PlayedParts {
  readonly viewings: Viewings;
  readonly watched: Pick<WatchedSpans, "gave">;
}

interface MediaRoute<P extends z.ZodType> {
  /** Below the evidence. */
  readonly path: string;
  readonly summary: string;
  readonly params: P;
  readonly mediaType: string;
  readonly action: Action;
  readonly handle: (input: Input<P>) => Promise<void>;
}

type Add = <P extends z.ZodType>(route: MediaRoute<P>) => void;

export function registerMediaRoutes(api: JsonApi, parts: MediaParts): void {
  for (const [base, access] of [
    [EVIDENCE_BASE, "service"],
    [WEB_EVIDENCE_BASE, "user"],
  ] as const) {
    const add: Add = ({ path, ...route }) =>
      api.addBytes({ ...route, path: `${base}/:evidenceId/${path}`, access });
    addFiles(add, parts);
    addHls(add, parts);
  }
}

function addFiles(add: Add, parts: MediaParts): void {
  add({
    path: "resource/:resourceId/content",
    summary: "A file, decrypted; the consolidated one as one MP4.",
    action: "download-evidence",
    params: resourceParamsSchema,
    mediaType: "*/*",
    handle: (input) => sendContent(parts, input),
  });
  add({
    path: "resource/:resourceId/encrypted",
    summary: "A file as it is stored.",
    action: "download-evidence",
    params: resourceParamsSchema,
    mediaType: "application/octet-stream",
    handle: (input) => sendEncrypted(parts.context, input),
  });
}

function addHls(add: Add, parts: MediaParts): void {
  const { context, viewings } = parts;
  add({
    path: "hls/playlist.m3u8",
    summary: "The consolidated video as HLS.",
    action: "play-evidence",
    params: evidenceParamsSchema,
    mediaType: "application/vnd.apple.mpegurl",
    handle: async (input) => {
      const video = await videoOf(parts, input);
      if (input.request.method !== "HEAD") await viewings.begin(viewingOf(input));
      await audit(context, input, { action: "PLAYED", subject: input.params.evidenceId });
      const addresses = { init: "init.mp4", mediaSegment: (index: number) => `segment/${index}.m4s` };
      void input.reply.type("application/vnd.apple.mpegurl").send(hlsPlaylist(video.hls, addresses));
    },
  });
  add({
    path: "hls/init.mp4",
    summary: "Its initialization segment.",
    action: "play-evidence",
    params: evidenceParamsSchema,
    mediaType: "video/mp4",
    handle: async (input) => {
      const video = await videoOf(parts, input);
      await auditPiece(parts, input);
      void input.reply.type("video/mp4").header("cache-control", "private, no-store").send(video.initSegment);
    },
  });
  add({
    path: "hls/segment/:number.m4s",
    summary: "One of its media segments.",
    action: "play-evidence",
    params: mediaSegmentParamsSchema,
    mediaType: "video/iso.segment",
    handle: async (input) => sendMediaSegment(parts, input),
  });
}

async function videoOf(
  parts: PlayedParts,
  input: Input<typeof evidenceParamsSchema>,
): Promise<ConsolidatedVideo> {
  if (input.params.tenantId !== undefined) checkTenant(parts.context, input.params.tenantId);
  return videoToPlay(parts, input.params.evidenceId, askerOf(input));
}

/** Who asks, and whether it still waits. */
export function askerOf({ principal, reply }: Pick<Input<z.ZodType>, "principal" | "reply">): Asker {
  return { client: actorOf(principal), signal: clientLeftSignal(reply) };
}

/** @throws Refusal 404, 409, 429 JOINS_BUSY */
export async function videoToPlay(
  { context, videos }: PlayedParts,
  evidenceId: string,
  asker: Asker,
): Promise<ConsolidatedVideo> {
  const { evidence } = await readEvidence(context, evidenceId);
  if (evidence.LifecycleState !== "Available") {
    throw new Refusal("NOT_AVAILABLE", evidence.LifecycleDetail ?? "The evidence is not available yet.");
  }
  return readable(() => videos.get(evidenceId, asker));
}

async function readable<T>(read: () => Promise<T>): Promise<T> {
  try {
    return await read();
  } catch (error) {
    if (error instanceof Unreadable) throw new Refusal(error.code, error.message);
    throw error;
  }
}

interface GivenOut {
  readonly action: string;
  readonly subject: string;
  /** What is given out of it, which need not be what was asked for; none for the whole. */
  readonly range?: ByteRange | null;
}

async function audit(
  context: ServiceContext,
  input: Input<z.ZodType>,
  { action, subject, range = null }: GivenOut,
): Promise<void> {
  if (input.request.method === "HEAD") return; // Nothing was given out.
  const { evidenceId } = evidenceParamsSchema.parse(input.params);
  const given = range === null ? null : `bytes=${range.startByte}-${range.endByte - 1}`;
  const detail = { evidenceId, range: given };
  const entry = { atUtcMs: context.now(), actor: actorOf(input.principal), action, subject, detail };
  await (action === "PLAYED" ? recordAudit(context.db, entry) : recordDownload(context.db, entry));
}

/** A piece belongs to the viewing that is under way; the first one of another viewing is an entry. */
async function auditPiece(
  { context, viewings }: MediaParts,
  input: Input<typeof evidenceParamsSchema>,
): Promise<void> {
  if (input.request.method === "HEAD" || (await viewings.goesOn(viewingOf(input)))) return;
  await audit(context, input, { action: "PLAYED", subject: input.params.evidenceId });
}

function viewingOf({ principal, params }: Input<typeof evidenceParamsSchema>): Viewing {
  return { actor: actorOf(principal), evidenceId: params.evidenceId };
}

/** Waits for a turn of the client, which ends with the answer, whole or not. */
async function takeTurn(turns: ClientTurns, { principal, reply }: Input<z.ZodType>): Promise<void> {
  const giveBack = await turns.take(actorOf(principal), clientLeftSignal(reply));
  if (reply.raw.destroyed) giveBack();
  else reply.raw.once("close", giveBack);
}

async function beginDownload(
  context: ServiceContext,
  input: Input<z.ZodType>,
  given: GivenOut,
): Promise<void> {
  await takeTurn(downloads, input);
  await audit(context, input, given);
}

async function resourceOf(
  context: ServiceContext,
  input: Input<typeof resourceParamsSchema>,
): Promise<ResourceRow> {
  const { tenantId, ...named } = input.params;
  if (tenantId !== undefined) checkTenant(context, tenantId);
  const row = await readResource(context, named);
  if (row.state !== "Created") return row;
  throw new Refusal("RESOURCE_NOT_COMPLETED", "The file has not been uploaded completely.");
}

async function sendContent(parts: PlayedParts, input: Input<typeof resourceParamsSchema>): Promise<void> {
  const { context } = parts;
  const row = await resourceOf(context, input);
  if (row.state === "Derived") return sendConsolidated(parts, input, row);
  const source = await readable(() => openDecrypted(context, row.resourceId, row.lengthBytes));
  void input.reply.header(READING_CHECK_HEADER, source.check);
  return sendBytes(input, {
    lengthBytes: source.lengthBytes,
    etag: `"${row.resourceId}-plain"`,
    mimeType: row.mimeType,
    fileName: row.name,
    read: (startByte, endByte) => context.senders.inSteps(readDecrypted(source, startByte, endByte)),
    onGiven: (range) =>
      beginDownload(context, input, { action: "DOWNLOADED", subject: row.resourceId, range }),
  });
}

async function sendConsolidated(
  parts: PlayedParts,
  input: Input<typeof resourceParamsSchema>,
  row: ResourceRow,
): Promise<void> {
  const { context, videos } = parts;
  const video = await videoOf(parts, input);
  const { evidence } = await readEvidence(context, row.evidenceId);
  void input.reply.header(READING_CHECK_HEADER, video.check);
  return sendBytes(input, {
    lengthBytes: video.file.lengthBytes,
    etag: video.etag,
    mimeType: row.mimeType,
    fileName: `${evidence.Name}.mp4`,
    read: (start, end) =>
      context.senders.inSteps(
        readVirtualFile(
          video.file,
          { start, end },
          { openSource: (source) => videos.openSource(video, source) },
        ),
      ),
    onGiven: (range) =>
      beginDownload(context, input, { action: "DOWNLOADED", subject: row.resourceId, range }),
  });
}

async function sendEncrypted(
  context: ServiceContext,
  input: Input<typeof resourceParamsSchema>,
): Promise<void> {
  const row = await resourceOf(context, input);
  if (row.lengthBytes === null) throw notFound("stored file");
  const properties = await context.blobs.properties(row.resourceId);
  // As Azure Blob Storage names it: with it, and the private key, anyone can decrypt (docs/guides/decrypt.md).
  void input.reply.header(
    `x-ms-meta-${ENCRYPTION_METADATA}`,
    properties?.metadata[ENCRYPTION_METADATA] ?? "",
  );
  void input.reply.header(READING_CHECK_HEADER, "at-completion" satisfies ReadingCheck);
  return sendBytes(input, {
    lengthBytes: row.lengthBytes,
    etag: `"${row.resourceId}-stored"`,
    mimeType: "application/octet-stream",
    fileName: `${row.name}.encrypted`,
    read: (startByte, endByte) =>
      context.senders.inSteps(context.blobs.read(row.resourceId, startByte, endByte)),
    onGiven: (range) =>
      beginDownload(context, input, { action: "DOWNLOADED_ENCRYPTED", subject: row.resourceId, range }),
  });
}

async function sendMediaSegment(
  parts: MediaParts,
  input: Input<typeof mediaSegmentParamsSchema>,
): Promise<void> {
  const { context, videos } = parts;
  const video = await context.senders.giveWay(() => videoOf(parts, input));
  const mediaSegment = video.hls.mediaSegments[input.params.number];
  if (mediaSegment === undefined) throw notFound("media segment");
  const file = mediaSegmentFile(video, mediaSegment, input.params.number + 1);
  const described = input.reply
    .type("video/iso.segment")
    .headers({ "content-length": file.lengthBytes, "cache-control": "private, no-store" });
  // Nothing is decrypted for an answer without a body.
  if (input.request.method === "HEAD") return void sendHead(described);
  await takeTurn(pieces, input);
  await auditPiece(parts, input);
  const { mediaStartS: startS, durationS } = mediaSegment;
  parts.watched.gave(viewingOf(input), { startS, endS: startS + durationS });
  const openSource = (source: number) => videos.openSource(video, source);
  const bytes = readVirtualFile(file, wholeFile(file), { openSource });
  void described.send(Readable.from(context.senders.inSteps(bytes), { objectMode: false }));
}
