import { failureOfExport } from "#shared/domain/failure.ts";
import { formatBytes } from "#shared/words/amounts.ts";
import { visibleName } from "#shared/domain/names.ts";
import { isEnded } from "#shared/domain/camera-export-state.ts";
import { spooledFileOf } from "#shared/domain/segment-state.ts";
import type { PortFailure } from "../ports/port-call.ts";
import type { SpoolSpace } from "../ports/segment-spool.ts";
import type { TrackedCameraExport, TrackedExport, TrackedSegment } from "../tracked/tracked-export.ts";

/** Exports of one account wait for the same service; those of another may go on meanwhile. */
export type AccountKey = string;

export function accountKeyOf(tracked: TrackedExport | undefined): AccountKey {
  return tracked?.record.account?.accountId ?? "";
}

/**
 * Whose bytes lie in the spool. Files of exports that are no longer in the list belong to nobody and do not count.
 */
export interface SpoolUse {
  /** Of running exports: they go by themselves as uploads proceed. */
  readonly runningBytes: number;
  readonly runningBytesOf: ReadonlyMap<AccountKey, number>;
  /** Of failed exports: they stay until somebody presses Retry or Dismiss. */
  readonly failedBytes: number;
  readonly failedNames: readonly string[];
}

export function spoolUse(
  files: SpoolSpace["files"],
  whose: (segmentId: string) => TrackedSegment | undefined,
): SpoolUse {
  const runningBytesOf = new Map<AccountKey, number>();
  const failed = new Map<string, string>();
  let [runningBytes, failedBytes] = [0, 0];
  for (const [segmentId, bytes] of files) {
    const found = whose(segmentId);
    if (found === undefined || !stillWaits(found)) continue;
    const { ofCameraExport } = found;
    const { cameraExportId, state } = ofCameraExport.record;
    if (state.kind === "failed") {
      failedBytes += bytes;
      failed.set(cameraExportId, nameOf(ofCameraExport));
    } else {
      const account = accountKeyOf(ofCameraExport.ofExport);
      runningBytes += bytes;
      runningBytesOf.set(account, (runningBytesOf.get(account) ?? 0) + bytes);
    }
  }
  return { runningBytes, runningBytesOf, failedBytes, failedNames: [...failed.values()] };
}

/**
 * What the service has, and what was cancelled, is removed at once; if that fails, it still does not count as
 * waiting.
 */
function stillWaits({ ofCameraExport, record }: TrackedSegment): boolean {
  const { state } = ofCameraExport.record;
  if (isEnded(state) && state.kind !== "failed") return false;
  return spooledFileOf(record.state) !== null && record.state.kind !== "verified";
}

function nameOf({ ofExport, record }: TrackedCameraExport): string {
  const request = ofExport.record.request.cameraExports[record.index];
  return visibleName(request?.name || request?.cameraName || record.cameraExportId);
}

/**
 * How many bytes of running exports may wait in the spool. Failed exports take at most half of the quota, so running
 * ones always have the other half. If failed ones hold the whole quota, something refuses everything it is sent: then
 * parts are read one at a time, so that the disk does not fill with more of the same.
 */
export function quotaOfRunning(quotaBytes: number, failedBytes: number): number {
  if (failedBytes >= quotaBytes) return 0;
  return Math.max(quotaBytes - failedBytes, quotaBytes / 2);
}

/** A part that is to be read next. */
export interface NextPart {
  readonly lengthBytes: number;
  readonly account: AccountKey;
}

/**
 * What stands in the way of a further part; null when it may be read now. An account without a part in the spool may
 * always have one, however long it is: the quota bounds what waits, and waiting for room that only others or nobody
 * could make would never end. The disk's own bounds hold for all.
 */
export function obstacleFor(
  { lengthBytes, account }: NextPart,
  space: SpoolSpace,
  use: SpoolUse,
): PortFailure | null {
  const isFirstOfAccount = (use.runningBytesOf.get(account) ?? 0) === 0;
  const isOverQuota = use.runningBytes + lengthBytes > quotaOfRunning(space.quotaBytes, use.failedBytes);
  if (isOverQuota && !isFirstOfAccount) return overQuota(lengthBytes, space, use);
  const never = neverFitting(lengthBytes, space);
  if (never !== null) return never;
  const neededBytes = lengthBytes + space.reserveBytes;
  return space.freeBytes < neededBytes ? diskFull(neededBytes, space, use) : null;
}

function overQuota(lengthBytes: number, space: SpoolSpace, use: SpoolUse): PortFailure {
  const { folder, quotaBytes, freeBytes } = space;
  return withFailed(use, {
    kind: "transient",
    ...failureOfExport({
      code: "SPOOL_FULL",
      message:
        `The spool has reached its quota of ${formatBytes(quotaBytes)}: ${formatBytes(use.runningBytes)} wait to be ` +
        `sent in ${folder}, the next segment needs ${formatBytes(lengthBytes)}; free on the disk: ` +
        `${formatBytes(freeBytes)}. Reading goes on when uploads have made room.`,
    }),
  });
}

function diskFull(neededBytes: number, space: SpoolSpace, use: SpoolUse): PortFailure {
  const { folder, freeBytes, reserveBytes } = space;
  return withFailed(use, {
    kind: "transient",
    ...failureOfExport({
      code: "SPOOL_DISK_FULL",
      message:
        `The disk of the spool folder ${folder} is almost full. Free: ${formatBytes(freeBytes)}, needed: ` +
        `${formatBytes(neededBytes)}, of which ${formatBytes(reserveBytes)} stay free.`,
    }),
  });
}

/** Why a part of this length can never be in the spool, whatever is removed from it; null if it can. */
export function neverFitting(lengthBytes: number, space: SpoolSpace): PortFailure | null {
  const { folder, diskBytes, reserveBytes, largestFileBytes = Infinity } = space;
  if (lengthBytes > largestFileBytes) {
    return {
      kind: "permanent",
      ...failureOfExport({
        code: "SPOOL_FILE_TOO_LARGE",
        message:
          `This segment needs ${formatBytes(lengthBytes)}; the disk of the spool folder ${folder} takes files of at most ` +
          `${formatBytes(largestFileBytes)}.`,
      }),
    };
  }
  if (lengthBytes + reserveBytes <= diskBytes) return null;
  return {
    kind: "permanent",
    ...failureOfExport({
      code: "SPOOL_PART_TOO_LARGE",
      message:
        `This segment needs ${formatBytes(lengthBytes)}; the disk of the spool folder ${folder} has ` +
        `${formatBytes(diskBytes)} in all, of which ${formatBytes(reserveBytes)} stay free.`,
    }),
  };
}

const NAMES_SHOWN = 3;

/** Nobody would look for the reason at exports that have ended. */
function withFailed({ failedBytes, failedNames }: SpoolUse, failure: PortFailure): PortFailure {
  if (failedBytes === 0) return failure;
  const shown = failedNames.slice(0, NAMES_SHOWN).join(", ");
  const more = failedNames.length - NAMES_SHOWN;
  const names = more > 0 ? `${shown} and ${more} more` : shown;
  return {
    ...failure,
    message: `${failure.message} ${formatBytes(failedBytes)} are held by failed exports (${names}).`,
    action: "Retry or dismiss the failed exports: that frees their room. The export goes on by itself.",
  };
}
