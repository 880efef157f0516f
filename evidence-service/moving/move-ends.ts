/** Both ends of a move, opened: the old one to be read alone, the new one to be filled. */
import { join } from "node:path";
import SqliteDatabase from "better-sqlite3";
import {
  type BlobSettings,
  blobSettingsOf,
  type MovedBlobs,
  openBlobsToFill,
  openBlobsToRead,
} from "../blobs/place/moved-blobs.ts";
import {
  type MetadataPlace,
  metadataPlaceOf,
  openMetadata,
  openMetadataForReading,
} from "../site/metadata-place.ts";
import { readServiceKeys, type ServiceKeys } from "../site/service-keys.ts";
import { KEYS_FILE } from "../site/site-folder.ts";
import { StartRefusal } from "../site/start-refusal.ts";
import type { Metadata } from "../storage/metadata-tables.ts";
import type { Engine } from "./carried-tables.ts";

/** What the settings of a folder name. */
export interface NamedPlace {
  readonly dir: string;
  readonly metadata: MetadataPlace;
  readonly blobs: BlobSettings;
  /** For people, and for the audit trail. */
  readonly words: string;
}

export interface MoveEnd extends NamedPlace {
  readonly engine: Engine;
  readonly db: Metadata;
  readonly stored: MovedBlobs;
  readonly close: () => Promise<void>;
}

export interface OldEnd extends MoveEnd {
  readonly keys: ServiceKeys;
}

/** @throws StartRefusal MOVE_AZURE, and for settings that are wrong */
export async function placeNamedIn(dir: string): Promise<NamedPlace> {
  const metadata = await metadataPlaceOf(dir);
  const blobs = await blobSettingsOf(dir);
  const rows =
    metadata.kind === "sqlite"
      ? "SQLite"
      : `PostgreSQL at ${new URL(metadata.url).host} (schema ${metadata.schema})`;
  const files = blobs.kind === "files" ? "files" : `the bucket “${blobs.s3.bucket}”`;
  return { dir, metadata, blobs, words: `${rows} and ${files}, folder ${dir}` };
}

/** @throws StartRefusal NO_SERVICE */
export async function keysOfService({ dir }: NamedPlace): Promise<ServiceKeys> {
  const keys = await readServiceKeys(join(dir, KEYS_FILE));
  if (keys === null) throw noService(dir);
  return keys;
}

function noService(dir: string): StartRefusal {
  const detail = `${dir} is not the folder of an evidence service, or of one that never ran.`;
  return new StartRefusal("NO_SERVICE", detail);
}

/** @throws StartRefusal NO_SERVICE, SCHEMA_EARLIER, SCHEMA_LATER, and where it cannot be reached */
export async function metadataToRead({ dir, metadata }: NamedPlace): Promise<Metadata> {
  return openMetadataForReading(metadata).catch((error: unknown) => {
    throw error instanceof SqliteDatabase.SqliteError ? noService(dir) : error;
  });
}

/** @throws StartRefusal NO_SERVICE, SCHEMA_EARLIER, SCHEMA_LATER, and where a place cannot be used */
export async function openOld(named: NamedPlace): Promise<OldEnd> {
  const keys = await keysOfService(named);
  const db = await metadataToRead(named);
  return { ...(await withStored(named, db, openBlobsToRead)), keys };
}

/** @throws StartRefusal SCHEMA_LATER, and where a place cannot be used */
export async function openNew(named: NamedPlace): Promise<MoveEnd> {
  const db = await openMetadata(named.metadata, () => undefined);
  return withStored(named, db, openBlobsToFill);
}

async function withStored(
  named: NamedPlace,
  db: Metadata,
  open: (settings: BlobSettings, db: Metadata) => Promise<MovedBlobs>,
): Promise<MoveEnd> {
  const stored = await open(named.blobs, db).catch(async (error: unknown) => {
    await db.destroy();
    throw error;
  });
  const close = async (): Promise<void> => {
    stored.close();
    await db.destroy();
  };
  return { ...named, engine: named.metadata.kind, db, stored, close };
}

/** @throws StartRefusal MOVE_SAME_PLACE */
export function refuseSamePlace(from: NamedPlace, to: NamedPlace): void {
  const same: string[] = [];
  if (from.dir === to.dir) same.push(`the folder ${from.dir}`);
  if (from.metadata.kind === "postgres" && to.metadata.kind === "postgres") {
    const [a, b] = [new URL(from.metadata.url), new URL(to.metadata.url)];
    const isSame =
      a.host === b.host && a.pathname === b.pathname && from.metadata.schema === to.metadata.schema;
    if (isSame) same.push(`the schema ${from.metadata.schema}`);
  }
  if (from.blobs.kind === "bucket" && to.blobs.kind === "bucket") {
    const [a, b] = [from.blobs.s3, to.blobs.s3];
    if (a.bucket === b.bucket && a.endpoint === b.endpoint) same.push(`the bucket “${a.bucket}”`);
  }
  if (same.length === 0) return;
  throw new StartRefusal("MOVE_SAME_PLACE", `Both folders name ${same.join(" and ")}.`);
}
