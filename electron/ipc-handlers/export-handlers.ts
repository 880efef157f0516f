import { answeredAtOnce, type Failure, failed, failedAs, succeeded } from "#shared/domain/failure.ts";
import { bidiIsolated } from "#shared/domain/names.ts";
import type { ExportAccount, ExportStatus, ExportsSnapshot } from "#shared/domain/export-status.ts";
import type { ExportRequest } from "#shared/domain/export-request.ts";
import type { UploadEstimate } from "#shared/domain/upload-estimate.ts";
import type { AccountCases } from "../adapters/clearance-client/account-cases.ts";
import { neverFitting } from "../export-pipeline/limits/spool-room.ts";
import type { JournalEntry } from "../export-pipeline/ports/export-journal.ts";
import type { SegmentSpool } from "../export-pipeline/ports/segment-spool.ts";
import { admitExport } from "../export-pipeline/export-intake.ts";
import type { ExportPipeline } from "../export-pipeline/export-pipeline.ts";
import type { FootageArchive } from "../export-pipeline/ports/footage-archive.ts";
import { answerOf, type AreaHandlers, operatorOf } from "./handler.ts";

const INTAKE_TIMEOUT_MS = 60_000;

export interface ExportHandlerParts {
  readonly pipeline: ExportPipeline;
  readonly feed: { snapshot(): ExportsSnapshot };
  readonly archive: FootageArchive;
  readonly spool: Pick<SegmentSpool, "space">;
  readonly cases: AccountCases;
  /** The account that exports are made for now; null without one. */
  readonly accountNow: () => ExportAccount | null;
  readonly estimate: (evidenceBytes: readonly number[]) => UploadEstimate;
  /** The export whose notification was clicked, once. */
  readonly takeClicked: () => string | null;
  readonly openInBrowser: (account: ExportAccount | null, path: string) => Promise<boolean>;
}

export function exportHandlers(parts: ExportHandlerParts): AreaHandlers<"exports"> {
  const { pipeline, feed } = parts;
  return {
    "exports.start": async (request, caller) => {
      if (pipeline.status(request.requestId) !== undefined) return succeeded({ exportId: request.requestId });
      const refused = refusalOfAccount(request, parts.accountNow());
      if (refused !== null) return refused;
      const call = { signal: AbortSignal.timeout(INTAKE_TIMEOUT_MS), reportWaiting: () => undefined };
      const closed = await refusalOfClosedCase(request, parts.cases);
      if (closed !== null) return closed;
      const { username } = operatorOf(caller);
      const admitted = answerOf(
        await admitExport({ request, createdBy: username, createdUtcMs: Date.now() }, parts.archive, call),
      );
      if (!admitted.ok) return admitted;
      const { cameraExports, record } = admitted.value;
      const withoutRoom = await refusalOfLargePart(admitted.value, parts.spool);
      if (withoutRoom !== null) return withoutRoom;
      // Planning takes time, in which an administrator may have changed the destination.
      const account = parts.accountNow();
      const refusedMeanwhile = refusalOfAccount(request, account);
      if (refusedMeanwhile !== null) return refusedMeanwhile;
      pipeline.start({ cameraExports, record: { ...record, account } });
      return succeeded({ exportId: request.requestId });
    },
    "exports.estimate": ({ evidenceBytes }) => succeeded(parts.estimate(evidenceBytes)),
    "exports.partRefusal": async ({ partBytes }) =>
      succeeded({ refusal: (await refusalOfPart(partBytes, parts.spool)) ?? null }),
    "exports.list": () => succeeded(feed.snapshot()),
    "exports.segments": ({ exportId }) => {
      const status = pipeline.status(exportId);
      if (status === undefined) return unknownExport();
      return succeeded(
        status.cameraExports.map(({ cameraExportId, segments }) => ({ cameraExportId, segments })),
      );
    },
    "exports.retry": ({ exportId }) => answerOf(pipeline.retry(exportId)),
    "exports.sendWithoutLost": ({ exportId }) => answerOf(pipeline.sendWithoutLost(exportId)),
    "exports.cancel": async ({ exportId }) => answerOf(await pipeline.cancel(exportId)),
    "exports.dismiss": async ({ exportId }) => answerOf(await pipeline.dismiss(exportId)),
    "exports.takeClicked": () => succeeded({ exportId: parts.takeClicked() }),
    "exports.openInClearance": async ({ exportId }) => {
      const status = pipeline.status(exportId);
      if (status === undefined) return unknownExport();
      const path = webPathOf(status);
      if (path === null) return failed("NOT_THERE_YET", "The service does not have this evidence yet.");
      const opened = await parts.openInBrowser(status.account, path);
      return opened
        ? succeeded(undefined)
        : failed("DESTINATION_NOT_CONFIGURED", "There is no destination to open.");
    },
  };
}

/** A spool that cannot be looked at now is waited for later; that stops nobody at Finish. */
async function refusalOfPart(
  partBytes: number,
  spool: ExportHandlerParts["spool"],
): Promise<Failure | undefined> {
  const space = await spool.space();
  const never = space.ok ? neverFitting(partBytes, space.value) : null;
  return never === null ? undefined : answeredAtOnce(never);
}

async function refusalOfLargePart(
  { cameraExports, record }: JournalEntry,
  spool: ExportHandlerParts["spool"],
) {
  for (const { record: cameraExport, segments } of cameraExports) {
    const largestBytes = Math.max(...segments.map(({ plannedLengthBytes }) => plannedLengthBytes));
    const refusal = await refusalOfPart(largestBytes, spool);
    if (refusal === undefined) continue;
    const name = record.request.cameraExports[cameraExport.index]?.cameraName ?? "";
    return failedAs({ ...refusal, message: `${bidiIsolated(name)}: ${refusal.message}` });
  }
  return null;
}

const unknownExport = () => failed("UNKNOWN_EXPORT", "This export is not in the list any more.");

/** Ids of cases, departments and categories are those of the account that they were chosen at. */
function refusalOfAccount({ caseAssociation }: ExportRequest, account: ExportAccount | null) {
  if (account === null) {
    return failed("DESTINATION_NOT_CONFIGURED", "There is no destination for evidence yet.");
  }
  const chosenAt = caseAssociation.kind === "none" ? undefined : caseAssociation.accountId;
  if (chosenAt === undefined || chosenAt === account.accountId) return null;
  return failed(
    "ACCOUNT_CHANGED",
    `The destination was changed after the case was chosen. Evidence goes to ${account.name} now.`,
  );
}

/** A service that cannot be asked now does not stop Finish: it refuses the evidence later, with its reason. */
async function refusalOfClosedCase(request: ExportRequest, cases: AccountCases) {
  const { caseAssociation } = request;
  if (caseAssociation.kind !== "existing") return null;
  const state = await cases.stateOf(caseAssociation.caseId, { signal: AbortSignal.timeout(5_000) });
  if (!state.ok || state.value === "open") return null;
  return failed("CASE_CLOSED", `The case "${caseAssociation.caseName}" is closed.`);
}

function webPathOf(status: ExportStatus): string | null {
  const evidenceIds = status.cameraExports.flatMap(({ evidenceId }) => evidenceId ?? []);
  const [first] = evidenceIds;
  if (first === undefined) return null;
  if (status.cameraExports.length > 1 && status.caseId !== null)
    return `/cases/${encodeURIComponent(status.caseId)}`;
  return `/evidence/${encodeURIComponent(first)}`;
}
