/**
 * A service's folder and its metadata know each other by an id, in a file here and in a row there. Stored files that the
 * metadata do not know are taken away at the start: with the metadata of another folder, or with empty ones, all would be.
 */
import { randomUUID } from "node:crypto";
import { readdir, readFile } from "node:fs/promises";
import { join } from "node:path";
import { writeDurably } from "#runtime/files/durable-file.ts";
import { saysMissing } from "#runtime/files/missing-file.ts";
import type { Metadata } from "../storage/metadata-tables.ts";
import { StartRefusal } from "./start-refusal.ts";

export const METADATA_ID_FILE = "metadata-id";
export const ID_SETTING = "metadataId";
/** Blobs are named by random UUIDs; a disk's own `lost+found` is none of ours. */
const BLOB_FOLDER = /^[0-9a-f-]{36}$/;

export interface FolderOfMetadata {
  readonly dir: string;
  readonly blobFolder: string;
  /** The account that every service's first start makes. */
  readonly principalId: string;
}

/** @throws StartRefusal METADATA_ELSEWHERE; nothing was changed */
export async function refuseForeignMetadata(db: Metadata, folder: FolderOfMetadata): Promise<void> {
  const [ours, theirs] = [await idOfFolder(folder.dir), await idOfMetadata(db)];
  if (ours !== null && theirs === ours) return;
  // Folders from before there were ids are known by their account.
  if (ours === null && (await isAccountKnown(db, folder.principalId))) return;
  if (theirs === null && (await isFreshFolder(folder))) return;
  const what = theirs === null ? "knows nothing of this service" : "is of another service's folder";
  throw new StartRefusal(
    "METADATA_ELSEWHERE",
    `${folder.dir} is a service's folder already, and the database that its settings name ${what}.`,
  );
}

/** Whether no service ever began with these metadata: there are tables at most. */
export async function areFresh(db: Metadata): Promise<boolean> {
  if ((await idOfMetadata(db)) !== null) return false;
  const account = db.selectFrom("serviceAccount").select("principalId").limit(1);
  return (await account.executeTakeFirst()) === undefined;
}

/** Whether a folder holds nothing of a service's past but its keys, at most. */
export async function isFreshFolder({
  dir,
  blobFolder,
}: Pick<FolderOfMetadata, "dir" | "blobFolder">): Promise<boolean> {
  return (await idOfFolder(dir)) === null && !(await hasStoredFiles(blobFolder));
}

/** From now on they belong together; a second time it changes nothing. */
export async function bindMetadata(db: Metadata, { dir }: Pick<FolderOfMetadata, "dir">): Promise<void> {
  if ((await idOfFolder(dir)) !== null) return;
  const value = (await idOfMetadata(db)) ?? randomUUID();
  const row = { name: ID_SETTING, value };
  await db
    .insertInto("setting")
    .values(row)
    .onConflict((conflict) => conflict.doNothing())
    .execute();
  await writeDurably(join(dir, METADATA_ID_FILE), [Buffer.from(`${value}\n`)]);
}

export async function idOfFolder(dir: string): Promise<string | null> {
  try {
    return (await readFile(join(dir, METADATA_ID_FILE), "utf8")).trim();
  } catch (error) {
    if (saysMissing(error)) return null;
    throw error;
  }
}

async function idOfMetadata(db: Metadata): Promise<string | null> {
  const row = await db
    .selectFrom("setting")
    .select("value")
    .where("name", "=", ID_SETTING)
    .executeTakeFirst();
  return row?.value ?? null;
}

async function isAccountKnown(db: Metadata, principalId: string): Promise<boolean> {
  const account = db.selectFrom("serviceAccount").select("principalId");
  return (await account.where("principalId", "=", principalId).executeTakeFirst()) !== undefined;
}

async function hasStoredFiles(blobFolder: string): Promise<boolean> {
  try {
    return (await readdir(blobFolder)).some((name) => BLOB_FOLDER.test(name));
  } catch (error) {
    if (saysMissing(error)) return false;
    throw error;
  }
}
