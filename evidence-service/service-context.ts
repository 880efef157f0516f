import type { KeyObject } from "node:crypto";
import type { ServiceKeys } from "./service-keys.ts";
import type { BlobStore } from "./storage/blob-store.ts";
import type { Metadata } from "./storage/metadata-tables.ts";

export interface ServiceSettings {
  /** How long an access token is good, seconds. */
  readonly accessTokenS: number;
  /** How long an upload address is good, milliseconds. */
  readonly uploadAddressMs: number;
  /** An evidence that is not complete, and of which nothing came for so long, is purged, milliseconds. */
  readonly abandonedAfterMs: number;
}

export const DEFAULT_SETTINGS: ServiceSettings = {
  accessTokenS: 3_600,
  uploadAddressMs: 3_600_000,
  abandonedAfterMs: 24 * 3_600_000,
};

/** What every part of the service is given: ports, keys, clock. */
export interface ServiceContext {
  readonly db: Metadata;
  readonly blobs: BlobStore;
  readonly keys: ServiceKeys;
  readonly keyStorePrivateKey: KeyObject;
  readonly settings: ServiceSettings;
  /** Milliseconds UTC. */
  readonly now: () => number;
  /** Milliseconds that nobody can set, from any beginning. */
  readonly passedMs: () => number;
  /** Where the service is reached, without a slash at the end. */
  readonly url: () => string;
  /** Tells the job runner that a job was committed. */
  readonly wakeJobs: () => void;
}

export function isoInstant(utcMs: number): string {
  return new Date(utcMs).toISOString();
}
