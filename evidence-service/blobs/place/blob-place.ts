/**
 * Where a site keeps its blobs: in its own folder, in a bucket that `s3-blobs.json` names, or in a container in Azure that
 * `azure-blobs.json` names.
 */
import { latestRestoration } from "../../audit/restorations.ts";
import { hasOthers } from "../../site/metadata-place.ts";
import type { SiteFolder } from "../../site/site-folder.ts";
import { StartRefusal } from "../../site/start-refusal.ts";
import { AzureBlobStore } from "../azure/azure-blob-store.ts";
import {
  azureContainer,
  type AzureSettings,
  makeContainer,
  readAzureSettings,
} from "../azure/azure-container.ts";
import { containerOwner } from "../azure/container-owner.ts";
import { followAuthorities } from "../azure/trusted-authorities.ts";
import { markOwner, ownerOf } from "../file-owner.ts";
import { folderOwner } from "./folder-owner.ts";
import { ownedBy, ownerRefusal } from "./owned-store.ts";
import { isAway } from "../../storage/blob-store.ts";
import type { DiskReserve } from "../../storage/disk-reserve.ts";
import { BlobTurnsInPostgres } from "../blob-turns.ts";
import type { BlockBlobStore, BlockBlobStoreParts } from "../block-blob-store.ts";
import { FileBlobStore } from "../file-blob-store.ts";
import { bucketInWords } from "../s3/bucket-in-words.ts";
import { readS3Settings, type S3Settings } from "../s3/s3-settings.ts";
import { OWNER_KEY, type OwnerPlace, type InsistentOwner, type TakenStore } from "../store-owner.ts";
import { keepSetting } from "../../storage/keep-setting.ts";
import type { Metadata } from "../../storage/metadata-tables.ts";

export const PLACE_SETTING = "blobPlace";
export const IN_FILES = "its own folder";
/** Of a service that was restored: its files may lie at another place than before. */
const ANY = "where the settings say";

/** In Azure upload addresses are Azure's; otherwise the service itself answers at them. */
export type OpenedBlobs = {
  readonly said: FilesSaid;
  /** null of files in the folder */ readonly owner: InsistentOwner | null;
} & (
  | { readonly kind: "own"; readonly store: BlockBlobStore; readonly bucket: OwnBucket | null }
  | { readonly kind: "azure"; readonly store: AzureBlobStore }
);

/** What an administrator is told of it. */
export interface FilesSaid {
  readonly place: "folder" | "bucket" | "azure";
  readonly hasVersions: boolean;
  readonly lock: { readonly mode: "governance" | "compliance"; readonly days: number } | null;
}

const UNLOCKED = { hasVersions: false, lock: null } as const;

/** What a bucket wants beside being written to and read. */
export interface OwnBucket {
  /** Ends uploads that nobody goes on with and that no row knows. @returns how many */
  readonly endForgottenUploads: () => Promise<number>;
  /** Removes objects that no row knows, of blobs to which nobody writes any more. @returns how many */
  readonly removeForgottenObjects: (signal: AbortSignal) => Promise<number>;
  readonly close: () => void;
}

interface BlobSurroundings {
  /** Where the service is reached, without a slash at the end. */
  readonly url: () => string;
  /** Of authorities that are trusted beside the system's, where Azure is reached through them. */
  readonly authorityFile: string | undefined;
  /** An administrator says that the files are this service's: whatever is in their folder; a store as far as it says. */
  readonly takes?: TakenStore | null;
  /** For what is uploaded to files. */
  readonly room: DiskReserve;
  readonly now: () => number;
  /** What fails and is made up for. */
  readonly report: (error: unknown, message: string) => void;
}

/**
 * Opens the blobs of a site.
 * @throws StartRefusal BLOBS_ELSEWHERE, BLOBS_OF_ANOTHER, AZURE_SETTINGS_WRONG, AZURE_SETTINGS_NOT_PRIVATE, AZURE_REFUSED,
 *   AZURE_UNREACHABLE, and S3_… as `readS3Settings` and `checkBucket`
 */
export async function openBlobs(site: SiteFolder, surroundings: BlobSurroundings): Promise<OpenedBlobs> {
  const settings = await readAzureSettings(site.azureFile);
  const s3Settings = await readS3Settings(site.s3File);
  if (s3Settings !== null && settings !== null) {
    const detail = `There are both ${site.s3File} and ${site.azureFile}: the stored files are in one place.`;
    throw new StartRefusal("S3_SETTINGS_WRONG", detail);
  }
  if (s3Settings !== null) return openInBucket(site, s3Settings, surroundings);
  if (settings === null) {
    refuseOwnFolder(site);
    const said = { place: "folder" as const, ...UNLOCKED };
    return { kind: "own", store: await openFiles(site, surroundings), bucket: null, said, owner: null };
  }
  return openInAzure(site, settings, surroundings);
}

async function openInAzure(
  site: SiteFolder,
  settings: AzureSettings,
  { authorityFile, takes = null }: BlobSurroundings,
): Promise<OpenedBlobs> {
  followAuthorities(authorityFile);
  const container = azureContainer(settings);
  await keepPlace(site.db, `the container “${settings.container}” of “${container.accountName}”`);
  await makeContainer(container);
  const owner = await ownedBy(site, containerOwner(container, OWNER_KEY), takes).catch((error: unknown) => {
    throw ownerRefusal(error, "AZURE_UNREACHABLE");
  });
  const said = { place: "azure" as const, ...UNLOCKED };
  const store = new AzureBlobStore({ db: site.db, container, insistOnOwner: () => owner.insist() });
  return { kind: "azure", store, said, owner };
}

/** What one service has in its folder the others would miss. */
function refuseOwnFolder({ metadataPlace }: SiteFolder): void {
  if (!hasOthers(metadataPlace)) return;
  throw new StartRefusal(
    "SEVERAL_NEED_A_STORE",
    "Several services need their stored files where all reach them, and these lie in the folder of one.",
  );
}

async function ownAddresses(
  { db, keys, metadataPlace }: SiteFolder,
  { url, report }: Pick<BlobSurroundings, "url" | "report">,
): Promise<BlockBlobStoreParts> {
  const asked = (await latestRestoration(db)) === null ? {} : { isAnnounced: isAnnouncedIn(db) };
  const parts = { db, container: keys.tenantId, sasSecrets: () => keys.addressSecrets(), url, ...asked };
  return hasOthers(metadataPlace) ? { ...parts, turns: new BlobTurnsInPostgres(db, report) } : parts;
}

/** Addresses outlive what a restoration takes back: what came to them would stay, and be nobody's. */
function isAnnouncedIn(db: Metadata): (blobName: string) => Promise<boolean> {
  return async (blobName) => {
    const query = db.selectFrom("resource").select("resourceId").where("resourceId", "=", blobName);
    return (await query.executeTakeFirst()) !== undefined;
  };
}

/** The client of buckets is loaded where there is one. */
async function openInBucket(
  site: SiteFolder,
  settings: S3Settings,
  { url, authorityFile, now, report, takes = null }: BlobSurroundings,
): Promise<OpenedBlobs> {
  followAuthorities(authorityFile);
  const { openBucket } = await import("../s3/open-bucket.ts");
  await keepPlace(site.db, bucketInWords(settings));
  const owned = (place: OwnerPlace) => ownedBy(site, place, takes);
  const parts = await ownAddresses(site, { url, report });
  const opened = await openBucket(settings, parts, { now, report, owned }).catch((error: unknown) => {
    throw ownerRefusal(error, "S3_UNREACHABLE");
  });
  const { store, hasVersions, owner, ...bucket } = opened;
  const said = { place: "bucket" as const, hasVersions, lock: settings.lock ?? null };
  return { kind: "own", store, bucket, said, owner };
}

/** Where their disk is not mounted the service starts all the same, and goes on with them once it is. */
async function openFiles(site: SiteFolder, surroundings: BlobSurroundings): Promise<FileBlobStore> {
  const { db, blobFolder: folder, keys } = site;
  await keepPlace(db, IN_FILES);
  const found = await ownerOf(folder);
  if (found !== null && found !== keys.tenantId) {
    throw new StartRefusal(
      "BLOBS_ELSEWHERE",
      `The folder ${folder} has the stored files of another service.`,
    );
  }
  if ((surroundings.takes ?? null) !== null) await markOwner(folder, keys.tenantId);
  const { room } = surroundings;
  const owner = folderOwner(site);
  const store = new FileBlobStore({ ...(await ownAddresses(site, surroundings)), folder, room, owner });
  if (await isAway(store)) return store;
  await owner.taken();
  await store.sweepOrphans();
  return store;
}

/** The next time that the files are opened they are where the settings say. */
export async function forgetPlace(db: Metadata): Promise<void> {
  await db.updateTable("setting").set({ value: ANY }).where("name", "=", PLACE_SETTING).execute();
}

/** A site that has evidence keeps its place: what lies there would be missing at any other. */
async function keepPlace(db: Metadata, place: string): Promise<void> {
  await db.transaction().execute(async (transaction) => {
    const kept = await transaction
      .selectFrom("setting")
      .select("value")
      .where("name", "=", PLACE_SETTING)
      .executeTakeFirst();
    const file = await transaction.selectFrom("resource").select("resourceId").limit(1).executeTakeFirst();
    const known = kept?.value ?? IN_FILES;
    if (file !== undefined && known !== place && known !== ANY) {
      throw new StartRefusal(
        "BLOBS_ELSEWHERE",
        `The stored files of this site are in ${known}, and its settings say ${place}.`,
      );
    }
    await keepSetting(transaction, PLACE_SETTING, place);
  });
}
