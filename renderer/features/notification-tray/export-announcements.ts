import { DESTINATION_NAME } from "#shared/domain/brand.ts";
import type { CameraExportStatusKind, ExportSummary } from "#shared/domain/export-status.ts";
import { camerasInWords, failureOf } from "./export-words.ts";

/** The last announced state of each export, by its id. */
export type KnownKinds = ReadonlyMap<string, CameraExportStatusKind>;

export function kindsOf(exports: readonly ExportSummary[]): KnownKinds {
  return new Map(exports.map((status) => [status.exportId, status.kind]));
}

/**
 * What is worth saying aloud: an export that was begun, became available, failed, or began to wait. Progress
 * is not, nor what had already happened when the console was opened.
 * @param known the states before, or null when these are the first
 */
export function announcementsFor(known: KnownKinds | null, exports: readonly ExportSummary[]): string[] {
  if (known === null) return [];
  return exports
    .filter((status) => known.get(status.exportId) !== status.kind)
    .flatMap((status) => sentenceFor(status, !known.has(status.exportId)) ?? []);
}

function sentenceFor(status: ExportSummary, isNew: boolean): string | null {
  const cameras = camerasInWords(status);
  const cause = failureOf(status)?.message ?? "";
  switch (status.kind) {
    case "available":
      return `The export of ${cameras} is available in ${DESTINATION_NAME}.`;
    case "failed":
      return `The export of ${cameras} failed. ${cause}`.trim();
    case "waiting":
      return `The export of ${cameras} waits and is tried again. ${cause}`.trim();
    case "queued":
    case "exporting":
    case "uploading":
    case "consolidating":
      return isNew ? `The export of ${cameras} has begun.` : null;
    case "cancelled":
      return `The export of ${cameras} is cancelled.`;
  }
}
