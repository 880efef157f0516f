/** What a change of the destination means for the exports that have not ended. */
import { type ExportAccount, type ExportStatus, needsItsAccount } from "#shared/domain/export-status.ts";
import { failedAs, type Failure } from "#shared/domain/failure.ts";
import type { RequestInput } from "#shared/ipc-contract/contract.ts";
import type { ExportPipeline } from "../export-pipeline/export-pipeline.ts";

export type UnderWay = RequestInput<"destination.useEmbedded">["underWay"];

/** Those of the account that would not be the destination any more. */
export function exportsLeftBehind(
  statuses: readonly ExportStatus[],
  from: ExportAccount | null,
  to: ExportAccount,
): ExportStatus[] {
  if (from === null || from.accountId === to.accountId) return [];
  return statuses.filter((one) => needsItsAccount(one) && one.account?.accountId === from.accountId);
}

/** In figures, what the administrator decides about. */
export function figuresOf(statuses: readonly ExportStatus[]) {
  const cameras = statuses.flatMap(({ cameraExports }) =>
    cameraExports.filter(({ kind }) => kind !== "available" && kind !== "cancelled"),
  );
  return {
    exports: statuses.length,
    failedExports: statuses.filter(({ kind }) => kind === "failed").length,
    cameras: cameras.length,
    leftBytes: cameras.reduce(
      (sum, { doneBytes, totalBytes }) => sum + Math.max(0, (totalBytes ?? 0) - doneBytes),
      0,
    ),
  };
}

export function namesOf(from: ExportAccount | null, to: ExportAccount) {
  return { from: from?.name ?? "", to: to.name };
}

/** One that ends by itself in the meantime has nothing left to cancel. */
export async function cancelAll(pipeline: ExportPipeline, statuses: readonly ExportStatus[]): Promise<void> {
  for (const { exportId } of statuses) await pipeline.cancel(exportId);
}

export function notTakenOver({ code, message, action }: Failure, current: ExportAccount | null) {
  const stays = current === null ? "Nothing was changed." : `Evidence still goes to ${current.name}.`;
  return failedAs({ code, message: `${message} ${stays}`, action });
}
