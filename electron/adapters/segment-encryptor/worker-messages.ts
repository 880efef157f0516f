import type { PortOutcome } from "../../export-pipeline/ports/port-call.ts";
import type { SpooledSegment } from "../../export-pipeline/ports/segment-spool.ts";
import type { WriteTask } from "../spool/segment-writer.ts";

/** Send a spool file to its upload address, block by block. */
export interface SendTask {
  readonly kind: "send";
  readonly uri: string;
  readonly path: string;
  readonly lengthBytes: number;
  readonly encryptionData: string;
  /** Of each block as it was written; null where that was not kept. */
  readonly blockCrcs?: readonly number[] | null;
  /** As a URL; null or nothing for a direct connection. */
  readonly proxy?: string | null;
  /** Without a byte for so long the try ends; as usual where it is left out. */
  readonly noProgressMs?: number;
}

/** Goes with a task: how to end it, and whom to tell. */
export interface TaskCall {
  /** Told the bytes done, of a file that is sent first those that the service has already. */
  readonly onProgress: (bytes: number) => void;
  readonly signal: AbortSignal;
}

export type WorkerTask = WriteTask | SendTask;

export type ToWorker =
  | { readonly kind: "run"; readonly id: number; readonly task: WorkerTask }
  | { readonly kind: "abort"; readonly id: number }
  /** PEM, beside those of the system. */
  | { readonly kind: "authorities"; readonly pems: readonly string[] }
  | { readonly kind: "drop-connections" }
  | { readonly kind: "bandwidth-cap"; readonly bytesPerSecond: number | null };

export type FromWorker =
  | { readonly kind: "progress"; readonly id: number; readonly bytes: number }
  | { readonly kind: "done"; readonly id: number; readonly outcome: PortOutcome<SpooledSegment | undefined> };
