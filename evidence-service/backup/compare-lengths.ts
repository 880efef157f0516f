/** Whether the stored files are there, and as long as the metadata say: what a copy lost or cut off shows so at once. */
import pLimit from "p-limit";
import { formatCount, formatNumber } from "#shared/words/amounts.ts";
import { type BlobStore, BlobsUnreachable } from "../storage/blob-store.ts";
import type { Metadata } from "../storage/metadata-tables.ts";

const PAGE = 500;
/** Of a bucket each is a request. */
const AT_ONCE = 16;
const NAMED_MOST = 20;

export interface ComparedLengths {
  readonly differing: number;
  /** The first of them, in words. */
  readonly named: readonly string[];
}

/** Of files that were accepted; of others nobody was told that they are kept. */
export async function compareLengths(
  db: Metadata,
  blobs: Pick<BlobStore, "storedBytes">,
): Promise<ComparedLengths> {
  const limit = pLimit(AT_ONCE);
  const named: string[] = [];
  let differing = 0;
  for (let afterSeq = 0; ;) {
    const page = await acceptedAfter(db, afterSeq);
    const found = await Promise.all(page.map((file) => limit(() => howItDiffers(blobs, file))));
    for (const words of found) {
      if (words === null) continue;
      differing += 1;
      if (named.length < NAMED_MOST) named.push(words);
    }
    const last = page.at(-1);
    if (last === undefined || page.length < PAGE) return { differing, named };
    afterSeq = last.seq;
  }
}

function acceptedAfter(db: Metadata, afterSeq: number) {
  return db
    .selectFrom("resource")
    .select(["seq", "resourceId", "evidenceId", "lengthBytes"])
    .where("seq", ">", afterSeq)
    .where("state", "=", "UserCompleted")
    .orderBy("seq")
    .limit(PAGE)
    .execute();
}

type Accepted = Awaited<ReturnType<typeof acceptedAfter>>[number];

async function howItDiffers(
  blobs: Pick<BlobStore, "storedBytes">,
  { resourceId, evidenceId, lengthBytes }: Accepted,
): Promise<string | null> {
  const found = await blobs.storedBytes(resourceId).catch((error: unknown) => {
    // A folder without anything in it is one whose files are all missing.
    if (error instanceof BlobsUnreachable) return null;
    throw error;
  });
  if (found === lengthBytes) return null;
  const what =
    found === null
      ? "missing, or a part of it is"
      : `${formatNumber(found)} of ${formatNumber(lengthBytes ?? 0)} bytes`;
  return `${resourceId} of the evidence ${evidenceId}: ${what}`;
}

/** For the administrator; nothing where all are as they should be. */
export function linesOfLengths({ differing, named }: ComparedLengths): readonly string[] {
  if (differing === 0) return [];
  const others = differing - named.length;
  return [
    `Not as the metadata say: ${formatCount(differing, "stored file")}.`,
    ...named.map((words) => `  ${words}`),
    ...(others > 0 ? [`  and ${others} more`] : []),
    "Everything else is restored. Copy these from another backup to where the stored files are, under the same names, while the service is stopped.",
  ];
}
