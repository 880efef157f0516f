/** Who writes segments into the spool: a thread of its own, which the spool is handed and does not know. */
import type { PortOutcome } from "../../export-pipeline/ports/port-call.ts";
import type { RecipientKey, SpooledSegment } from "../../export-pipeline/ports/segment-spool.ts";

/** Read footage from the archive, encrypt, write to the spool. */
export interface WriteTask {
  readonly kind: "write";
  readonly sourceUrl: string;
  readonly sourceToken: string;
  /** Final path in the spool; the work happens beside it under `.part`. */
  readonly path: string;
  readonly recipient: RecipientKey;
  /** Without a byte for so long the try ends; as usual where it is left out. */
  readonly noProgressMs?: number;
}

export interface SegmentWriter {
  /** @returns with a value when it succeeded */
  run(
    task: WriteTask,
    onProgress: (bytes: number) => void,
    signal: AbortSignal,
  ): Promise<PortOutcome<SpooledSegment | undefined>>;
}
