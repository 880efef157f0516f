/** On which engine tests keep the metadata of the services that they start: `npm run proofs -- engines` names PostgreSQL. */
import { randomUUID } from "node:crypto";
import { mkdir, rm, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { METADATA_ID_FILE } from "../site/metadata-of-folder.ts";
import { KEYS_FILE } from "../site/site-folder.ts";
import { readServiceKeys, saveServiceKeys } from "../site/service-keys.ts";
import { DATABASE_FILE, POSTGRES_FILE } from "../site/metadata-place.ts";

/** The address of the PostgreSQL that the tests run on; they run on SQLite where there is none. */
export const TEST_DATABASE = "EVIDENCE_DESK_TEST_DATABASE";

/** A place in PostgreSQL. */
export interface TestMetadata {
  readonly url: string;
  readonly schema: string;
  /** `several` where other services use it too. */
  readonly instances?: "several";
}

/** A schema of its own where the tests run on PostgreSQL; null where they run on SQLite. */
export function ownSchema(): TestMetadata | null {
  const url = process.env[TEST_DATABASE];
  return url === undefined ? null : { url, schema: `site_${randomUUID().replaceAll("-", "")}` };
}

/**
 * Tells the service of a folder where its metadata are. What SQLite had of them there is gone.
 * @param dir made where it is not there @param metadata null for SQLite, which needs nothing
 * @returns whether they are in PostgreSQL, and have to be made there
 */
export async function keepMetadataIn(dir: string, metadata: TestMetadata | null): Promise<boolean> {
  await mkdir(dir, { recursive: true, mode: 0o700 });
  if (metadata === null) return false;
  const ofSqlite = ["", "-wal", "-shm"].map((ending) => DATABASE_FILE + ending);
  for (const name of [...ofSqlite, METADATA_ID_FILE]) await rm(join(dir, name), { force: true });
  await asIfNew(join(dir, KEYS_FILE));
  await writeFile(join(dir, POSTGRES_FILE), JSON.stringify(metadata), { mode: 0o600 });
  return true;
}

/** Keys with which no metadata were made: a service begins with them. */
async function asIfNew(file: string): Promise<void> {
  const keys = await readServiceKeys(file);
  if (keys === null) return;
  const { metadataMadeUtc: _, ...unused } = keys;
  await saveServiceKeys(file, unused);
}
