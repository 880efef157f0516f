import type { SegmentSpool } from "../ports/segment-spool.ts";
import type { TransferProgress } from "../tracked/transfer-progress.ts";
import { ReadingTurns, type TurnParts } from "./reading-turns.ts";

/**
 * The spool, of which one segment at a time is written, and only where there is room. Repeating belongs around
 * this: a pause between two tries then holds neither the turn nor the room.
 */
export function readInTurn(
  spool: SegmentSpool,
  parts: Omit<TurnParts, "spool"> & { readonly progress: TransferProgress },
): SegmentSpool {
  const readingTurns = new ReadingTurns({ ...parts, spool });
  return {
    write: (job, observer, call) =>
      readingTurns.during(job, call, () =>
        parts.progress.during(job.exportId, "read", () => spool.write(job, observer, call)),
      ),
    writeDocument: (document, call) => spool.writeDocument(document, call),
    remove: async (fileId) => {
      await spool.remove(fileId);
      readingTurns.look();
    },
    sweep: (keep) => spool.sweep(keep),
    space: () => spool.space(),
  };
}
