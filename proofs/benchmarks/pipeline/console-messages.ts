import type { EncryptionProtocol } from "#shared/clearance-api/encryption.ts";
import type { TimeRange } from "#shared/domain/time-range.ts";

/** What the console's process of the bench is told at its start, as its one argument. */
export interface ConsoleSetup {
  readonly folder: string;
  readonly archiveUrl: string;
  readonly archiveToken: string;
  readonly connectionFile: string;
  /** The built program of the console's two threads. */
  readonly workerPath: string;
}

export type ConsoleTask =
  /** From Finish until every segment is verified at the service. */
  | {
      readonly kind: "whole";
      readonly cameraIds: readonly string[];
      readonly range: TimeRange;
      /** Uploads at the same time over all; null leaves it to the pipeline. */
      readonly uploadsAtOnce: number | null;
      /** The one protocol that the service is taken to announce; left out, whatever it announces. */
      readonly protocol?: EncryptionProtocol;
    }
  /** The camera's segments into the spool, one after the other; they stay there for `upload`. */
  | { readonly kind: "spool"; readonly cameraId: string; readonly range: TimeRange }
  /** What `spool` left, all at the same time, to a new evidence. */
  | { readonly kind: "upload" }
  /** A journal with so many segments: opening it and going on, then all of them through ports that answer at once. */
  | { readonly kind: "queue"; readonly segments: number };

/** Keys carry their units. */
export type ConsoleAnswer =
  | { readonly ok: true; readonly figures: Readonly<Record<string, number>>; readonly paths: string[] }
  | { readonly ok: false; readonly reason: string };
