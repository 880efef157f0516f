import { BlockBlobStore, type BlockBlobStoreParts } from "../block-blob-store.ts";
import type { InsistentOwner, OwnerPlace } from "../store-owner.ts";
import { BlockObjects } from "./block-objects.ts";
import { s3Client } from "./bucket.ts";
import { bucketOwner } from "./bucket-owner.ts";
import { checkBucket } from "./check-bucket.ts";
import { removeForgottenObjects } from "./forgotten-objects.ts";
import { OwnedBucket } from "./owned-bucket.ts";
import type { S3Settings } from "./s3-settings.ts";

const DAY_MS = 86_400_000;

export interface BucketSurroundings {
  readonly now: () => number;
  readonly report: (error: unknown, message: string) => void;
  /** Whose it is, once it is this service's. @throws StoreOfAnother */
  readonly owned: (place: OwnerPlace) => Promise<InsistentOwner>;
}

export interface OpenedBucket {
  readonly store: BlockBlobStore;
  readonly owner: InsistentOwner;
  readonly hasVersions: boolean;
  /** Ends uploads that nobody goes on with and that no row knows. @returns how many */
  readonly endForgottenUploads: () => Promise<number>;
  /** Removes objects that no row knows, of blobs to which nobody writes any more. @returns how many */
  readonly removeForgottenObjects: (signal: AbortSignal) => Promise<number>;
  readonly close: () => void;
}

/** @throws StartRefusal what `checkBucket` throws @throws StoreOfAnother */
export async function openBucket(
  settings: S3Settings,
  parts: BlockBlobStoreParts,
  { now, report, owned }: BucketSurroundings,
): Promise<OpenedBucket> {
  const { hasVersions } = await checkBucket(settings);
  const client = s3Client(settings);
  const owner = await owned(bucketOwner(client, settings, hasVersions)).catch((error: unknown) => {
    client.destroy();
    throw error;
  });
  const insistOnOwner = () => owner.insist();
  const bucket = new OwnedBucket({ client, bucket: settings.bucket, hasVersions, insistOnOwner });
  const { db } = parts;
  const objects = new BlockObjects({ db, bucket, now, report, lock: lockOf(settings) });
  const store = new BlockBlobStore(parts, objects);
  await store.clearLeft();
  return {
    store,
    owner,
    hasVersions,
    endForgottenUploads: () => objects.endForgottenUploads(),
    removeForgottenObjects: (signal) => removeForgottenObjects({ db, bucket, now }, signal),
    close: () => bucket.close(),
  };
}

export function lockOf({ lock }: S3Settings) {
  if (lock === undefined) return null;
  const mode = lock.mode === "governance" ? ("GOVERNANCE" as const) : ("COMPLIANCE" as const);
  return { mode, lengthMs: lock.days * DAY_MS };
}
