/**
 * What an administrator does with the two places after a move: compares their bytes once more, removes the old place, or
 * goes back to it. Whatever cuts one of these off, it may be done again.
 */
import { appendAudit } from "../audit/audit-chain.ts";
import { openBlobsToRead } from "../blobs/place/moved-blobs.ts";
import { openMetadata } from "../site/metadata-place.ts";
import {
  type MoveMark,
  readFolderMark,
  readRowMark,
  removeFolderMark,
  writeFolderMark,
  writeRowMark,
} from "../site/move-mark.ts";
import { type LockingAlone, lockAlone } from "../site/service-locks.ts";
import { StartRefusal } from "../site/start-refusal.ts";
import type { Metadata } from "../storage/metadata-tables.ts";
import { clearFolder, clearPlace } from "./clear-place.ts";
import { compareBytes } from "./compare-bytes.ts";
import { leave, takeBack } from "./finish-move.ts";
import { metadataToRead, type MoveEnd, type NamedPlace, placeNamedIn, refuseSamePlace } from "./move-ends.ts";
import { plainly } from "./move-failures.ts";
import { MoveJournal } from "./move-journal.ts";
import { MoveProgress } from "./move-progress.ts";

export interface AfterMove {
  /** The folders of the move, as they were given to it. */
  readonly from: string;
  readonly to: string;
  readonly say: (line: string) => void;
}

const notDone = (detail: string): StartRefusal => new StartRefusal("MOVE_NOT_DONE", detail);

async function opened(
  named: NamedPlace,
  open: (place: NamedPlace) => Promise<Metadata> = metadataToRead,
): Promise<MoveEnd> {
  const db = await open(named);
  const stored = await openBlobsToRead(named.blobs, db).catch(async (error: unknown) => {
    await db.destroy();
    throw error;
  });
  let closing: Promise<void> | null = null;
  const close = (): Promise<void> => {
    stored.close();
    return (closing ??= db.destroy());
  };
  return { ...named, engine: named.metadata.kind, db, stored, close };
}

const AFTER_MOVE: LockingAlone = { command: "move", displaced: () => undefined };

const toWrite = ({ metadata }: NamedPlace): Promise<Metadata> => openMetadata(metadata, () => undefined);

async function bothNamed({ from, to }: AfterMove): Promise<{ old: NamedPlace; fresh: NamedPlace }> {
  const [old, fresh] = [await placeNamedIn(from), await placeNamedIn(to)];
  refuseSamePlace(old, fresh);
  const [left, arriving] = [await readFolderMark(from), await readFolderMark(to)];
  if (left?.state !== "left" && arriving?.state !== "arriving")
    throw notDone(`${from} was not moved anywhere.`);
  return { old, fresh };
}

/**
 * Reads all bytes at both ends, also while the new service runs.
 * @throws StartRefusal MOVE_NOT_DONE, MOVE_DIFFERS
 */
export async function compareAfterMove(given: AfterMove): Promise<void> {
  const { old, fresh } = await bothNamed(given);
  await plainly(fresh, async () => {
    const [from, to] = [await opened(old), await opened(fresh)];
    try {
      await refuseUndone(from, to);
      const count = await compareBytes(from, to, new MoveProgress(given.say));
      given.say(`${count} files were read in both places, and are the same.`);
    } finally {
      await from.close();
      await to.close();
    }
  });
}

/** @throws StartRefusal MOVE_NOT_DONE unless one of them was left for the other */
async function refuseUndone(from: NamedPlace, to: MoveEnd): Promise<void> {
  const [left, arrived] = [await readFolderMark(from.dir), await readRowMark(to.db)];
  if (left?.state !== "left") throw notDone(`${from.dir} was not moved anywhere.`);
  if (arrived?.state !== "arrived" || arrived.moveId !== left.moveId) {
    throw notDone(`${to.words} is not where ${from.dir} was moved to.`);
  }
}

/**
 * Compares all bytes once more, and removes everything in the old place.
 * @throws StartRefusal MOVE_NOT_DONE, MOVE_DIFFERS, MOVE_STILL_LOCKED
 */
export async function removeOld(given: AfterMove): Promise<void> {
  const { old } = await bothNamed(given);
  if (await isCleared(old)) await clearFolder(old.dir);
  else await compareAndClear(given, old);
  given.say(`${old.words} holds nothing of the service any more.`);
}

/** Whether only files of the folder are left, because a removal was cut off. */
async function isCleared(old: NamedPlace): Promise<boolean> {
  if ((await readFolderMark(old.dir))?.state !== "left") return false;
  try {
    await (await metadataToRead(old)).destroy();
    return false;
  } catch (error) {
    if (error instanceof StartRefusal && error.code === "NO_SERVICE") return true;
    throw error;
  }
}

async function compareAndClear(given: AfterMove, old: NamedPlace): Promise<void> {
  await compareAfterMove(given);
  const lock = await lockAlone(old.dir, AFTER_MOVE);
  try {
    const from = await opened(old, toWrite);
    try {
      const locked = await clearPlace(from);
      if (locked > 0) {
        const detail = `The store of the old place keeps ${locked} files by a lock; everything else that is stored there is gone.`;
        throw new StartRefusal("MOVE_STILL_LOCKED", detail);
      }
    } finally {
      await from.close();
    }
  } finally {
    await lock.release();
  }
}

export interface BackOut extends AfterMove {
  /** What came into the new place since is given up, or cannot be known. */
  readonly losesNewer: boolean;
}

/**
 * Goes back to the old place, or gives up a move that has not ended.
 * @returns whether something is given up that the new place acknowledged, or may have
 * @throws StartRefusal MOVE_NOT_DONE, MOVE_NEWER_WORK
 */
export async function backOut(given: BackOut): Promise<boolean> {
  const { old, fresh } = await bothNamed(given);
  const lock = await lockAlone(old.dir, AFTER_MOVE);
  try {
    const left = await leftFor(old, fresh);
    const newer = left === null ? "none yet" : await goBack(given, { old, fresh, left });
    await giveUp(given, fresh, left);
    return newer === null || (newer !== "none yet" && newer > 0);
  } finally {
    await lock.release();
  }
}

/** @returns the old place's mark; null where it was not left, or for another place, and only what is half brought goes */
async function leftFor(old: NamedPlace, fresh: NamedPlace): Promise<MoveMark | null> {
  const [mark, arriving] = [await readFolderMark(old.dir), await readFolderMark(fresh.dir)];
  if (mark !== null && mark.state !== "left") throw notDone(`${old.dir} was not moved anywhere.`);
  return arriving?.state === "arriving" && arriving.moveId !== mark?.moveId ? null : mark;
}

interface GoneBack {
  readonly old: NamedPlace;
  readonly fresh: NamedPlace;
  readonly left: MoveMark;
}

/** How many entries of the new trail are given up; null where it does not answer; "none yet" before it was served. */
type GivenUp = number | null | "none yet";

async function goBack(given: BackOut, { old, fresh, left }: GoneBack): Promise<GivenUp> {
  const newer = await leaveNew(given, { old, fresh, left });
  await takeBack(old, async (transaction) => {
    if (newer === "none yet") return;
    const entry = { atUtcMs: Date.now(), actor: "system", action: "MOVE_BACKED_OUT", subject: left.moveId };
    const auditSeq = await appendAudit(transaction, {
      ...entry,
      detail: { from: fresh.words, to: old.words, lostEntries: newer },
    });
    const sinceUtcMs = Date.now();
    await writeRowMark(transaction, {
      ...left,
      state: "arrived",
      other: fresh.words,
      sinceUtcMs,
      auditSeq,
    });
  });
  given.say(`${old.words} may be started again.`);
  if (newer === null) given.say(`${fresh.words} could not be marked. Never start it again.`);
  return newer;
}

/** No service starts in the new place any more. */
async function leaveNew({ losesNewer }: BackOut, { old, fresh, left }: GoneBack): Promise<GivenUp> {
  try {
    const lock = await lockAlone(fresh.dir, AFTER_MOVE);
    try {
      const db = await metadataToRead(fresh);
      try {
        const mark = await readRowMark(db);
        if (mark?.moveId !== left.moveId)
          throw notDone(`${fresh.words} is not where ${old.dir} was moved to.`);
        if (mark.state === "arriving") return "none yet";
        const newer = await entriesSince(db, mark.auditSeq ?? 0);
        if (newer.length > 0 && !losesNewer) throw newerWork(newer);
        const sinceUtcMs = Date.now();
        await leave(fresh, { ...mark, state: "left", other: old.words, sinceUtcMs });
        return newer.reduce((sum, { count }) => sum + count, 0);
      } finally {
        await db.destroy();
      }
    } finally {
      await lock.release();
    }
  } catch (error) {
    const isOurs = error instanceof StartRefusal && OF_BACKING_OUT.has(error.code);
    // What cannot be asked has to be the place that the old one was left for.
    if (isOurs || !losesNewer || left.other !== fresh.words) throw error;
    // Its folder at least: another machine's, or a copy of it, is beyond reach.
    await writeFolderMark(fresh.dir, { ...left, other: old.words, sinceUtcMs: Date.now() });
    return null;
  }
}

const OF_BACKING_OUT: ReadonlySet<string> = new Set([
  ...["MOVE_NOT_DONE", "MOVE_NEWER_WORK", "FOLDER_IN_USE", "POSTGRES_IN_USE"],
]);

interface Counted {
  readonly action: string;
  readonly count: number;
}

async function entriesSince(db: Metadata, seq: number): Promise<Counted[]> {
  const counts = new Map<string, number>();
  for (let after = seq; ;) {
    const rows = await db
      .selectFrom("audit")
      .select(["seq", "entryJson"])
      .where("seq", ">", after)
      .orderBy("seq")
      .limit(500)
      .execute();
    for (const { entryJson } of rows) {
      const entry: unknown = JSON.parse(entryJson);
      const action =
        typeof entry === "object" && entry !== null && "action" in entry ? String(entry.action) : "?";
      counts.set(action, (counts.get(action) ?? 0) + 1);
    }
    const last = rows.at(-1);
    if (last === undefined) return [...counts].map(([action, count]) => ({ action, count }));
    after = last.seq;
  }
}

function newerWork(newer: readonly Counted[]): StartRefusal {
  const total = newer.reduce((sum, { count }) => sum + count, 0);
  const named = newer.map(({ action, count }) => `${action} ${count}`).join(", ");
  return new StartRefusal(
    "MOVE_NEWER_WORK",
    `Since the move ${total} entries came into the audit trail of the new place (${named}).`,
  );
}

/** What a move that has not ended brought goes. */
async function giveUp({ say }: BackOut, fresh: NamedPlace, left: MoveMark | null): Promise<void> {
  const mark = await readFolderMark(fresh.dir);
  if (mark?.state !== "arriving") {
    if (left === null) throw notDone(`No move goes to ${fresh.words}.`);
    return;
  }
  const lock = await lockAlone(fresh.dir, AFTER_MOVE);
  try {
    const to = await opened(fresh, toWrite);
    try {
      const known = await readRowMark(to.db);
      if (known !== null && known.moveId !== mark.moveId)
        throw notDone(`${fresh.words} has what another move brought.`);
      await clearPlace(to);
      MoveJournal.remove(fresh.dir);
      await removeFolderMark(fresh.dir);
    } finally {
      await to.close();
    }
  } finally {
    await lock.release();
  }
  say(`What was brought to ${fresh.words} is gone.`);
}
