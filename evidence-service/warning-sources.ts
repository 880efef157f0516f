/** Where the service looks for what an administrator should mend. */
import type { KeyUse } from "./keys/key-use.ts";
import type { WarningSources } from "./operation/service-warnings.ts";
import type { RetentionClock } from "./retention/retention-clock.ts";
import type { MetadataPlace } from "./site/metadata-place.ts";
import { type BlobStore, isAway } from "./storage/blob-store.ts";
import type { DiskReserve } from "./storage/disk-reserve.ts";
import type { Metadata } from "./storage/metadata-tables.ts";
import { settingsThatAreOff } from "./storage/postgres/durable-settings.ts";
import { protectionOf } from "./storage/postgres/line-protection.ts";
import { trailMarkOf } from "./storage/trail-mark.ts";

export interface WatchedParts {
  readonly db: Metadata;
  readonly place: MetadataPlace;
  readonly store: BlobStore;
  readonly reserve: DiskReserve;
  readonly clock: RetentionClock;
  readonly keyUse: () => KeyUse;
}

export function warningSources({ db, place, store, reserve, clock, keyUse }: WatchedParts): WarningSources {
  const protection = place.kind === "postgres" ? protectionOf(place) : "local";
  return {
    settingsThatAreOff: async () => (place.kind === "postgres" ? settingsThatAreOff(db) : []),
    line: () => protection,
    ofKeys: () => keyUse().warnings,
    areFilesAway: () => isAway(store),
    isEarlier: () => (trailMarkOf(db)?.lost ?? null) !== null,
    isClockAhead: () => clock.aheadMs > 0,
    isDiskFull: async () => (await reserve.room()).isFull,
  };
}
