/** Bytes of evidence, decrypted on their way out: for consoles under the API, for people under /web. */
import { Readable } from "node:stream";
import { z } from "zod";
import { readVirtualFile } from "#media/virtual-file.ts";
import { EVIDENCE_BASE } from "../api/evidence-routes.ts";
import { readEvidence } from "../api/evidence-records.ts";
import type { JsonApi, RouteInput } from "../api/json-api.ts";
import { actorOf } from "../api/principal.ts";
import { notFound, Refusal } from "../api/refusal.ts";
import { ENCRYPTION_METADATA, readResource, type ResourceRow } from "../api/resource-records.ts";
import { checkTenant } from "../api/token-routes.ts";
import type { ServiceContext } from "../service-context.ts";
import { recordAudit } from "../audit/audit-chain.ts";
import type { ConsolidatedVideo, ConsolidatedVideos } from "./consolidated-videos.ts";
import { openDecrypted, readDecrypted } from "./decrypted-source.ts";
import { hlsSegmentFile } from "./hls-segment.ts";
import { hlsPlaylist } from "./hls-timeline.ts";
import { sendBytes } from "./send-bytes.ts";
import { Unreadable } from "./unreadable.ts";

const ofEvidence = z.object({ tenantId: z.string().optional(), evidenceId: z.string() });
const ofResource = ofEvidence.extend({ resourceId: z.string() });
const ofSegment = ofEvidence.extend({ number: z.coerce.number().int().nonnegative() });
export const WEB_EVIDENCE_BASE = "/web/api/evidence";

type Input<P extends z.ZodType> = RouteInput<z.output<P>, unknown, unknown>;

export function registerMediaRoutes(api: JsonApi, context: ServiceContext, videos: ConsolidatedVideos): void {
  for (const [base, access] of [
    [EVIDENCE_BASE, "service"],
    [WEB_EVIDENCE_BASE, "user"],
  ] as const) {
    const add = <P extends z.ZodType>(
      path: string,
      summary: string,
      params: P,
      handle: (input: Input<P>) => Promise<unknown>,
    ): void =>
      api.addBytes({
        path: `${base}/:evidenceId/${path}`,
        summary,
        access,
        right: "play-evidence",
        params,
        handle,
      });
    add(
      "resource/:resourceId/content",
      "A file, decrypted; the consolidated one as one MP4.",
      ofResource,
      (input) => sendContent(context, videos, input),
    );
    add("resource/:resourceId/encrypted", "A file as it is stored.", ofResource, (input) =>
      sendEncrypted(context, input),
    );
    add("hls/playlist.m3u8", "The consolidated video as HLS.", ofEvidence, async (input) => {
      const video = await videoOf(context, videos, input);
      await audit(context, input, "PLAYED", input.params.evidenceId);
      const addresses = { init: "init.mp4", segment: (index: number) => `segment/${index}.m4s` };
      return input.reply
        .type("application/vnd.apple.mpegurl")
        .send(hlsPlaylist(video.hls.segments, addresses));
    });
    add("hls/init.mp4", "Its initialization segment.", ofEvidence, async (input) => {
      const video = await videoOf(context, videos, input);
      return input.reply
        .type("video/mp4")
        .header("cache-control", "private, no-store")
        .send(video.initSegment);
    });
    add("hls/segment/:number.m4s", "One of its media segments.", ofSegment, async (input) =>
      sendHlsSegment(videos, await videoOf(context, videos, input), input),
    );
  }
}

async function videoOf(
  context: ServiceContext,
  videos: ConsolidatedVideos,
  input: Input<typeof ofEvidence>,
): Promise<ConsolidatedVideo> {
  if (input.params.tenantId !== undefined) checkTenant(context, input.params.tenantId);
  const { evidence } = await readEvidence(context, input.params.evidenceId);
  if (evidence.LifecycleState !== "Available") {
    throw new Refusal(409, "NOT_AVAILABLE", evidence.LifecycleDetail ?? "The evidence is not available yet.");
  }
  return readable(() => videos.get(input.params.evidenceId));
}

async function readable<T>(read: () => Promise<T>): Promise<T> {
  try {
    return await read();
  } catch (error) {
    if (error instanceof Unreadable) throw new Refusal(409, error.code, error.message);
    throw error;
  }
}

async function audit(
  context: ServiceContext,
  input: Input<z.ZodType>,
  action: string,
  subject: string,
): Promise<void> {
  const range = input.request.headers.range;
  const detail = { range: range ?? null };
  await recordAudit(context.db, {
    atUtcMs: context.now(),
    actor: actorOf(input.principal),
    action,
    subject,
    detail,
  });
}

async function resourceOf(context: ServiceContext, input: Input<typeof ofResource>): Promise<ResourceRow> {
  const { tenantId, evidenceId, resourceId } = input.params;
  if (tenantId !== undefined) checkTenant(context, tenantId);
  const row = await readResource(context, evidenceId, resourceId);
  if (row.state !== "Created") return row;
  throw new Refusal(409, "RESOURCE_NOT_COMPLETED", "The file has not been uploaded completely.");
}

async function sendContent(
  context: ServiceContext,
  videos: ConsolidatedVideos,
  input: Input<typeof ofResource>,
): Promise<unknown> {
  const row = await resourceOf(context, input);
  if (row.state === "Derived") return sendConsolidated(context, videos, input, row);
  const source = await readable(() => openDecrypted(context, row.resourceId));
  await audit(context, input, "DOWNLOADED", row.resourceId);
  return sendBytes(input, {
    lengthBytes: source.lengthBytes,
    etag: `"${row.resourceId}-plain"`,
    mimeType: row.mimeType,
    fileName: row.name,
    read: (startByte, endByte) => readDecrypted(source, startByte, endByte),
  });
}

async function sendConsolidated(
  context: ServiceContext,
  videos: ConsolidatedVideos,
  input: Input<typeof ofResource>,
  row: ResourceRow,
): Promise<unknown> {
  const video = await videoOf(context, videos, input);
  const { evidence } = await readEvidence(context, row.evidenceId);
  await audit(context, input, "DOWNLOADED", row.resourceId);
  return sendBytes(input, {
    lengthBytes: video.file.lengthBytes,
    etag: video.etag,
    mimeType: row.mimeType,
    fileName: `${evidence.Name}.mp4`,
    read: (startByte, endByte) =>
      readVirtualFile(video.file, startByte, endByte, (source) => videos.openSource(video, source)),
  });
}

async function sendEncrypted(context: ServiceContext, input: Input<typeof ofResource>): Promise<unknown> {
  const row = await resourceOf(context, input);
  if (row.lengthBytes === null) throw notFound("stored file");
  await audit(context, input, "DOWNLOADED_ENCRYPTED", row.resourceId);
  const properties = await context.blobs.properties(row.resourceId);
  // As Azure Blob Storage names it: with it, and the private key, anyone can decrypt (docs/guides/decrypt.md).
  void input.reply.header(
    `x-ms-meta-${ENCRYPTION_METADATA}`,
    properties?.metadata[ENCRYPTION_METADATA] ?? "",
  );
  return sendBytes(input, {
    lengthBytes: row.lengthBytes,
    etag: `"${row.resourceId}-stored"`,
    mimeType: "application/octet-stream",
    fileName: `${row.name}.encrypted`,
    read: (startByte, endByte) => context.blobs.read(row.resourceId, startByte, endByte),
  });
}

async function sendHlsSegment(
  videos: ConsolidatedVideos,
  video: ConsolidatedVideo,
  input: Input<typeof ofSegment>,
): Promise<unknown> {
  const segment = video.hls.segments[input.params.number];
  if (segment === undefined) throw notFound("media segment");
  const file = hlsSegmentFile(video, segment, input.params.number + 1);
  const bytes = readVirtualFile(file, 0, file.lengthBytes, (source) => videos.openSource(video, source));
  return input.reply
    .type("video/iso.segment")
    .headers({ "content-length": file.lengthBytes, "cache-control": "private, no-store" })
    .send(Readable.from(bytes, { objectMode: false }));
}
