import { statfs } from "node:fs/promises";
import { formatBytes } from "#shared/words/amounts.ts";
import { sentenceOf, type Log } from "../ground/log.ts";

/** The disk is looked at this often. */
const PERIOD_MS = 2_000;

/**
 * Whatever reserve is set, with less than this a disk has no room: the next write is refused, and a camera would be said to
 * send nothing.
 */
const LEAST_BYTES = 1024 ** 2;

/** Whether the disk has room for more footage. */
export interface DiskRoom {
  readonly isFull: boolean;
  /** Calls back each time the disk becomes full; answers a function that ends this. */
  onFull(listener: () => void): () => void;
  /** Resolves when there is room, or when the signal is aborted. */
  untilRoom(signal: AbortSignal): Promise<void>;
  close(): void;
}

export interface DiskRoomOptions {
  readonly dir: string;
  /** Less free space than this is a full disk; there is room again at twice as much, so that it does not flutter. */
  readonly reserveBytes: number;
  readonly log: Log;
  readonly freeBytes?: () => Promise<number>;
  readonly periodMs?: number;
}

/** Watches the disk of an archive until closed. The answer is that of the last look. */
export function watchDiskRoom({
  dir,
  reserveBytes,
  log,
  freeBytes = freeIn(dir),
  periodMs = PERIOD_MS,
}: DiskRoomOptions): DiskRoom {
  let isFull = false;
  const keptBytes = Math.max(reserveBytes, LEAST_BYTES);
  const whenFull = new Set<() => void>();
  const whenRoom = new Set<() => void>();
  const look = async (): Promise<void> => {
    const free = await freeBytes();
    const wasFull = isFull;
    isFull = free < (wasFull ? 2 * keptBytes : keptBytes);
    if (isFull === wasFull) return;
    log(
      isFull
        ? `the disk is full (${formatBytes(free)} free); recording stops`
        : "the disk has room again; recording goes on",
    );
    for (const listener of isFull ? whenFull : whenRoom) listener();
  };
  const lookNow = (): void =>
    void look().catch((error: unknown) => log(`the disk does not answer: ${sentenceOf(error)}`));
  const timer = setInterval(lookNow, periodMs);
  lookNow();
  return {
    get isFull() {
      return isFull;
    },
    onFull(listener) {
      whenFull.add(listener);
      return () => void whenFull.delete(listener);
    },
    untilRoom: (signal) => (isFull && !signal.aborted ? untilOne(whenRoom, signal) : Promise.resolve()),
    close: () => clearInterval(timer),
  };
}

function untilOne(listeners: Set<() => void>, signal: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    const finish = (): void => {
      listeners.delete(finish);
      signal.removeEventListener("abort", finish);
      resolve();
    };
    listeners.add(finish);
    signal.addEventListener("abort", finish);
  });
}

function freeIn(dir: string): () => Promise<number> {
  return async () => {
    const { bavail, bsize } = await statfs(dir);
    return bavail * bsize;
  };
}
