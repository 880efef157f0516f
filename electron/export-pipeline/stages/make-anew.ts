import { afterMakingAnew, isSpoolFileUseless } from "#shared/domain/made-anew.ts";
import { segmentAt } from "../export-ledger.ts";
import { shownBytesOf } from "../export-status-view.ts";
import type { CameraExportWork } from "../pipeline-context.ts";
import type { PortFailure } from "../ports/port-call.ts";

/** A spool that gives a file back wrong more often in a row is to blame for it, and the operator is told to have it looked at. */
const MOST_MADE_ANEW = 3;

/**
 * Whether a file that the spool has lost, or gives back otherwise than it was written, is to be made once more from the
 * archive, which keeps the footage until the export has ended.
 * @param before how often in a row it was made once more
 */
export function isMadeAnew(failure: PortFailure, before: number): boolean {
  return isSpoolFileUseless(failure) && before < MOST_MADE_ANEW;
}

/** Takes a segment back to where it has to be read; nothing of its file is left. */
export async function readSegmentAgain(
  work: CameraExportWork,
  index: number,
  reason: PortFailure,
): Promise<void> {
  const { context, cameraExport } = work;
  const segment = segmentAt(cameraExport, index);
  const shownBytes = shownBytesOf(segment, context.progress);
  context.ledger.readAgain(cameraExport, index, madeAnewOf(work, reason), shownBytes);
  context.progress.forget(segment.segmentId);
  await context.spool.remove(segment.segmentId);
}

export function madeAnewOf({ context, cameraExport }: CameraExportWork, reason: PortFailure) {
  return afterMakingAnew(cameraExport.record.madeAnew, reason, context.now());
}
