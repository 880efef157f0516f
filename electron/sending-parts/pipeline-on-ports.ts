/** The pipeline on its ports: what is shown of it, whose turn it is, and what is tried again, in this order alone. */
import { retryingArchive, retryingDestination, retryingSpool } from "../adapters/retry/retrying-ports.ts";
import { ExportLedger } from "../export-pipeline/tracked/export-ledger.ts";
import { ExportPipeline } from "../export-pipeline/export-pipeline.ts";
import { ExportStatusFeed } from "../export-pipeline/tracked/export-status-feed.ts";
import { readInTurn } from "../export-pipeline/limits/read-in-turn.ts";
import type { PipelineParts } from "../export-pipeline/tracked/pipeline-context.ts";
import type { ExportJournal } from "../export-pipeline/ports/export-journal.ts";
import type { ShownMarks } from "../export-pipeline/ports/shown-marks.ts";
import { TransferProgress } from "../export-pipeline/tracked/transfer-progress.ts";
import type { SendingClock } from "./system-clock.ts";

export type SendingPorts = Pick<PipelineParts, "archive" | "spool" | "destinationOf">;

/** Puts around ports of one try each what tries again. */
export type TriedAgain = (ports: SendingPorts, clock: SendingClock) => SendingPorts;

/** What differs from program to program, and for tests in memory. */
export interface OnPortsGiven {
  /** Of one try each. */
  readonly ports: SendingPorts;
  readonly journal: ExportJournal;
  /**
   * What was shown of bytes.
   * @param segmentIds of which the journal knows
   * @param onKept to be told the id of each camera export of which more may be shown now
   */
  readonly openMarks: (segmentIds: () => Iterable<string>, onKept: (id: string) => void) => ShownMarks;
  readonly signer: PipelineParts["signer"];
  readonly clock: SendingClock;
  /** Bytes per second that uploads are held to now; null for none. */
  readonly sendingCap: () => number | null;
  /** As the program does it, unless a test looks at one try. */
  readonly triedAgain?: TriedAgain | undefined;
  /** Told the id of the export, or of the camera export, that changed. */
  readonly onChange: (id: string) => void;
  readonly onBug: (error: unknown) => void;
}

export function pipelineOnPorts({
  ports: once,
  triedAgain = untilSettled,
  clock,
  signer,
  ...given
}: OnPortsGiven) {
  const changed = (id: string) => {
    feed.mark(id);
    given.onChange(id);
  };
  const ledger = new ExportLedger(given.journal, changed);
  const marks = given.openMarks(() => ledger.segmentIds(), changed);
  const { sendingCap } = given;
  const progress = new TransferProgress(changed, { now: clock.steadyNow, sendingCap, marks });
  const feed = new ExportStatusFeed(ledger, progress, clock.steadyNow);
  const spool = readInTurn(once.spool, { ledger, progress, ...clock });
  const ports = triedAgain({ ...once, spool }, clock);
  const pipeline = new ExportPipeline({ ...ports, ...clock, signer, ledger, progress }, given.onBug);
  return {
    ...{ ledger, progress, feed, pipeline },
    /** As the pipeline has them: tried again, and read in turn. */
    ports,
  };
}

const untilSettled: TriedAgain = ({ archive, spool, destinationOf }, clock) => ({
  archive: retryingArchive(archive, clock),
  spool: retryingSpool(spool, clock),
  destinationOf: (made) => retryingDestination(destinationOf(made), clock),
});
