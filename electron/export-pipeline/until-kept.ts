import { callForPiece, type CameraExportWork } from "./tracked/pipeline-context.ts";
import { JournalRefused } from "./ports/journal-refused.ts";

/** Room comes when somebody makes it; each look costs a write. */
const TRY_AGAIN_MS = 5_000;

/**
 * Runs a camera export as long as the journal records what it does. If the journal cannot, the work stops, because it
 * would be forgotten: the export says what it waits for, and goes on from where the journal has it, as after a
 * restart.
 * @param hasStopped what was under way in an earlier run has yet to go back to its last durable point
 */
export async function untilKept(
  work: CameraExportWork,
  run: () => Promise<void>,
  hasStopped: boolean,
): Promise<void> {
  const { context, cameraExport } = work;
  const call = callForPiece(work, `journal of ${cameraExport.record.cameraExportId}`);
  const { signal } = call;
  let mustGoBack = hasStopped;
  while (!signal.aborted) {
    try {
      if (mustGoBack) context.ledger.interruptFiles(cameraExport);
      mustGoBack = false;
      call.reportWaiting(null);
      return await run();
    } catch (error) {
      if (!(error instanceof JournalRefused)) throw error;
      mustGoBack = true;
      call.reportWaiting({ failure: error.failure, nextRetryAtMs: context.steadyNow() + TRY_AGAIN_MS });
      await context.pause(TRY_AGAIN_MS, AbortSignal.any([signal, call.hurry?.() ?? signal]));
    }
  }
}
