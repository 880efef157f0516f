/** What a service does by itself, again and again, as long as it runs. */
import type { AbandonedEvidence } from "./api/purge.ts";
import type { UsedAssertions } from "./api/used-assertions.ts";
import type { AuditHeads } from "./audit/audit-heads.ts";
import type { TrailWatch } from "./backup/watch-trail.ts";
import type { KeyUse } from "./keys/key-use.ts";
import type { WayBack } from "./site/way-back.ts";
import type { ServiceWarnings } from "./operation/service-warnings.ts";
import type { RetentionWatch } from "./retention/keep-retention.ts";
import type { DiskReserve } from "./storage/disk-reserve.ts";
import type { SignIns } from "./web/sign-ins.ts";

const PURGE_EVERY_MS = 60_000;
const RETENTION_EVERY_MS = 60_000;
const FORGET_EVERY_MS = 60_000;
const TELL_REFUSED_EVERY_MS = 60_000;
const DISK_EVERY_MS = 5_000;
const WARN_EVERY_MS = 300_000;
const SIGN_EVERY_MS = 3_600_000;
const END_UPLOADS_EVERY_MS = 3_600_000;
const FORGOTTEN_EVERY_MS = 24 * 3_600_000;
const RENEW_OWNER_EVERY_MS = 3_600_000;
const TRAIL_EVERY_MS = 5_000;
const KEYS_EVERY_MS = 5_000;
const STORE_EVERY_MS = 5_000;
const REWRAP_EVERY_MS = 3_600_000;
const INDEX_EVERY_MS = 300_000;
const TELL_SEEN_EVERY_MS = 30_000;
const FORWARD_EVERY_MS = 300_000;
const UNTOLD = "what was watched cannot be written to the audit trail";
const REFUSED_UNTOLD = "refused sign-ins cannot be written to the audit trail";
const UNSIGNED = "the audit trail's head cannot be signed";

export interface UpkeepParts {
  readonly abandoned: AbandonedEvidence;
  readonly usedAssertions: UsedAssertions;
  readonly signIns: SignIns;
  readonly heads: AuditHeads;
  readonly reserve: DiskReserve;
  readonly warnings: ServiceWarnings;
  /** Ends uploads that nobody goes on with; null where the store has none. */
  readonly endUploads: (() => Promise<void>) | null;
  /** Removes what lies in the store and no row knows; null where the store's own start does it. */
  readonly removeForgotten: (() => Promise<void>) | null;
  /** Says anew whose the store is; null of files in the folder. */
  readonly renewOwner: (() => Promise<void>) | null;
  readonly keyUse: KeyUse;
  /** Notices a database that went back. */
  readonly trail: TrailWatch;
  /** Wraps content keys for the key in use that are not yet. */
  readonly rewrap: () => Promise<void>;
  readonly retention: RetentionWatch;
  /** Has the index of the trail take up what it has not yet. */
  readonly index: () => Promise<void>;
  /** Writes to the trail what was watched and what was refused since; all of it where the service ends. */
  readonly tellSeen: (isLast: boolean) => Promise<void>;
  readonly wayBack: WayBack;
  /** Whether this service is the one that does what only one may. */
  readonly hasTurn: () => Promise<boolean>;
  /** Has the log told when the store of the files is away, and back. */
  readonly lookAtStore: () => Promise<void>;
  /** What failed. */
  readonly report: (error: unknown, message: string) => void;
}

export interface Upkeep {
  /**
   * Ends it after what is under way. Nothing may be written to the audit trail afterwards: the last signed head covers
   * all of it.
   */
  readonly stop: () => Promise<void>;
}

/** Begins at once. What fails is logged and tried again at its next time. */
export function startUpkeep({
  abandoned,
  usedAssertions,
  signIns,
  heads,
  reserve,
  warnings,
  endUploads,
  removeForgotten,
  renewOwner,
  keyUse,
  trail,
  rewrap,
  retention,
  index,
  tellSeen,
  wayBack,
  hasTurn,
  lookAtStore,
  report,
}: UpkeepParts): Upkeep {
  const repeated: readonly Repeated[] = [
    {
      everyMs: PURGE_EVERY_MS,
      // Who watches counts the time: two would count it twice.
      act: async () => ((await hasTurn()) ? abandoned.purge() : abandoned.onlyLook()),
      failure: "the purge failed",
    },
    {
      everyMs: FORGET_EVERY_MS,
      act: async () => ((await hasTurn()) ? usedAssertions.forget() : usedAssertions.onlyLook()),
      failure: "used assertions cannot be forgotten",
    },
    {
      everyMs: RETENTION_EVERY_MS,
      act: async () => retention.look({ hasTurn: await hasTurn() }),
      failure: "how long evidence is kept cannot be looked at",
    },
    {
      everyMs: TELL_REFUSED_EVERY_MS,
      act: () => signIns.tellRefused(),
      failure: REFUSED_UNTOLD,
    },
    { everyMs: DISK_EVERY_MS, act: () => reserve.look(), failure: "the disk does not answer" },
    { everyMs: WARN_EVERY_MS, act: () => warnings.look(), failure: "what to warn of cannot be found out" },
    { everyMs: TRAIL_EVERY_MS, act: () => trail.look(), failure: "the audit trail cannot be looked at" },
    { everyMs: KEYS_EVERY_MS, act: () => keyUse.look(), failure: "the service's keys cannot be looked at" },
    { everyMs: STORE_EVERY_MS, act: lookAtStore, failure: "the store of the files cannot be asked" },
    {
      everyMs: REWRAP_EVERY_MS,
      act: async () => ((await hasTurn()) ? rewrap() : undefined),
      failure: "content keys cannot be wrapped anew",
    },
    {
      everyMs: TELL_SEEN_EVERY_MS,
      act: () => tellSeen(false),
      failure: UNTOLD,
    },
    {
      everyMs: INDEX_EVERY_MS,
      act: async () => ((await hasTurn()) ? index() : undefined),
      failure: "the audit trail's index cannot be brought forward",
    },
    { everyMs: FORWARD_EVERY_MS, act: () => wayBack.look(), failure: "the tables cannot be brought forward" },
    { everyMs: SIGN_EVERY_MS, act: () => heads.signNow(), failure: UNSIGNED },
    ...ofBucket(END_UPLOADS_EVERY_MS, endUploads, "uploads to the bucket stay"),
    ...ofBucket(FORGOTTEN_EVERY_MS, removeForgotten, "what nobody knows stays in the bucket"),
    ...ofBucket(
      RENEW_OWNER_EVERY_MS,
      renewOwner,
      "the store of the files cannot be said to be this service's",
    ),
  ];
  function ofBucket(everyMs: number, act: (() => Promise<void>) | null, failure: string): Repeated[] {
    if (act === null) return [];
    return [{ everyMs, act: async () => ((await hasTurn()) ? act() : undefined), failure }];
  }
  const stops = repeated.map((one) => repeat(one, report));
  return {
    stop: async () => {
      for (const stop of stops) await stop();
      await signIns.close().catch((error: unknown) => report(error, REFUSED_UNTOLD));
      // The store of the rows may be away by then.
      await tellSeen(true).catch((error: unknown) => report(error, UNTOLD));
      // A disk that is full keeps no service from ending.
      await heads.signNow().catch((error: unknown) => report(error, UNSIGNED));
      await trail.close().catch((error: unknown) => report(error, "what was known is not kept"));
    },
  };
}

interface Repeated {
  readonly everyMs: number;
  readonly act: () => Promise<unknown>;
  /** What the log says when it fails. */
  readonly failure: string;
}

/** @returns stops, after the one that is under way */
function repeat({ everyMs, act, failure }: Repeated, report: UpkeepParts["report"]): () => Promise<void> {
  let latest: Promise<unknown> = Promise.resolve();
  const run = (): void => {
    latest = act().catch((error: unknown) => report(error, failure));
  };
  run();
  const timer = setInterval(run, everyMs);
  timer.unref();
  return async () => {
    clearInterval(timer);
    await latest;
  };
}
