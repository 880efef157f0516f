import type { SenderPriority } from "../http/sender-priority.ts";
import type { JobQueue } from "../jobs/job-queue.ts";
import type { KeyRing } from "../site/key-ring.ts";
import type { BlobStore } from "../storage/blob-store.ts";
import type { Metadata } from "../storage/metadata-tables.ts";
import type { SearchPort } from "../search/search-port.ts";

export interface ServiceSettings {
  /** How long an access token is good, seconds. */
  readonly accessTokenS: number;
  /** How long an upload address is good, milliseconds. */
  readonly uploadAddressMs: number;
  /** An evidence that is not complete, and of which nothing came for so long, is purged, milliseconds. */
  readonly abandonedAfterMs: number;
  /** Uploads leave so much of the disk free, bytes. */
  readonly diskReserveBytes: number;
  /** Held for sign-in, reading and the audit trail on a disk that something else fills, bytes; 0 for none. */
  readonly diskBallastBytes: number;
}

export const DEFAULT_SETTINGS: ServiceSettings = {
  accessTokenS: 3_600,
  uploadAddressMs: 3_600_000,
  abandonedAfterMs: 24 * 3_600_000,
  diskReserveBytes: 512 << 20,
  diskBallastBytes: 32 << 20,
};

/** What every part of the service is given: ports, keys, clock. */
export interface ServiceContext {
  readonly db: Metadata;
  readonly search: SearchPort;
  readonly blobs: BlobStore;
  readonly keys: KeyRing;
  readonly settings: ServiceSettings;
  /** Milliseconds UTC. */
  readonly now: () => number;
  /** Milliseconds that nobody can set, from any beginning. */
  readonly passedMs: () => number;
  /** Where the service is reached, without a slash at the end. */
  readonly url: () => string;
  /** Where it is reached too. */
  readonly otherUrls: readonly string[];
  /** Who sends goes before who reads. */
  readonly senders: SenderPriority;
  /** Told of each video that was joined, or not, and of uploads that were ended. */
  readonly metrics: {
    readonly joined: (end: "done" | "failed", seconds: number) => void;
    readonly uploadsEnded: (count: number) => void;
  };
  /** Takes in work that outlives a request. */
  readonly jobs: Pick<JobQueue, "add" | "wake">;
}
