import { watch } from "node:fs";
import { readdir } from "node:fs/promises";
import { MediaError } from "#media/media-error.ts";
import type { Indexed, SessionIndexer } from "../index/session-indexer.ts";
import { segmentNumbers } from "../index/reconcile.ts";
import { sentenceOf, type Log } from "../log.ts";

/** Looked at this often even when the system reports nothing; ffmpeg's own list is never relied on. */
const POLL_MS = 1_000;

export interface SegmentWatch {
  /**
   * Indexes what is still new and stops watching. Call it when the recorder has ended, and again later
   * when some segments could not be indexed, as on a full disk.
   */
  finish(): Promise<"no-segments" | "all-done" | "unfinished">;
}

/** Puts every finished segment of a session's folder into the index as it appears, in order. */
export function watchSegments(
  folder: string,
  session: string,
  indexer: SessionIndexer,
  onIndexed: (hasFormatChanged: boolean) => void,
  log: Log,
): SegmentWatch {
  const done = new Set<number>();
  let isUnfinished = false;
  let scanning: Promise<void> = Promise.resolve();
  const scan = async (): Promise<void> => {
    isUnfinished = true;
    const numbers = segmentNumbers(await readdir(folder)).filter((number) => !done.has(number));
    for (const number of numbers.sort((a, b) => a - b)) {
      const indexed = await indexOne(indexer, session, number, log);
      // Not before: what failed for another reason, such as a full disk, is tried again.
      done.add(number);
      if (indexed !== null) onIndexed(indexed.hasFormatChanged);
    }
    isUnfinished = false;
  };
  const scanSoon = (): Promise<void> => {
    scanning = scanning.then(scan).catch((error: unknown) => log(`${session}: ${sentenceOf(error)}`));
    return scanning;
  };
  const timer = setInterval(() => void scanSoon(), POLL_MS);
  const watcher = watchFolder(folder, (name) => {
    if (segmentNumbers([name]).length > 0) void scanSoon();
  });
  return {
    async finish() {
      clearInterval(timer);
      watcher?.close();
      await scanSoon();
      if (isUnfinished) return "unfinished";
      return done.size === 0 ? "no-segments" : "all-done";
    },
  };
}

async function indexOne(
  indexer: SessionIndexer,
  session: string,
  number: number,
  log: Log,
): Promise<Indexed | null> {
  try {
    return await indexer.index(session, number);
  } catch (error) {
    if (!(error instanceof MediaError)) throw error;
    log(`segment ${number} of session ${session} is unreadable and left out: ${error.message}`);
    return null;
  }
}

/** Watching only saves time; where the system refuses it, the poll does the work. */
function watchFolder(folder: string, onName: (name: string) => void): { close(): void } | null {
  try {
    const watcher = watch(folder, (_event, name) => onName(name ?? ""));
    watcher.on("error", () => watcher.close());
    return watcher;
  } catch {
    return null;
  }
}
