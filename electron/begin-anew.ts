import { dropConnections } from "./adapters/connections.ts";
import type { SegmentWorker } from "./adapters/segment-encryptor/segment-workers.ts";
import type { ExportPipeline } from "./export-pipeline/export-pipeline.ts";

export interface BegunAnew {
  readonly workers: readonly Pick<SegmentWorker, "dropConnections">[];
  /** Forgets what was opened to the accounts. */
  readonly reconnect: () => void;
  /** Other hours of the schedule may have begun. */
  readonly applyBandwidth: () => void;
  readonly pipeline: Pick<ExportPipeline, "goOn">;
}

/**
 * After sleep, or in another network: connections are dead, pauses are over, and what they stood for has changed.
 * Connections go first: what fails with them is tried again at once.
 */
export function beginAnew({ workers, reconnect, applyBandwidth, pipeline }: BegunAnew): void {
  dropConnections();
  for (const worker of workers) worker.dropConnections();
  reconnect();
  applyBandwidth();
  pipeline.goOn();
}
