/**
 * `move`: takes a service from one place to another, rows, stored bytes, jobs and keys. While the old service runs, only
 * bytes are brought; once it is stopped everything else follows, is compared, and the new place takes over. The old one is
 * read alone; at the end it gets a mark with which no service starts there. See docs/decisions/0149-moving.md.
 */
import { randomUUID } from "node:crypto";
import { mkdir } from "node:fs/promises";
import { join } from "node:path";
import { auditReport } from "../audit/audit-report.ts";
import { metadataInWords } from "../blobs/place/owned-store.ts";
import type { MovedOwner } from "../blobs/place/moved-blobs.ts";
import { carriedJobs } from "../jobs/carried-jobs.ts";
import { replaceJobs } from "../jobs/replace-jobs.ts";
import { type LockingAlone, lockAlone } from "../site/service-locks.ts";
import { idOfFolder } from "../site/metadata-of-folder.ts";
import {
  type MoveMark,
  readFolderMark,
  readRowMark,
  refuseMoved,
  writeFolderMark,
  writeRowMark,
} from "../site/move-mark.ts";
import { refuseUnfinishedRestore } from "../site/restore-mark.ts";
import { readServiceKeys } from "../site/service-keys.ts";
import { KEYS_FILE } from "../site/site-folder.ts";
import { StartRefusal } from "../site/start-refusal.ts";
import { type BlobPass, carryCommitted, carryStaged, lockCompleted } from "./carry-blobs.ts";
import { carryRows, commonShape, compareRows, type TableDigest } from "./carry-rows.ts";
import { tablesOf } from "./carried-tables.ts";
import { compareBlocks, hashOfBytes } from "./compare-blocks.ts";
import { finishMove, type MoveSums, tidyUp } from "./finish-move.ts";
import {
  keysOfService,
  type MoveEnd,
  type NamedPlace,
  type OldEnd,
  openNew,
  openOld,
  placeNamedIn,
  refuseSamePlace,
} from "./move-ends.ts";
import { MoveJournal } from "./move-journal.ts";
import { MoveProgress } from "./move-progress.ts";
import { plainly } from "./move-failures.ts";
import { ContentHash, rowsOf } from "./table-rows.ts";

export interface MoveOptions {
  /** Folders with the settings of both places. */
  readonly from: string;
  readonly to: string;
  /** What cannot be read in the old place is left out, and is missing in the new one too. */
  readonly leavesDamaged?: boolean;
  readonly say: (line: string) => void;
}

/** `brought`: the old service runs, and what it had was brought; the rest follows once it is stopped. */
export type MoveEnding = "brought" | "moved" | "moved before";

/** @throws StartRefusal */
export async function move(options: MoveOptions): Promise<MoveEnding> {
  const from = await placeNamedIn(options.from);
  await keysOfService(from);
  await mkdir(options.to, { recursive: true, mode: 0o700 });
  const to = await placeNamedIn(options.to);
  refuseSamePlace(from, to);
  return plainly(to, async () => {
    const lock = await lockAlone(to.dir, MOVING);
    try {
      return await moveInto(options, from, to);
    } finally {
      await lock.release();
    }
  });
}

/** Who takes a place while the database was away has it, and what is written after that is not ours. */
function takenMeanwhile(): void {
  process.stderr.write("MOVE_INTERRUPTED: A service has taken the place meanwhile.\n");
  process.exit(1);
}

const MOVING: LockingAlone = { command: "move", displaced: takenMeanwhile };

async function moveInto(options: MoveOptions, from: NamedPlace, to: NamedPlace): Promise<MoveEnding> {
  for (const { dir } of [from, to]) await refuseUnfinishedRestore(dir);
  const stopped = await lockIfStopped(from.dir);
  try {
    const old = await openOld(from);
    try {
      await refuseOtherTarget(old, to);
      const fresh = await openNew(to);
      try {
        return await carry(options, old, fresh, stopped !== null);
      } finally {
        await fresh.close();
      }
    } finally {
      await old.close();
    }
  } finally {
    await stopped?.release();
  }
}

const IN_USE: ReadonlySet<string> = new Set(["FOLDER_IN_USE", "POSTGRES_IN_USE"]);

/** @returns null while a service runs */
async function lockIfStopped(dir: string) {
  return lockAlone(dir, MOVING).catch((error: unknown) => {
    if (error instanceof StartRefusal && IN_USE.has(error.code)) return null;
    throw error;
  });
}

/** Before anything is made there. @throws StartRefusal MOVE_TARGET_OTHER, MOVE_TARGET_NOT_EMPTY, MOVED_AWAY */
async function refuseOtherTarget({ dir, keys }: OldEnd, to: NamedPlace): Promise<void> {
  const theirs = await readServiceKeys(join(to.dir, KEYS_FILE));
  if (theirs !== null && theirs.tenantId !== keys.tenantId) {
    throw new StartRefusal("MOVE_TARGET_OTHER", `${to.dir} is the folder of another organisation's service.`);
  }
  const mark = await readFolderMark(to.dir);
  if (mark?.state === "left") refuseMoved(mark);
  // What was moved once is not moved again from here.
  if (mark === null) refuseMoved(await readFolderMark(dir));
  if (mark === null && (theirs !== null || (await idOfFolder(to.dir)) !== null)) {
    throw notEmpty(`${to.dir} is a service's folder already`);
  }
}

const notEmpty = (what: string): StartRefusal => new StartRefusal("MOVE_TARGET_NOT_EMPTY", `${what}.`);

async function carry(
  { say, leavesDamaged = false }: MoveOptions,
  from: OldEnd,
  to: MoveEnd,
  isStopped: boolean,
): Promise<MoveEnding> {
  const mark = await markTarget(from, to);
  if (mark.state === "arrived") {
    await tidyUp(from, to);
    return "moved before";
  }
  refuseOtherMove(await readFolderMark(from.dir), mark);
  refuseOtherMove(await leftMark(from), mark);
  const journal = new MoveJournal(to.dir);
  try {
    const progress = new MoveProgress(say);
    const pass = { from, to, journal, progress, isStopped, leavesDamaged };
    await refuseOtherPast(from, journal);
    const unreadable = await carryCommitted(pass);
    await keepTrailEnd(from, journal);
    say(progress.line);
    await lockCompleted(pass);
    if (!isStopped) return "brought";
    if (unreadable.length > 0 && !leavesDamaged) throw damaged(unreadable);
    const sums = await carryRest(pass, say);
    await finishMove({ from, to, mark, sums, leavesDamaged, say });
  } finally {
    journal.close();
  }
  await tidyUp(from, to);
  return "moved";
}

/** In an old place other than SQLite, the row is what all services of it see. */
async function leftMark({ db }: OldEnd): Promise<MoveMark | null> {
  const mark = await readRowMark(db);
  return mark?.state === "arrived" ? null : mark;
}

/** @throws StartRefusal MOVED_AWAY, MOVE_UNDER_WAY where the old place is not what is served */
function refuseOtherMove(found: MoveMark | null, mark: MoveMark): void {
  if (found?.moveId !== mark.moveId) refuseMoved(found);
}

/** Only what was empty is marked, and only what is marked is filled. */
async function markTarget(from: OldEnd, to: MoveEnd): Promise<MoveMark> {
  const [ofFolder, ofRows] = [await readFolderMark(to.dir), await readRowMark(to.db)];
  if (ofFolder !== null) {
    const isOther = ofFolder.tenantId !== from.keys.tenantId || ofFolder.other !== from.words;
    if (isOther || (ofRows !== null && ofRows.moveId !== ofFolder.moveId)) {
      throw new StartRefusal(
        "MOVE_TARGET_OTHER",
        `${to.words} has what another move brings from ${ofFolder.other}.`,
      );
    }
    if (ofRows !== null) {
      await to.stored.take(ownerOf(from, to));
      return ofRows;
    }
  }
  if (ofRows !== null)
    throw new StartRefusal("MOVE_TARGET_OTHER", `${to.words} has what another move brought.`);
  for (const table of [...tablesOf("rows"), ...tablesOf("blocks")]) {
    const shape = await commonShape(from, to, table);
    for await (const _ of rowsOf(to.db, shape, (row) => row)) throw notEmpty(`${to.words} has rows already`);
  }
  if (await to.stored.hasBlobs()) throw notEmpty(`${to.words} has stored files already`);
  const mark = ofFolder ?? {
    ...{ state: "arriving" as const, moveId: randomUUID(), tenantId: from.keys.tenantId },
    ...{ other: from.words, sinceUtcMs: Date.now(), auditSeq: null },
  };
  await writeFolderMark(to.dir, mark);
  await writeRowMark(to.db, mark);
  await to.stored.take(ownerOf(from, to));
  return mark;
}

const ownerOf = ({ keys: { tenantId } }: OldEnd, { metadata }: MoveEnd): MovedOwner => ({
  tenantId,
  metadata: metadataInWords(metadata),
});

/** An old place that was set back to an earlier time gives its numbers anew, to other files. */
async function refuseOtherPast({ db }: OldEnd, journal: MoveJournal): Promise<void> {
  const seen = journal.trailEnd();
  if (seen === undefined) return;
  const row = await db.selectFrom("audit").select("hash").where("seq", "=", seen.seq).executeTakeFirst();
  if (row?.hash === seen.hash) return;
  const detail =
    "The old place is not the one of which files were brought: its audit trail has another past.";
  throw new StartRefusal("MOVE_TARGET_OTHER", detail);
}

async function keepTrailEnd({ db }: OldEnd, journal: MoveJournal): Promise<void> {
  const last = await db
    .selectFrom("audit")
    .select(["seq", "hash"])
    .orderBy("seq", "desc")
    .limit(1)
    .executeTakeFirst();
  if (last !== undefined) journal.keepTrailEnd(last);
}

const NAMED_MOST = 10;

function damaged(blobNames: readonly string[]): StartRefusal {
  const named = blobNames.slice(0, NAMED_MOST).join(", ");
  const others = blobNames.length > NAMED_MOST ? ` and ${blobNames.length - NAMED_MOST} more` : "";
  return new StartRefusal(
    "MOVE_DAMAGED",
    `In the old place ${blobNames.length} files cannot be read: ${named}${others}.`,
  );
}

/** All that is brought while no service runs. */
async function carryRest(pass: BlobPass, say: (line: string) => void): Promise<MoveSums> {
  const { from, to, journal } = pass;
  const report = await auditReport(from.dir);
  if (!report.isWhole && !pass.leavesDamaged) {
    throw new StartRefusal("MOVE_TRAIL_NOT_WHOLE", `In the old place: ${report.lines.at(-2) ?? ""}`);
  }
  await carryStaged(pass);
  const again = journal.sentAgain();
  if (again.blocks > 0)
    say(`${again.blocks} blocks of ${again.lists} uploads under way are sent again by their consoles`);
  await carryRows(from, to, say);
  const jobs = await carriedJobs(from.db, from.engine);
  await replaceJobs(to.db, to.metadata, jobs);
  say("comparing every row");
  const digests = [...(await compareRows(from, to)), ...(await compareBlocks(from, to, journal))];
  await compareJobs(to, jobs);
  return sumsOf(digests, { jobs: jobs.length, journal });
}

async function compareJobs(to: MoveEnd, jobs: Awaited<ReturnType<typeof carriedJobs>>): Promise<void> {
  const theirs = await carriedJobs(to.db, to.engine);
  if (JSON.stringify(theirs) === JSON.stringify(jobs)) return;
  throw new StartRefusal("MOVE_DIFFERS", "The jobs are not the same in the new place.");
}

function sumsOf(
  digests: readonly TableDigest[],
  { jobs, journal }: { readonly jobs: number; readonly journal: MoveJournal },
): MoveSums {
  const rows = new ContentHash();
  for (const { table, rows: count, sha256 } of digests) rows.add(`${table} ${count} ${sha256}`);
  const { lists: files, lengthBytes } = journal.totals();
  return {
    ...{ rows: digests.reduce((sum, one) => sum + one.rows, 0), rowsSha256: rows.digest() },
    ...{ files, lengthBytes, filesSha256: hashOfBytes(journal), jobs },
    ...{ damaged: journal.damaged().length, sentAgain: journal.sentAgain().blocks },
  };
}
