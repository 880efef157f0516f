/** Takes away what a place holds of a service: stored bytes first, as rows alone know them; then the rows; then the folder. */
import { readdir, rm } from "node:fs/promises";
import { join } from "node:path";
import { sql } from "kysely";
import { CONNECTION_FILE_ENDING } from "#shared/domain/connection-file-name.ts";
import { DATABASE_FILE } from "../site/metadata-place.ts";
import { KEY_LOCK_FILES, RETIRED_KEYS_FILE } from "../site/keys-file.ts";
import { METADATA_ID_FILE } from "../site/metadata-of-folder.ts";
import { AUDIT_HEADS_FILE, BLOB_FOLDER, KEYS_FILE } from "../site/site-folder.ts";
import { BlobLocked } from "../storage/blob-store.ts";
import type { Metadata } from "../storage/metadata-tables.ts";
import type { MoveEnd } from "./move-ends.ts";

const PAGE = 500;

/** @returns how many blobs the store keeps by a lock; as long as there is one, their rows stay too */
export async function clearPlace(end: MoveEnd): Promise<number> {
  let locked = 0;
  for await (const blobName of blobNames(end.db)) {
    try {
      await end.stored.place.removeAll(blobName);
    } catch (error) {
      if (!(error instanceof BlobLocked)) throw error;
      locked += 1;
    }
  }
  if (locked > 0) return locked;
  await end.stored.leave();
  if (end.engine === "postgres") await clearSchema(end.db);
  await end.close();
  await clearFolder(end.dir);
  return 0;
}

/** Each once, also of blobs that have several lists. */
async function* blobNames(db: Metadata): AsyncGenerator<string> {
  for (let after = ""; ;) {
    const rows = await db
      .selectFrom("blockList")
      .select("blobName")
      .distinct()
      .where("blobName", ">", after)
      .orderBy("blobName")
      .limit(PAGE)
      .execute();
    for (const { blobName } of rows) yield blobName;
    const last = rows.at(-1);
    if (last === undefined) return;
    after = last.blobName;
  }
}

const OF_THE_SERVICE: ReadonlySet<string> = new Set([
  ...[
    KEYS_FILE,
    RETIRED_KEYS_FILE,
    AUDIT_HEADS_FILE,
    METADATA_ID_FILE,
    "port",
    "reserve.bin",
    "connection.json",
    BLOB_FOLDER,
  ],
  ...KEY_LOCK_FILES,
  ...["", "-wal", "-shm"].map((ending) => DATABASE_FILE + ending),
]);

/** Settings that an administrator wrote stay, and so does the mark of the move. */
export async function clearFolder(dir: string): Promise<void> {
  for (const name of await readdir(dir)) {
    const isOfService = OF_THE_SERVICE.has(name) || name.endsWith(CONNECTION_FILE_ENDING);
    if (isOfService) await rm(join(dir, name), { recursive: true, force: true });
  }
}

/** Everything in the schema, which stays: the service's role may not make one. */
async function clearSchema(db: Metadata): Promise<void> {
  // All are named before the first one goes: what goes with another one has no name any more.
  await sql`DO $$ DECLARE one text; every text[] := array(
    SELECT format('DROP TABLE IF EXISTS %s CASCADE', oid::regclass) FROM pg_class
      WHERE relnamespace = current_schema()::regnamespace AND relkind IN ('r', 'p')
    UNION ALL SELECT format('DROP FUNCTION IF EXISTS %s CASCADE', oid::regprocedure) FROM pg_proc
      WHERE pronamespace = current_schema()::regnamespace
    UNION ALL SELECT format('DROP TYPE IF EXISTS %s CASCADE', oid::regtype) FROM pg_type
      WHERE typnamespace = current_schema()::regnamespace AND typtype = 'e');
  BEGIN
    FOREACH one IN ARRAY every LOOP EXECUTE one; END LOOP;
  END $$`.execute(db);
}
