import { mkdir } from "node:fs/promises";
import { join } from "node:path";
import { isThere } from "#runtime/files/missing-file.ts";
import { CONNECTION_FILE_ENDING } from "#shared/domain/connection-file-name.ts";
import { KeyRing } from "./key-ring.ts";
import { loadServiceKeys, publicPart } from "./service-keys.ts";
import { keepPrivate } from "./private-modes.ts";
import { areUsed, noteMetadata } from "./keys-file.ts";
import {
  areFresh,
  bindMetadata,
  idOfFolder,
  isFreshFolder,
  refuseForeignMetadata,
} from "./metadata-of-folder.ts";
import { readFolderMark, readRowMark, refuseMoved } from "./move-mark.ts";
import { isWithoutService, type MetadataPlace, metadataPlaceOf, openMetadata } from "./metadata-place.ts";
import { refuseUnfinishedRestore } from "./restore-mark.ts";
import { StartRefusal } from "./start-refusal.ts";
import { enterFirstKeys } from "../storage/account-keys.ts";
import { RIGHTS_OF_ROLES, setRights } from "../storage/account-rights.ts";
import type { Metadata } from "../storage/metadata-tables.ts";

export const KEYS_FILE = "keys.json";
/** What an administrator may set; read at the start. */
export const SETTINGS_FILE = "settings.json";
export const AUDIT_HEADS_FILE = "audit-heads.jsonl";
export const AZURE_FILE = "azure-blobs.json";
export const S3_FILE = "s3-blobs.json";
/** Where it is, links are sent by mail. */
export const MAIL_FILE = "mail.json";
/** The stored files, where they are not elsewhere. */
export const BLOB_FOLDER = "blobs";

export interface SiteFolder {
  readonly db: Metadata;
  readonly metadataPlace: MetadataPlace;
  readonly keys: KeyRing;
  readonly keysFile: string;
  readonly blobFolder: string;
  /** Where it is, blobs are kept in Azure instead of the folder. */
  readonly azureFile: string;
  /** Where it is, blobs are kept in a bucket instead of the folder. */
  readonly s3File: string;
  readonly connectionFile: string;
  /** As earlier versions called it. Where it is, somebody may read it, and it is kept as it is. */
  readonly earlierConnectionFile: string;
  /** Remembers the port, so that addresses of evidence survive a restart. */
  readonly portFile: string;
  /** Signed heads of the audit trail, a line each. */
  readonly auditHeadsFile: string;
}

export interface SiteWishes {
  /** What happens to connections to a database elsewhere. */
  readonly report?: (message: string) => void;
  /** Empty metadata are wanted, although the keys were used with others. */
  readonly beginsAnew?: boolean;
  /** It is opened by the command that restores it. */
  readonly isRestoring?: boolean;
}

/**
 * Opens the folder of a service; at the first start makes tenant, keys and the default service account.
 * @param dir the folder; made when it is not there
 * @throws StartRefusal METADATA_ELSEWHERE, METADATA_MISSING, KEY_MISSING, MOVED_AWAY, MOVE_UNDER_WAY, RESTORE_UNFINISHED,
 *   and what `metadataPlaceOf` and `openMetadata` throw
 */
export async function openSiteFolder(
  dir: string,
  { report = () => undefined, beginsAnew = false, isRestoring = false }: SiteWishes = {},
): Promise<SiteFolder> {
  await mkdir(dir, { recursive: true, mode: 0o700 });
  if (!isRestoring) await refuseUnfinishedRestore(dir);
  refuseMoved(await readFolderMark(dir));
  const keysFile = join(dir, KEYS_FILE);
  await refuseLostKeys(dir, keysFile);
  const read = await loadServiceKeys(keysFile);
  const keys = new KeyRing(read);
  const metadataPlace = await metadataPlaceOf(dir);
  const blobFolder = join(dir, BLOB_FOLDER);
  const hasPast = !beginsAnew && areUsed(read) && (await isFreshFolder({ dir, blobFolder }));
  // Before tables are made, which a restore would find in its way.
  if (hasPast && (await isWithoutService(metadataPlace))) throw metadataMissing(dir);
  const db = await openMetadata(metadataPlace, report);
  try {
    await keepPrivate(dir);
    if (hasPast && (await areFresh(db))) throw metadataMissing(dir);
    await joinFolder(db, { dir, blobFolder, account: keys.serviceAccount });
    await noteMetadata(keysFile, read, Date.now());
  } catch (error) {
    await db.destroy();
    throw error;
  }
  return {
    db,
    metadataPlace,
    keys,
    keysFile,
    blobFolder,
    azureFile: join(dir, AZURE_FILE),
    s3File: join(dir, S3_FILE),
    connectionFile: join(dir, `console${CONNECTION_FILE_ENDING}`),
    earlierConnectionFile: join(dir, "connection.json"),
    portFile: join(dir, "port"),
    auditHeadsFile: join(dir, AUDIT_HEADS_FILE),
  };
}

/** A service that is started before it is restored would be a new one, with nothing in it. */
function metadataMissing(dir: string): StartRefusal {
  return new StartRefusal(
    "METADATA_MISSING",
    `The ${KEYS_FILE} in ${dir} is of a service that has metadata, and here there are none.`,
  );
}

/** New keys would open nothing of what is stored. @throws StartRefusal KEY_MISSING */
async function refuseLostKeys(dir: string, keysFile: string): Promise<void> {
  if ((await idOfFolder(dir)) === null || (await isThere(keysFile))) return;
  throw new StartRefusal("KEY_MISSING", `${dir} is a service's folder, and its ${KEYS_FILE} is gone.`);
}

interface Joined {
  readonly dir: string;
  readonly blobFolder: string;
  readonly account: KeyRing["serviceAccount"];
}

/** Metadata that are there, or fresh ones, and the folder that they are of. */
async function joinFolder(db: Metadata, { dir, blobFolder, account }: Joined): Promise<void> {
  const { principalId, key } = account;
  const folder = { dir, blobFolder, principalId };
  refuseMoved(await readRowMark(db));
  await refuseForeignMetadata(db, folder);
  const publicJwkJson = JSON.stringify(publicPart(key));
  await db.transaction().execute(async (transaction) => {
    const added = await transaction
      .insertInto("serviceAccount")
      .values({
        principalId,
        name: "Evidence Desk console",
        publicJwkJson,
        role: "sender",
        createdUtcMs: null,
      })
      .onConflict((conflict) => conflict.doNothing())
      .returning("principalId")
      .execute();
    if (added.length > 0)
      await setRights(transaction, { kind: "service", id: principalId }, RIGHTS_OF_ROLES.sender);
    await enterFirstKeys(transaction);
  });
  await bindMetadata(db, folder);
}
