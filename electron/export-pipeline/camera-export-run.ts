import pLimit from "p-limit";
import { evidenceIdOf } from "#shared/domain/camera-export-state.ts";
import { evidenceNameOf } from "#shared/domain/export-request.ts";
import type { SegmentStage } from "#shared/domain/segment-state.ts";
import { isSettled } from "#shared/domain/segment-state.ts";
import { formatBytes } from "#shared/words/amounts.ts";
import type { Failure } from "#shared/domain/failure.ts";
import { afterStartingOver, isInVain, type StartedOver } from "#shared/domain/started-over.ts";
import { type CommonEnd, endingTogether } from "./common-end.ts";
import { segmentAt } from "./export-ledger.ts";
import { shownBytesOf } from "./export-status-view.ts";
import { type CameraExportWork, PARALLEL_UPLOADS_PER_CAMERA, requestOf } from "./pipeline-context.ts";
import {
  ABORTED,
  type PortCall,
  type PortFailure,
  type PortOutcome,
  portSucceeded,
} from "./ports/port-call.ts";
import type { SegmentRecord } from "./ports/export-journal.ts";
import type { RecipientKey } from "./ports/segment-spool.ts";
import { awaitAvailable, checkAllSent, completeEvidence } from "./stages/finish-evidence.ts";
import { removeSpooledManifest, sendManifest } from "./stages/manifest.ts";
import { isMadeAnew, readSegmentAgain } from "./stages/make-anew.ts";
import { readSegment } from "./stages/read-segment.ts";
import { uploadSegment } from "./stages/upload-segment.ts";

/** Answers the case the evidence goes to, or null for none, creating it first where that was asked for. */
export type CaseSource = (call: PortCall) => Promise<PortOutcome<string | null>>;

/**
 * Takes one camera export from wherever it stands to its end: lock, evidence, segments, completion,
 * consolidation, unlock. Never throws for what can be expected; the state in the ledger tells the end.
 */
export async function runCameraExport(work: CameraExportWork, caseId: CaseSource): Promise<void> {
  const outcome = await endingTogether(work, (part, together) => attempt(part, together, caseId));
  if (outcome.ok) {
    await unlock(work);
    return;
  }
  if (outcome.error.kind === "aborted") return;
  const evidenceId = evidenceIdOf(work.cameraExport.record.state);
  if (outcome.error.kind !== "gone" || evidenceId === null) return fail(work, outcome.error);
  const startedOver = await startOver(work, outcome.error);
  if (isInVain(startedOver)) return fail(work, forgottenAgain(startedOver));
  return await runCameraExport(work, caseId);
}

function fail({ context, cameraExport }: CameraExportWork, { code, message, action }: Failure): void {
  context.ledger.fail(cameraExport, { code, message, action });
}

/** A service that forgets each evidence must not be given another without end. */
function forgottenAgain({ inVain, mostConfirmedBytes }: StartedOver): Failure {
  return {
    code: "EVIDENCE_FORGOTTEN_AGAIN",
    message:
      `The service removed this evidence ${inVain} times in a row before it was complete, ` +
      `and never had more than ${formatBytes(mostConfirmedBytes)} of it.`,
  };
}

async function attempt(
  work: CameraExportWork,
  together: CommonEnd,
  caseId: CaseSource,
): Promise<PortOutcome<void>> {
  const { state } = work.cameraExport.record;
  if (state.kind === "consolidating") return await awaitAvailable(work, state.evidenceId);
  if (state.kind === "queued" && work.cameraExport.record.generation > 1) await clearOfBefore(work);
  const locking = together.include(() => lockWhatIsRead(work));
  const recipient = await work.context.destination.recipientKey(callOf(work));
  if (!recipient.ok) return recipient;
  const evidence = await ensureEvidence(work, caseId);
  if (!evidence.ok) return evidence;
  const transferred = await transferSegments(work, together, locking, evidence.value, recipient.value);
  if (!transferred.ok) return transferred;
  const complete = checkAllSent(work);
  if (!complete.ok) return complete;
  const manifest = await sendManifest(work, evidence.value, recipient.value);
  if (!manifest.ok) return manifest;
  const completed = await completeEvidence(work, evidence.value, manifest.value);
  return completed.ok ? await awaitAvailable(work, evidence.value) : completed;
}

async function ensureEvidence(work: CameraExportWork, caseId: CaseSource): Promise<PortOutcome<string>> {
  const { record } = work.cameraExport;
  if (record.state.kind === "transferring") return portSucceeded(record.state.evidenceId);
  const inCase = await caseId(callOf(work));
  if (!inCase.ok) return inCase;
  const request = requestOf(work);
  const created = await work.context.destination.createEvidence(
    {
      externalId: `${record.cameraExportId}-${record.generation}`,
      name: evidenceNameOf(request),
      description: request.description,
      range: request.range,
      cameraId: request.cameraId,
      cameraName: request.cameraName,
      caseId: inCase.value,
      askedBy: work.live.record.createdBy,
    },
    callOf(work),
  );
  if (!created.ok) return created;
  const { evidenceId } = created.value;
  work.context.ledger.applyToCameraExport(work.cameraExport, { kind: "evidence-created", evidenceId });
  return portSucceeded(evidenceId);
}

/**
 * Reading segment n+1 overlaps with uploading segment n. What is in the spool already needs neither the archive nor
 * a turn to read. The first segment that fails ends the work on the others, and is the answer.
 */
async function transferSegments(
  work: CameraExportWork,
  together: CommonEnd,
  locking: Promise<PortOutcome<void>>,
  evidenceId: string,
  recipient: RecipientKey,
): Promise<PortOutcome<void>> {
  const uploadLimit = pLimit(PARALLEL_UPLOADS_PER_CAMERA);
  const transfer = async (index: number, madeAnew = 0): Promise<PortOutcome<unknown>> => {
    if (mustBeRead(segmentAt(work.cameraExport, index))) {
      const locked = await (madeAnew === 0 ? locking : lockWhatIsRead(work));
      if (!locked.ok) return locked;
      const read = await guarded(work, index, "export", () => readSegment(work, index, recipient));
      if (!read.ok) return read;
    }
    const send = () => sendUnlessUseless(work, index, evidenceId, madeAnew);
    const sent = await uploadLimit(() => guarded(work, index, "upload", send));
    return sent.ok && sent.value === "read-again" ? await transfer(index, madeAnew + 1) : sent;
  };
  const outcomes = await Promise.all(
    work.cameraExport.segments.map(({ index }) => together.include(() => transfer(index))),
  );
  return outcomes.find((outcome) => !outcome.ok) ?? portSucceeded(undefined);
}

/** What the spool does not give back as it was written is read from the archive again. @param madeAnew how often it was */
async function sendUnlessUseless(
  work: CameraExportWork,
  index: number,
  evidenceId: string,
  madeAnew: number,
): Promise<PortOutcome<"sent" | "read-again">> {
  const sent = await uploadSegment(work, index, evidenceId);
  if (sent.ok) return portSucceeded("sent");
  if (!isMadeAnew(sent.error, madeAnew)) return sent;
  await readSegmentAgain(work, index, sent.error);
  return portSucceeded("read-again");
}

/** Runs a stage unless the work was ended, and writes a failure that concerns this segment alone into its state. */
async function guarded<T>(
  work: CameraExportWork,
  index: number,
  at: SegmentStage,
  stage: () => Promise<PortOutcome<T>>,
): Promise<PortOutcome<T>> {
  if (work.signal.aborted) return ABORTED;
  const outcome = await stage();
  if (!outcome.ok && isOfSegment(outcome.error) && !isSettled(segmentAt(work.cameraExport, index).state)) {
    const { code, message, action } = outcome.error;
    work.context.ledger.applyToSegment(work.cameraExport, index, {
      kind: "failed",
      at,
      failure: { code, message, action },
    });
  }
  return outcome;
}

function isOfSegment(failure: PortFailure): boolean {
  return failure.kind !== "aborted" && failure.kind !== "gone";
}

/** The service has purged the evidence: what it had is read or sent again under a new external id. */
async function startOver(work: CameraExportWork, reason: PortFailure): Promise<StartedOver> {
  const { context, cameraExport } = work;
  const before = cameraExport.record.startedOver;
  const startedOver = afterStartingOver(
    before,
    { confirmedBytes: confirmedBytesOf(work), reason },
    context.now(),
  );
  context.ledger.applyToAll(cameraExport, { kind: "forgotten" }, () => ({ kind: "forgotten" }), {
    ofCameraExport: { startedOver },
    ofSegment: (segment) => ({ shownBytes: shownBytesOf(segment, context.progress) }),
  });
  return startedOver;
}

/** What is left in the spool of an evidence that is created anew. */
async function clearOfBefore({ context, cameraExport }: CameraExportWork): Promise<void> {
  for (const { segmentId } of cameraExport.segments) context.progress.forget(segmentId);
  await removeSpooledManifest(context, cameraExport);
  await Promise.all(
    cameraExport.segments
      .filter((segment) => segment.state.kind === "queued")
      .map((segment) => context.spool.remove(segment.segmentId)),
  );
}

/** What the service had: whole files, and of others what it acknowledged. */
function confirmedBytesOf({ context, cameraExport }: CameraExportWork): number {
  const confirmed = cameraExport.segments.map(({ state, segmentId }) =>
    state.kind === "verified" || state.kind === "uploaded"
      ? state.file.ciphertextLengthBytes
      : context.progress.of(segmentId).sentBytes,
  );
  return confirmed.reduce((sum, bytes) => sum + bytes, 0);
}

function mustBeRead({ state }: SegmentRecord): boolean {
  return state.kind === "queued" || state.kind === "exporting";
}

/** Where nothing has to be read any more, an archive that is away hinders nobody. */
async function lockWhatIsRead(work: CameraExportWork): Promise<PortOutcome<void>> {
  if (!work.cameraExport.segments.some(mustBeRead)) return portSucceeded(undefined);
  const { cameraId, range } = requestOf(work);
  return await work.context.archive.lock(
    work.cameraExport.record.cameraExportId,
    cameraId,
    range,
    callOf(work),
  );
}

export function unlock(work: CameraExportWork): Promise<PortOutcome<void>> {
  return work.context.archive.unlock(work.cameraExport.record.cameraExportId, callOf(work));
}

function callOf(work: CameraExportWork): PortCall {
  const { cameraExportId } = work.cameraExport.record;
  return work.context.progress.callFor(cameraExportId, cameraExportId, work.signal);
}
