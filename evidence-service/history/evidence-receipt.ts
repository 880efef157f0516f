/** What is said of an evidence in its receipt: what it is, by whom, of which files, what is missing, and what was found of it. */
import { readEvidence } from "../api/evidence-records.ts";
import { resourcesOf } from "../api/resource-records.ts";
import type { ServiceContext } from "../context/service-context.ts";
import { isoInstant, isoInstantOrNull } from "../storage/iso-instant.ts";
import type { ResourceRow } from "../storage/metadata-rows.ts";
import { latestVerification } from "../verification/verification-records.ts";

interface Stretch {
  readonly startUtcMs: number;
  readonly endUtcMs: number;
}

/** @throws Refusal 404 */
export async function evidenceReceipt(context: ServiceContext, evidenceId: string) {
  const { evidence, caseName } = await readEvidence(context, evidenceId);
  const files = (await resourcesOf(context, evidenceId)).filter(({ state }) => state !== "Derived");
  const range = {
    startUtcMs: Date.parse(evidence.StartTimeUtc),
    endUtcMs: Date.parse(evidence.EndTimeUtc),
  };
  const footage = files.filter(
    ({ state, mimeType }) => state === "UserCompleted" && mimeType === "video/mp4",
  );
  return {
    evidence: {
      id: evidence.EvidenceId,
      name: evidence.Name,
      description: evidence.Description,
      startUtc: evidence.StartTimeUtc,
      endUtc: evidence.EndTimeUtc,
      caseId: evidence.CaseId,
      caseName,
      device: evidence.Device,
      createdBy: evidence.CreatedBy,
      createdOnBehalfOf: evidence.CreatedOnBehalfOf,
      createdUtc: evidence.CreatedTimeUtc,
      state: evidence.LifecycleState,
      stateDetail: evidence.LifecycleDetail,
    },
    files: files.map(fileOf),
    gaps: gapsIn(range, footage).map(({ startUtcMs, endUtcMs }) => ({
      ...{ startUtc: isoInstant(startUtcMs), endUtc: isoInstant(endUtcMs) },
    })),
    verification: await latestVerification(context, evidenceId),
  };
}

function fileOf(row: ResourceRow) {
  const { checksumAlgorithm: algorithm, checksumHex: hex } = row;
  return {
    id: row.resourceId,
    name: row.name,
    mimeType: row.mimeType,
    startUtc: isoInstant(row.startUtcMs),
    endUtc: isoInstant(row.endUtcMs),
    isComplete: row.state === "UserCompleted",
    /** Of the encrypted file, as it is stored. */
    lengthBytes: row.lengthBytes,
    checksum: algorithm === null || hex === null ? null : { algorithm, hex },
    receivedUtc: isoInstantOrNull(row.uploadedUtcMs),
    receivedFrom: row.uploadedBy,
  };
}

/** Where none of the files says that it has footage. */
export function gapsIn(range: Stretch, files: readonly Stretch[]): Stretch[] {
  const gaps: Stretch[] = [];
  let atUtcMs = range.startUtcMs;
  for (const { startUtcMs, endUtcMs } of files.toSorted((a, b) => a.startUtcMs - b.startUtcMs)) {
    const end = Math.min(startUtcMs, range.endUtcMs);
    if (end > atUtcMs) gaps.push({ startUtcMs: atUtcMs, endUtcMs: end });
    atUtcMs = Math.max(atUtcMs, endUtcMs);
  }
  if (atUtcMs < range.endUtcMs) gaps.push({ startUtcMs: atUtcMs, endUtcMs: range.endUtcMs });
  return gaps;
}
