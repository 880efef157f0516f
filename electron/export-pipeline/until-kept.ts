import { callForPiece, type CameraExportWork } from "./pipeline-context.ts";
import { JournalRefused } from "./ports/journal-refused.ts";

/** Room comes when somebody makes it; looking for it costs a write. */
const TRY_AGAIN_MS = 5_000;

/**
 * Runs a camera export for as long as the journal takes down what it does. Where it does not, nothing goes on that would be
 * forgotten: it is said what is waited for, and the work is taken up where the journal has it, as after a restart.
 * @param hasStopped what was under way in a run of before has yet to go back to its last durable point
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
