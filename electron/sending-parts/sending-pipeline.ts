/** The pipeline on its ports: what it has written down, what is shown of it, whose turn it is, and what is tried again. */
import { retryingArchive, retryingDestination, retryingSpool } from "../adapters/retry/retrying-ports.ts";
import { ExportLedger } from "../export-pipeline/tracked/export-ledger.ts";
import { ExportPipeline } from "../export-pipeline/export-pipeline.ts";
import { ExportStatusFeed } from "../export-pipeline/tracked/export-status-feed.ts";
import { readInTurn } from "../export-pipeline/limits/read-in-turn.ts";
import type { PipelineParts } from "../export-pipeline/tracked/pipeline-context.ts";
import type { ExportJournal } from "../export-pipeline/ports/export-journal.ts";
import { TransferProgress } from "../export-pipeline/tracked/transfer-progress.ts";
import { openJournal, openShownBytes } from "./console-folder.ts";
import { type SendingClock, systemClock } from "./system-clock.ts";

/** What differs from program to program. */
export interface PipelineGiven {
  /** Where the journal lies, and what was shown of bytes. */
  readonly folder: string;
  /** Of one try each: trying again is put around them here. */
  readonly ports: Pick<PipelineParts, "archive" | "spool" | "destinationOf">;
  readonly signer: PipelineParts["signer"];
  /** The time of this machine, unless a proof has one of its own. */
  readonly clock?: SendingClock;
  /** For whoever watches what is written down. */
  readonly journalSeenBy?: (journal: ExportJournal) => ExportJournal;
  /** Bytes per second that uploads are held to now; null for none. */
  readonly sendingCap?: () => number | null;
  /** Told the id of the export, or of the camera export, that changed. */
  readonly onChange: (id: string) => void;
  readonly onBug: (error: unknown) => void;
}

export function sendingPipeline(given: PipelineGiven) {
  const { clock = systemClock, sendingCap = () => null } = given;
  const changed = (id: string) => {
    feed.mark(id);
    given.onChange(id);
  };
  const journal = openJournal(given.folder);
  const ledger = new ExportLedger(given.journalSeenBy?.(journal) ?? journal, changed);
  const marks = openShownBytes(given.folder, changed);
  marks.keepOnly(new Set(ledger.segmentIds()));
  const progress = new TransferProgress(changed, { now: clock.steadyNow, sendingCap, marks });
  const feed = new ExportStatusFeed(ledger, progress, clock.steadyNow);
  const { archive, spool, destinationOf } = given.ports;
  const ports: PipelineGiven["ports"] = {
    archive: retryingArchive(archive, clock),
    spool: retryingSpool(readInTurn(spool, { ledger, progress, ...clock }), clock),
    destinationOf: (made) => retryingDestination(destinationOf(made), clock),
  };
  const pipeline = new ExportPipeline(
    { ...ports, ...clock, signer: given.signer, ledger, progress },
    given.onBug,
  );
  return {
    ...{ ledger, feed, pipeline },
    /** As the pipeline has them: tried again, and read in turn. */
    ports,
    /** To be called when the pipeline has stopped. */
    closeJournal: () => journal.close(),
  };
}
