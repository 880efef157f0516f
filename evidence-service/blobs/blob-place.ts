/** Where a site keeps its blobs: in its own folder, or in a container in Azure that `azure-blobs.json` names. */
import type { SiteFolder } from "../site/site-folder.ts";
import { StartRefusal } from "../site/start-refusal.ts";
import { AzureBlobStore } from "./azure/azure-blob-store.ts";
import { azureContainer, makeContainer, readAzureSettings } from "./azure/azure-container.ts";
import { followAuthorities } from "./azure/trusted-authorities.ts";
import type { DiskReserve } from "../storage/disk-reserve.ts";
import { FileBlobStore } from "./file-blob-store.ts";
import type { Metadata } from "../storage/metadata-tables.ts";

const PLACE_SETTING = "blobPlace";
const IN_FILES = "its own folder";

/** Only files need the service itself to answer at upload addresses. */
export type OpenedBlobs =
  | { readonly kind: "files"; readonly store: FileBlobStore }
  | { readonly kind: "azure"; readonly store: AzureBlobStore };

interface BlobSurroundings {
  /** Where the service is reached, without a slash at the end. */
  readonly url: () => string;
  /** Of authorities that are trusted beside the system's, where Azure is reached through them. */
  readonly authorityFile: string | undefined;
  /** For what is uploaded to files. */
  readonly room: DiskReserve;
}

/**
 * Opens the blobs of a site.
 * @throws StartRefusal BLOBS_ELSEWHERE, AZURE_SETTINGS_WRONG, AZURE_SETTINGS_NOT_PRIVATE, AZURE_REFUSED,
 *   AZURE_UNREACHABLE
 */
export async function openBlobs(
  site: SiteFolder,
  { url, authorityFile, room }: BlobSurroundings,
): Promise<OpenedBlobs> {
  const settings = await readAzureSettings(site.azureFile);
  if (settings === null) return { kind: "files", store: await openFiles(site, url, room) };
  followAuthorities(authorityFile);
  const container = azureContainer(settings);
  await keepPlace(site.db, `the container “${settings.container}” of “${container.accountName}”`);
  await makeContainer(container);
  return { kind: "azure", store: new AzureBlobStore({ db: site.db, container }) };
}

async function openFiles(
  { db, keys, blobFolder }: SiteFolder,
  url: () => string,
  room: DiskReserve,
): Promise<FileBlobStore> {
  await keepPlace(db, IN_FILES);
  const sasSecret = Buffer.from(keys.sasSecret, "base64");
  const store = new FileBlobStore({ db, folder: blobFolder, container: keys.tenantId, sasSecret, url, room });
  await store.sweepOrphans();
  return store;
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
    if (file !== undefined && known !== place) {
      throw new StartRefusal(
        "BLOBS_ELSEWHERE",
        `The stored files of this site are in ${known}, and its settings say ${place}.`,
      );
    }
    await transaction
      .insertInto("setting")
      .values({ name: PLACE_SETTING, value: place })
      .onConflict((conflict) => conflict.column("name").doUpdateSet({ value: place }))
      .execute();
  });
}
