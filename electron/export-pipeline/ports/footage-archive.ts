import type { TimeRange } from "#shared/domain/time-range.ts";
import type { PortCall, PortOutcome } from "./port-call.ts";

/** What an export of a range is, exactly, before a byte of it is read. */
export interface ExportFacts {
  readonly lengthBytes: number;
  readonly frameCount: number;
}

/**
 * The archive as the pipeline needs it. All calls are idempotent.
 * - `planExport` fails with kind `no-footage` where no frame lies in the range.
 * - `lock` holds until `unlock`, across restarts of both processes; the same id again replaces it.
 */
export interface FootageArchive {
  planExport(cameraId: string, range: TimeRange, call: PortCall): Promise<PortOutcome<ExportFacts>>;
  lock(lockId: string, cameraId: string, range: TimeRange, call: PortCall): Promise<PortOutcome<void>>;
  unlock(lockId: string, call: PortCall): Promise<PortOutcome<void>>;
}
