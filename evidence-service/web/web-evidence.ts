import { visibleName } from "#shared/domain/names.ts";
import type { WebEvidence, WebEvidenceAnswer, WebResource } from "#shared/web-api/web-api.ts";
import type { NamedEvidence } from "../api/evidence-records.ts";
import { resourcesOf } from "../api/resource-records.ts";
import type { ConsolidatedVideos } from "../consolidation/consolidated-videos.ts";
import { isLeftOut } from "../consolidation/damaged-segment.ts";
import { type PlayedParts, WEB_EVIDENCE_BASE } from "../consolidation/media-routes.ts";
import type { Asker } from "../consolidation/shared-joins.ts";
import { Unreadable } from "../decryption/unreadable.ts";
import { latestVerification } from "../verification/verification-records.ts";
import type { ServiceContext } from "../context/service-context.ts";
import { isoInstant } from "../storage/iso-instant.ts";
import type { ResourceRow } from "../storage/metadata-rows.ts";

const STATES = {
  Receiving: "receiving",
  Processing: "processing",
  Available: "available",
  Failed: "failed",
  Deleted: "deleted",
} as const;
const RESOURCE_STATES = { Created: "created", UserCompleted: "completed", Derived: "derived" } as const;

export function toWebEvidence({ evidence, caseName, verificationOutcome }: NamedEvidence): WebEvidence {
  const { ExternalId: externalId, Manufacturer: manufacturer, Model: model } = evidence.Device;
  return {
    evidenceId: evidence.EvidenceId,
    name: evidence.Name,
    description: evidence.Description,
    startUtc: evidence.StartTimeUtc,
    endUtc: evidence.EndTimeUtc,
    caseId: evidence.CaseId,
    caseName,
    camera: { externalId, manufacturer, model },
    createdBy: evidence.CreatedBy,
    createdOnBehalfOf: evidence.CreatedOnBehalfOf,
    createdUtc: evidence.CreatedTimeUtc,
    state: STATES[evidence.LifecycleState],
    stateDetail: evidence.LifecycleDetail,
    verificationOutcome,
  };
}

async function toWebResource(context: ServiceContext, row: ResourceRow): Promise<WebResource> {
  const path = `${WEB_EVIDENCE_BASE}/${row.evidenceId}/resource/${row.resourceId}`;
  const { checksumAlgorithm: algorithm, checksumHex: hex } = row;
  const receivedBytes =
    row.state === "Created" ? await context.blobs.receivedBytes(row.resourceId) : row.lengthBytes;
  return {
    resourceId: row.resourceId,
    name: visibleName(row.name),
    mimeType: row.mimeType,
    startUtc: isoInstant(row.startUtcMs),
    endUtc: isoInstant(row.endUtcMs),
    state: RESOURCE_STATES[row.state],
    lengthBytes: row.lengthBytes,
    receivedBytes: receivedBytes ?? 0,
    checksum: algorithm === null || hex === null ? null : { algorithm, hex },
    parentResourceId: row.parentResourceId,
    readingCheck: readingCheckOf(row),
    contentPath: row.state === "Created" ? null : `${path}/content`,
    encryptedPath: row.state === "UserCompleted" ? `${path}/encrypted` : null,
  };
}

function readingCheckOf({ encryptionProtocol }: ResourceRow): WebResource["readingCheck"] {
  if (encryptionProtocol === null) return null;
  return encryptionProtocol === "2.0" ? "each-region" : "at-completion";
}

export async function webEvidenceAnswer(
  { context, videos }: PlayedParts,
  found: NamedEvidence,
  asker: Asker,
): Promise<Omit<WebEvidenceAnswer, "level">> {
  const rows = await resourcesOf(context, found.evidence.EvidenceId);
  const derived = rows.find((row) => row.state === "Derived");
  const available = found.evidence.LifecycleState === "Available" && derived !== undefined;
  const resources = await Promise.all(rows.map((row) => toWebResource(context, row)));
  const evidence = toWebEvidence(found);
  const verification = await latestVerification(context, evidence.evidenceId);
  if (!available) return { evidence, resources, consolidated: null, verification };
  try {
    return { evidence, resources, consolidated: await describeVideo(videos, derived, asker), verification };
  } catch (error) {
    if (!(error instanceof Unreadable)) throw error;
    return {
      evidence: { ...evidence, state: "failed", stateDetail: error.message },
      resources,
      consolidated: null,
      verification,
    };
  }
}

async function describeVideo(
  videos: ConsolidatedVideos,
  derived: ResourceRow,
  asker: Asker,
): Promise<NonNullable<WebEvidenceAnswer["consolidated"]>> {
  const video = await videos.get(derived.evidenceId, asker);
  const base = `${WEB_EVIDENCE_BASE}/${derived.evidenceId}`;
  const { codec, width, height } = video.track;
  return {
    playlistPath: `${base}/hls/playlist.m3u8`,
    streamStartS: video.hls.streamStartS,
    downloadPath: `${base}/resource/${derived.resourceId}/content`,
    lengthBytes: video.file.lengthBytes,
    durationS: video.durationS,
    frameCount: video.frameCount,
    width,
    height,
    codec,
    segmentCount: video.resourceIds.length - video.damaged.length,
    runs: [...video.runs],
    damaged: video.damaged.map((file) => ({
      resourceId: file.row.resourceId,
      name: visibleName(file.row.name),
      startUtc: isoInstant(file.row.startUtcMs),
      endUtc: isoInstant(file.row.endUtcMs),
      reason: isLeftOut(file) ? "left-out" : "damaged",
      detail: file.detail,
    })),
  };
}
