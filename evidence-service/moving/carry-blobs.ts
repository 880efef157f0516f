/**
 * Stored bytes from the old place to the new one. What is committed can be brought while the old service runs, as often as
 * one likes; each time only what is new. Blocks that wait to be committed are brought while it is stopped.
 */
import { blocksIn } from "../blobs/block-lists.ts";
import { BlobLocked } from "../storage/blob-store.ts";
import type { BlockListRow } from "../storage/metadata-rows.ts";
import {
  type BothPlaces,
  bringBytes,
  bringWhatIsLeft,
  type BroughtBytes,
  namedAnew,
  OldDamaged,
} from "./brought-bytes.ts";
import {
  committedAmong,
  describeStaged,
  forgetRows,
  forgetStaged,
  listsIn,
  sumOfCommitted,
  writeCommitted,
  writeStaged,
} from "./list-rows.ts";
import type { MoveEnd } from "./move-ends.ts";
import type { MoveJournal } from "./move-journal.ts";
import type { MoveProgress } from "./move-progress.ts";
import { severalAtOnce } from "./side-by-side.ts";

const AT_ONCE = 4;
const PAGE = 500;

export interface BlobPass {
  readonly from: MoveEnd;
  readonly to: MoveEnd;
  readonly journal: MoveJournal;
  readonly progress: MoveProgress;
  /** Whether nobody changes the old place meanwhile. */
  readonly isStopped: boolean;
  /** What is damaged in the old place is left out. */
  readonly leavesDamaged: boolean;
}

const placesOf = ({ from, to }: BlobPass): BothPlaces => ({ from: from.stored.place, to: to.stored.place });

/**
 * Brings the content of every blob that was not brought yet, and takes away what the old place has removed since.
 * @returns blobs that cannot be read in the old place, and were not brought
 */
export async function carryCommitted(pass: BlobPass): Promise<readonly string[]> {
  const { from, journal, progress } = pass;
  for (const blobName of journal.blobsBegun()) await forgetBlob(pass, blobName);
  await forgetRemoved(pass);
  progress.expect(await sumOfCommitted(from.db));
  progress.add(journal.totals());
  const unreadable: string[] = [];
  await severalAtOnce(listsIn(from.db, "Committed"), AT_ONCE, async (row) => {
    if (journal.isCompared(row.list)) return;
    if (!(await carryList(pass, row))) unreadable.push(row.blobName);
    progress.add({ lists: 1, lengthBytes: row.lengthBytes });
  });
  return unreadable;
}

/** @returns false where it cannot be read */
async function carryList(pass: BlobPass, row: BlockListRow): Promise<boolean> {
  const { from, to, journal } = pass;
  const { list, blobName, lengthBytes } = row;
  journal.begin(list, blobName);
  const blocks = await blocksIn(from.db, row);
  let brought: BroughtBytes;
  let isDamaged = false;
  try {
    brought = await bringBytes(placesOf(pass), blobName, blocks);
  } catch (error) {
    if (!(error instanceof OldDamaged)) throw error;
    await forgetBlob(pass, blobName);
    if (!pass.leavesDamaged || !pass.isStopped) return !(await isStillThere(pass, row));
    isDamaged = true;
    journal.begin(list, blobName);
    brought = await bringWhatIsLeft(placesOf(pass), blobName, blocks);
  }
  await writeCommitted(to.db, row, namedAnew(blocks, brought.names));
  journal.compared({ list, blobName, lengthBytes, sha256: brought.sha256 }, isDamaged);
  return true;
}

/** While the old service runs, what is read may just have been replaced, or purged. */
async function isStillThere({ from, isStopped }: BlobPass, { list }: BlockListRow): Promise<boolean> {
  return isStopped || (await committedAmong(from.db, [list])).has(list);
}

/** What was brought, and is not the content of its blob any more. */
async function forgetRemoved(pass: BlobPass): Promise<void> {
  const { from, journal } = pass;
  for (let after = -1; ;) {
    const page = journal.listsAfter(after, PAGE);
    const last = page.at(-1);
    if (last === undefined) return;
    after = last.list;
    const known = await committedAmong(
      from.db,
      page.map(({ list }) => list),
    );
    for (const { list, blobName } of page) if (known.get(list) !== blobName) await forgetBlob(pass, blobName);
  }
}

/** Everything of it: it is brought anew where the old place has it. */
async function forgetBlob({ to, journal, progress }: BlobPass, blobName: string): Promise<void> {
  for (const list of await forgetRows(to.db, blobName)) journal.forgetStaged(list);
  await to.stored.place.removeAll(blobName).catch((error: unknown) => {
    if (!(error instanceof BlobLocked)) throw error;
    progress.say(`${blobName} was removed in the old place, and the new one keeps it: ${error.message}`);
  });
  journal.forgetBlob(blobName);
}

/** Blocks that wait to be committed. What cannot be read of them is sent again by whoever sent it. */
export async function carryStaged(pass: BlobPass): Promise<void> {
  const { from, to, journal } = pass;
  const there = new Set<number>();
  await severalAtOnce(listsIn(from.db, "Staged"), AT_ONCE, async (row) => {
    there.add(row.list);
    await carryStagedList(pass, row);
  });
  for (const list of journal.stagedLists()) {
    if (there.has(list)) continue;
    const row = await to.db.selectFrom("blockList").selectAll().where("list", "=", list).executeTakeFirst();
    for (const { blockId } of journal.stagedIn(list)) {
      await forgetStaged({ db: to.db, place: to.stored.place }, row?.blobName ?? "", { list, blockId });
    }
    await to.db.deleteFrom("blockList").where("list", "=", list).execute();
    journal.forgetStaged(list);
  }
}

async function carryStagedList(pass: BlobPass, row: BlockListRow): Promise<void> {
  const { from, to, journal } = pass;
  const { list, blobName } = row;
  const blocks = await blocksIn(from.db, row);
  const names = new Map(blocks.map(({ blockId, fileName }) => [blockId, fileName]));
  for (const { blockId, source } of journal.stagedIn(list)) {
    if (names.get(blockId) === source) continue;
    await forgetStaged({ db: to.db, place: to.stored.place }, blobName, { list, blockId });
    journal.forgetStaged(list, blockId);
  }
  let [count, lengthBytes] = [0, 0];
  for (const block of blocks) {
    const { blockId, fileName: source } = block;
    let known = journal.stagedBlock(list, blockId);
    if (known === undefined) {
      const brought = await bringBytes(placesOf(pass), blobName, [block]).catch((error: unknown) => {
        if (error instanceof OldDamaged) return null;
        throw error;
      });
      if (brought !== null) await writeStaged(to.db, list, { ...block, fileName: brought.names[0] ?? "" });
      known = { list, blockId, source, lengthBytes: block.lengthBytes, sha256: brought?.sha256 ?? null };
      journal.keepStaged(known);
    }
    if (known.sha256 === null) continue;
    count += 1;
    lengthBytes += block.lengthBytes;
  }
  await describeStaged(to.db, { ...row, blocks: count, lengthBytes });
}

/** What belongs to an evidence that is complete is locked in the new place, as it is when it becomes complete there. */
export async function lockCompleted({ from, to, journal }: BlobPass): Promise<void> {
  if (!to.stored.isLocking) return;
  for (let after = -1; ;) {
    const page = journal.unlockedAfter(after, PAGE);
    const last = page.at(-1);
    if (last === undefined) return;
    after = last.list;
    const names = page.map(({ blobName }) => blobName);
    const completed = await from.db
      .selectFrom("resource")
      .innerJoin("evidence", "evidence.evidenceId", "resource.evidenceId")
      .select("resourceId")
      .where("resourceId", "in", names)
      .where("resource.state", "=", "UserCompleted")
      .where("lifecycleState", "in", ["Available", "Failed"])
      .where("completionJson", "is not", null)
      .execute();
    const isCompleted = new Set(completed.map(({ resourceId }) => resourceId));
    for (const { list, blobName } of page.filter((one) => isCompleted.has(one.blobName))) {
      const rows = await to.db
        .selectFrom("committedBlock")
        .select("fileName")
        .where("list", "=", list)
        .execute();
      await to.stored.place.protect(blobName, new Set(rows.map(({ fileName }) => fileName)));
      journal.locked(list);
    }
  }
}
