/** Whether the bytes that a move brought are still the same at both ends, read anew. */
import { blocksIn } from "../blobs/block-lists.ts";
import { StartRefusal } from "../site/start-refusal.ts";
import { BlobDamaged } from "../storage/blob-store.ts";
import { hashOf } from "./brought-bytes.ts";
import { committedAmong, listsIn, sumOfCommitted } from "./list-rows.ts";
import type { MoveEnd } from "./move-ends.ts";
import { MoveProgress } from "./move-progress.ts";
import { severalAtOnce } from "./side-by-side.ts";

const AT_ONCE = 4;

/**
 * Reads every file that both have. What came since the move, or was purged since, is in one of them alone.
 * @returns how many files were compared
 * @throws StartRefusal MOVE_DIFFERS, naming a file that the new place has not as the old one has it
 */
export async function compareBytes(from: MoveEnd, to: MoveEnd, progress: MoveProgress): Promise<number> {
  let compared = 0;
  progress.expect(await sumOfCommitted(from.db));
  await severalAtOnce(listsIn(from.db, "Committed"), AT_ONCE, async (row) => {
    const { list, blobName } = row;
    if ((await committedAmong(to.db, [list])).get(list) !== blobName) return;
    const old = await hashOrNull(from, row);
    const fresh = await hashOrNull(to, row);
    // What the old place lost itself, the new one could not be brought.
    if (old !== null && old !== fresh) {
      throw new StartRefusal("MOVE_DIFFERS", `The file ${blobName} reads otherwise in the new place.`);
    }
    compared += 1;
    progress.add({ lists: 1, lengthBytes: row.lengthBytes });
  });
  return compared;
}

type ListRow = Parameters<typeof blocksIn>[1] & { blobName: string };

async function hashOrNull({ db, stored }: MoveEnd, row: ListRow): Promise<string | null> {
  try {
    return await hashOf(stored.place, row.blobName, await blocksIn(db, row));
  } catch (error) {
    if (error instanceof BlobDamaged) return null;
    throw error;
  }
}
