/** The pipeline with what the console's folder keeps of it: its journal, and what was shown of bytes. */
import type { PipelineParts } from "../export-pipeline/tracked/pipeline-context.ts";
import type { ExportJournal } from "../export-pipeline/ports/export-journal.ts";
import { openJournal, openShownBytes } from "./console-folder.ts";
import { pipelineOnPorts, type SendingPorts } from "./pipeline-on-ports.ts";
import { type SendingClock, systemClock } from "./system-clock.ts";

/** What differs from program to program. */
export interface PipelineGiven {
  /** Where the journal lies, and what was shown of bytes. */
  readonly folder: string;
  /** Of one try each: trying again is put around them here. */
  readonly ports: SendingPorts;
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

export function sendingPipeline({ folder, journalSeenBy = (journal) => journal, ...given }: PipelineGiven) {
  const { clock = systemClock, sendingCap = () => null } = given;
  const journal = openJournal(folder);
  const { ledger, feed, pipeline, ports } = pipelineOnPorts({
    ...given,
    ...{ clock, sendingCap, journal: journalSeenBy(journal) },
    openMarks: (segmentIds, onKept) => {
      const marks = openShownBytes(folder, onKept);
      marks.keepOnly(new Set(segmentIds()));
      return marks;
    },
  });
  return {
    ...{ ledger, feed, pipeline, ports },
    /** To be called when the pipeline has stopped. */
    closeJournal: () => journal.close(),
  };
}
