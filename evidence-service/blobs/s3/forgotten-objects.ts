/**
 * Objects that no row knows, of blobs to which nobody writes any more: what a service leaves that ends between an object
 * and its row, while another one seals the blob. Objects of other blobs are left alone, as they may be somebody
 * else's, or be written just now.
 */
import { sql } from "kysely";
import { jsonRows } from "../../storage/json-rows.ts";
import { BlobLocked } from "../../storage/blob-store.ts";
import type { Metadata } from "../../storage/metadata-tables.ts";
import type { Bucket } from "./bucket.ts";
import { keyOf } from "./object-names.ts";

const DAY_MS = 86_400_000;
/** Blobs of one question to the database. */
const BLOBS_AT_ONCE = 500;
const KEY = /^([0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12})\/([0-9a-f]{24})$/;

export interface ForgottenParts {
  readonly db: Metadata;
  readonly bucket: Pick<Bucket, "objects" | "remove">;
  readonly now: () => number;
}

/** Objects of a blob. */
type Found = Map<string, Set<string>>;

/**
 * Reads the list of all objects, a thousand a request, and removes what was forgotten more than a day ago.
 * @returns how many
 */
export async function removeForgottenObjects(parts: ForgottenParts, signal: AbortSignal): Promise<number> {
  const { bucket, now } = parts;
  let removed = 0;
  let found: Found = new Map();
  for await (const { key, writtenUtcMs } of bucket.objects()) {
    if (signal.aborted) return removed;
    const [, blobName, object] = KEY.exec(key) ?? [];
    if (blobName === undefined || object === undefined || now() - writtenUtcMs < DAY_MS) continue;
    if (found.size >= BLOBS_AT_ONCE && !found.has(blobName)) {
      removed += await removeUnknown(parts, found);
      found = new Map();
    }
    found.set(blobName, (found.get(blobName) ?? new Set<string>()).add(object));
  }
  return removed + (await removeUnknown(parts, found));
}

async function removeUnknown({ db, bucket }: ForgottenParts, found: Found): Promise<number> {
  const ended = await blobsOfNoWriter(db, [...found.keys()]);
  if (ended.length === 0) return 0;
  const known = await knownObjects(db, ended);
  const keys = ended.flatMap((blobName) =>
    [...(found.get(blobName) ?? [])]
      .map((object) => keyOf(blobName, object))
      .filter((key) => !known.has(key)),
  );
  try {
    if (keys.length > 0) await bucket.remove(keys);
    return keys.length;
  } catch (error) {
    // The lock of an object is over some day, and it is found again.
    if (error instanceof BlobLocked) return 0;
    throw error;
  }
}

/** Those that are sealed. */
async function blobsOfNoWriter(db: Metadata, names: readonly string[]): Promise<string[]> {
  const rows = await db
    .selectFrom("blob")
    .select("blobName")
    .where("sealed", "=", 1)
    .where(among(db, names))
    .execute();
  return rows.map(({ blobName }) => blobName);
}

const among = (db: Metadata, names: readonly string[]) =>
  sql<boolean>`"blobName" IN (SELECT value ->> 0 FROM ${jsonRows(
    db,
    names.map((name) => [name]),
  )} AS given)`;

/**
 * Keys of objects that a list or an upload names. An upload's row goes once its list is there: so it is asked for first.
 */
async function knownObjects(db: Metadata, names: readonly string[]): Promise<ReadonlySet<string>> {
  const uploads = await db
    .selectFrom("objectUpload")
    .select(["blobName", "object"])
    .where(among(db, names))
    .execute();
  const inLists = async (table: "committedBlock" | "stagedBlock") => {
    // A list of fifty thousand blocks names a few objects.
    const { rows } = await sql<{ blobName: string; object: string }>`
      SELECT DISTINCT "blobName", substr("fileName", 1, 24) AS "object" FROM ${sql.table(table)} AS block
        JOIN "blockList" ON "blockList"."list" = block."list" WHERE ${among(db, names)}`.execute(db);
    return rows;
  };
  const all = [...uploads, ...(await inLists("committedBlock")), ...(await inLists("stagedBlock"))];
  return new Set(all.map(({ blobName, object }) => keyOf(blobName, object)));
}
