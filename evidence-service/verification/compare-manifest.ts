/** What a manifest says against what the service holds; every difference as a sentence. */
import type { EncryptionData } from "#shared/clearance-api/encryption.ts";
import type { Manifest, SentSegment } from "#shared/manifest/manifest.ts";
import { formatNumber } from "#shared/words/amounts.ts";
import type { EvidenceRow, ResourceRow } from "../storage/metadata-rows.ts";

/** A segment as it is stored. */
export interface StoredSegment {
  readonly row: ResourceRow;
  /** null: there is none that can be understood. */
  readonly encryption: EncryptionData | null;
}

export function differencesOf(
  manifest: Manifest,
  evidence: Pick<EvidenceRow, "evidenceId" | "startUtcMs" | "endUtcMs"> & { readonly cameraId: string },
  stored: readonly StoredSegment[],
): string[] {
  const { range } = manifest.asked;
  const differences: string[] = [];
  if (manifest.evidenceId !== evidence.evidenceId) differences.push("The manifest is of another evidence.");
  if (manifest.camera.id !== evidence.cameraId) differences.push("The manifest is of another camera.");
  if (range.startUtcMs !== evidence.startUtcMs || range.endUtcMs !== evidence.endUtcMs) {
    differences.push("The manifest is of another time range.");
  }
  if (!coversItsRange(manifest)) differences.push("The manifest's segments do not fill the range it is of.");
  return [...differences, ...segmentDifferences(sentSegments(manifest), stored)];
}

export function sentSegments(manifest: Manifest): SentSegment[] {
  return manifest.segments.flatMap((segment) => (segment.kind === "sent" ? [segment] : []));
}

function coversItsRange({ asked, segments, coverage }: Manifest): boolean {
  let untilUtcMs = asked.range.startUtcMs;
  for (const [place, { index, askedRange }] of segments.entries()) {
    if (index !== place || askedRange.startUtcMs !== untilUtcMs) return false;
    if (askedRange.endUtcMs <= askedRange.startUtcMs) return false;
    untilUtcMs = askedRange.endUtcMs;
  }
  const askedMs = asked.range.endUtcMs - asked.range.startUtcMs;
  const isSum = coverage.recordedMs + coverage.missingMs === askedMs && coverage.askedMs === askedMs;
  return untilUtcMs === asked.range.endUtcMs && isSum;
}

function segmentDifferences(segments: readonly SentSegment[], stored: readonly StoredSegment[]): string[] {
  const named = new Map(segments.map((segment) => [segment.resourceId, segment]));
  const twice = named.size === segments.length ? [] : ["The manifest names a file twice."];
  const unnamed = stored
    .filter(({ row }) => !named.has(row.resourceId))
    .map(({ row }) => `${nameOf(row)} is not in the manifest.`);
  const compared = segments.flatMap((segment) => {
    const found = stored.find(({ row }) => row.resourceId === segment.resourceId);
    if (found !== undefined) return differencesOfSegment(segment, found);
    return [`“${segment.name}” (${segment.resourceId}) is in the manifest and not among the files.`];
  });
  return [...twice, ...unnamed, ...compared];
}

function differencesOfSegment(segment: SentSegment, { row, encryption }: StoredSegment): string[] {
  const name = nameOf(row);
  const differences: string[] = [];
  if (segment.name !== row.name) differences.push(`${name} has another name in the manifest.`);
  if (segment.ciphertext.lengthBytes !== row.lengthBytes) {
    differences.push(
      `${name} is ${formatNumber(row.lengthBytes ?? 0)} bytes long; the manifest says ${formatNumber(segment.ciphertext.lengthBytes)}.`,
    );
  }
  if (row.checksumAlgorithm === "Sha512" && row.checksumHex !== segment.ciphertext.sha512) {
    differences.push(`${name} has another SHA-512 than the manifest says.`);
  }
  if (!isPlacedAsRecorded(segment, row)) differences.push(`${name} lies at another time in the manifest.`);
  const { protocol, keyId } = segment.encryption;
  const agent = encryption?.EncryptionAgent.Protocol;
  if (agent !== protocol || encryption?.WrappedContentKey.KeyId !== keyId) {
    differences.push(`${name} is encrypted in another way than the manifest says.`);
  }
  return differences;
}

/** A file is placed by its first and last frame, rounded down to the millisecond, or by what was asked. */
function isPlacedAsRecorded({ footage, askedRange }: SentSegment, row: ResourceRow): boolean {
  if (footage === null) {
    return row.startUtcMs === askedRange.startUtcMs && row.endUtcMs === askedRange.endUtcMs;
  }
  const startUtcMs = Math.floor(footage.firstFrameUtcUs / 1_000);
  const endUtcMs = Math.max(startUtcMs + 1, Math.floor(footage.endUtcUs / 1_000));
  return row.startUtcMs === startUtcMs && row.endUtcMs === endUtcMs;
}

export function nameOf(row: ResourceRow): string {
  return `“${row.name}” (${row.resourceId})`;
}
