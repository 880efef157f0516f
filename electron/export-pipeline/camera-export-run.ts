import { evidenceIdOf } from "#shared/domain/camera-export-state.ts";
import { evidenceNameOf } from "#shared/domain/export-request.ts";
import { type Failure, failureOfExport } from "#shared/domain/failure.ts";
import { afterStartingOver, isInVain, type StartedOver } from "#shared/domain/started-over.ts";
import { formatBytes } from "#shared/words/amounts.ts";
import { type CommonEnd, endingTogether } from "./stages/common-end.ts";
import { shownBytesOf } from "./tracked/export-status-view.ts";
import { FootageLock, unlockFootage } from "./stages/footage-lock.ts";
import type { CameraExportWork } from "./tracked/pipeline-context.ts";
import { type PortCall, type PortFailure, type PortOutcome, portSucceeded } from "./ports/port-call.ts";
import { awaitAvailable, checkAllSent, completeEvidence } from "./stages/finish-evidence.ts";
import { ManifestFile, manifestFileId } from "./stages/manifest-file.ts";
import { mustBeRead } from "./stages/segment-file.ts";
import { deliver } from "./stages/send-file.ts";
import { transferSegments } from "./transfer-segments.ts";

/** Gives the case to which the evidence goes, or null for none; creates it first if that was asked for. */
export type CaseSource = (call: PortCall) => Promise<PortOutcome<string | null>>;

/**
 * Takes one camera export from wherever it stands to its end: lock, evidence, segments, manifest, completion,
 * consolidation, unlock. Expected failures are not thrown; the ledger's state says how it ended.
 */
export async function runCameraExport(work: CameraExportWork, caseId: CaseSource): Promise<void> {
  const outcome = await endingTogether(work, (part, together) => attempt(part, together, caseId));
  if (outcome.ok) {
    await unlockFootage(work);
    return;
  }
  // Whoever has ended the work runs it again, or wants nothing of it.
  if (outcome.error.kind === "aborted" || work.call.signal.aborted) return;
  // What the service has lost is looked up before, and all is gone on with from there.
  if ((await work.context.wasRestored(work.call)) || work.call.signal.aborted) return;
  const evidenceId = evidenceIdOf(work.cameraExport.record.state);
  if (outcome.error.kind !== "gone" || evidenceId === null) return fail(work, outcome.error);
  const startedOver = startOver(work, outcome.error);
  if (isInVain(startedOver)) return fail(work, forgottenAgain(startedOver));
  return await runCameraExport(work, caseId);
}

function fail({ context, cameraExport }: CameraExportWork, { code, message, action }: Failure): void {
  context.ledger.fail(cameraExport, { code, message, action });
}

/** A service that keeps forgetting the evidence must not be given another forever. */
function forgottenAgain({ inVain, mostConfirmedBytes }: StartedOver): Failure {
  return failureOfExport({
    code: "EVIDENCE_FORGOTTEN_AGAIN",
    message:
      `The service removed this evidence ${inVain} times in a row before it was complete, ` +
      `and never had more than ${formatBytes(mostConfirmedBytes)} of it.`,
  });
}

async function attempt(
  work: CameraExportWork,
  together: CommonEnd,
  caseId: CaseSource,
): Promise<PortOutcome<void>> {
  const { context, cameraExport, call } = work;
  const { state, generation } = cameraExport.record;
  if (state.kind === "consolidating") return await awaitAvailable(work, state.evidenceId);
  if (state.kind === "queued" && generation > 1) await clearOfBefore(work);
  const lock = new FootageLock(work, together);
  if (cameraExport.segments.some(({ record }) => mustBeRead(record))) void lock.held();
  const recipient = await context.destination.recipientKey(call);
  if (!recipient.ok) return recipient;
  const evidence = await ensureEvidence(work, caseId);
  if (!evidence.ok) return evidence;
  const sending = { ...work, evidenceId: evidence.value, recipient: recipient.value };
  const transferred = await transferSegments(sending, lock, together);
  if (!transferred.ok) return transferred;
  const complete = checkAllSent(work);
  if (!complete.ok) return complete;
  const manifest = await deliver(new ManifestFile(sending));
  if (!manifest.ok) return manifest;
  const completed = await completeEvidence(sending);
  return completed.ok ? await awaitAvailable(work, evidence.value) : completed;
}

async function ensureEvidence(work: CameraExportWork, caseId: CaseSource): Promise<PortOutcome<string>> {
  const { context, cameraExport, request, call } = work;
  const { state, cameraExportId, generation } = cameraExport.record;
  if (state.kind === "transferring") return portSucceeded(state.evidenceId);
  const inCase = await caseId(call);
  if (!inCase.ok) return inCase;
  const created = await context.destination.createEvidence(
    {
      externalId: `${cameraExportId}-${generation}`,
      name: evidenceNameOf(request),
      description: request.description,
      range: request.range,
      cameraId: request.cameraId,
      cameraName: request.cameraName,
      caseId: inCase.value,
      askedBy: cameraExport.ofExport.record.createdBy,
    },
    call,
  );
  if (!created.ok) return created;
  const { evidenceId } = created.value;
  context.ledger.applyToCameraExport(cameraExport, { kind: "evidence-created", evidenceId });
  return portSucceeded(evidenceId);
}

/** The service has purged the evidence: what it had is read or sent again under a new external id. */
function startOver(work: CameraExportWork, reason: PortFailure): StartedOver {
  const { context, cameraExport } = work;
  const before = cameraExport.record.startedOver;
  const forgotten = { confirmedBytes: confirmedBytesOf(work), reason };
  const startedOver = afterStartingOver(before, forgotten, context.now());
  const event = { kind: "forgotten" } as const;
  context.ledger.applyToAll(cameraExport, {
    ...{ event, startedOver },
    ofSegment: () => event,
    shownBytesOf: (segment) => shownBytesOf(segment, context.progress),
  });
  return startedOver;
}

/** Removes what is left in the spool of an evidence that is created again. */
async function clearOfBefore({ context, cameraExport }: CameraExportWork): Promise<void> {
  const records = cameraExport.segments.map(({ record }) => record);
  for (const { segmentId } of records) context.progress.forget(segmentId);
  const unread = records.filter(({ state }) => state.kind === "queued").map(({ segmentId }) => segmentId);
  await Promise.all([manifestFileId(cameraExport), ...unread].map((fileId) => context.spool.remove(fileId)));
}

/** What the service had: whole files, and what it acknowledged of others. */
function confirmedBytesOf({ context, cameraExport }: CameraExportWork): number {
  const confirmed = cameraExport.segments.map(({ record: { state, segmentId } }) =>
    state.kind === "verified" || state.kind === "uploaded"
      ? state.file.ciphertextLengthBytes
      : context.progress.of(segmentId).sentBytes,
  );
  return confirmed.reduce((sum, bytes) => sum + bytes, 0);
}
