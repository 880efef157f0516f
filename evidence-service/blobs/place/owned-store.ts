/** Whose a bucket or a container is, asked of the one that a folder's settings name. */
import { hostname } from "node:os";
import { join } from "node:path";
import { type MetadataPlace } from "../../site/metadata-place.ts";
import { AZURE_FILE, S3_FILE, type SiteFolder } from "../../site/site-folder.ts";
import { StartRefusal } from "../../site/start-refusal.ts";
import { BlobsUnreachable } from "../../storage/blob-store.ts";
import { azureContainer, readAzureSettings } from "../azure/azure-container.ts";
import { containerOwner } from "../azure/container-owner.ts";
import { followAuthorities } from "../azure/trusted-authorities.ts";
import { readS3Settings } from "../s3/s3-settings.ts";
import {
  OWNER_KEY,
  type OwnerPlace,
  refuseOwned,
  StoreOfAnother,
  StoreOwner,
  type TakenStore,
} from "../store-owner.ts";

type OwnedSite = Pick<SiteFolder, "db" | "keys" | "metadataPlace">;

/**
 * @param takes null for a service, which takes what nobody has
 * @throws StoreOfAnother, BlobsUnreachable
 */
export async function ownedBy(
  site: OwnedSite,
  place: OwnerPlace,
  takes: TakenStore | null,
): Promise<StoreOwner> {
  const { db, keys, metadataPlace } = site;
  const owner = new StoreOwner({
    db,
    place,
    tenantId: keys.tenantId,
    metadata: metadataInWords(metadataPlace),
  });
  if (takes === null) await owner.insist();
  else await owner.take(takes);
  return owner;
}

export function metadataInWords(place: MetadataPlace): string {
  if (place.kind === "sqlite") return `SQLite in ${place.file} at ${hostname()}`;
  const { host, pathname } = new URL(place.url);
  return `PostgreSQL at ${host}${pathname} (schema ${place.schema})`;
}

/** A refusal for the administrator in place of what a store says of its owner. */
export function ownerRefusal(error: unknown, unreachable: "S3_UNREACHABLE" | "AZURE_UNREACHABLE"): unknown {
  if (error instanceof StoreOfAnother) return new StartRefusal("BLOBS_OF_ANOTHER", error.message);
  return error instanceof BlobsUnreachable ? new StartRefusal(unreachable, error.message) : error;
}

/**
 * Before a restore changes anything. A store of files in the folder is nobody's but the folder's.
 * @throws StartRefusal BLOBS_OF_ANOTHER, and what reading the settings and looking at the store throws
 */
export async function refuseOwnedStore(
  dir: string,
  { isForced, claim }: TakenStore,
  authorityFile: string | undefined,
): Promise<void> {
  if (isForced) return;
  followAuthorities(authorityFile);
  const azure = await readAzureSettings(join(dir, AZURE_FILE));
  if (azure !== null) {
    const container = azureContainer(azure);
    await refusing("AZURE_UNREACHABLE", () => refuseOwned(containerOwner(container, OWNER_KEY), claim));
  }
  const s3 = await readS3Settings(join(dir, S3_FILE));
  if (s3 === null) return;
  const { lookAtBucket } = await import("../s3/check-bucket.ts");
  const { s3Client } = await import("../s3/bucket.ts");
  const { bucketOwner } = await import("../s3/bucket-owner.ts");
  const { hasVersions } = await lookAtBucket(s3);
  const client = s3Client(s3);
  const look = () => refuseOwned(bucketOwner(client, s3, hasVersions), claim);
  await refusing("S3_UNREACHABLE", look).finally(() => client.destroy());
}

async function refusing(
  unreachable: "S3_UNREACHABLE" | "AZURE_UNREACHABLE",
  look: () => Promise<void>,
): Promise<void> {
  await look().catch((error: unknown) => {
    throw ownerRefusal(error, unreachable);
  });
}
