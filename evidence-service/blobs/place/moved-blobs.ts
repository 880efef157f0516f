/** Both ends of a move, as far as stored bytes go: one that is only read, and one that bytes are brought to. */
import { readdir } from "node:fs/promises";
import { join } from "node:path";
import { saysMissing } from "#runtime/files/missing-file.ts";
import { AZURE_FILE, BLOB_FOLDER, S3_FILE } from "../../site/site-folder.ts";
import { StartRefusal } from "../../site/start-refusal.ts";
import { readAzureSettings } from "../azure/azure-container.ts";
import { followAuthorities } from "../azure/trusted-authorities.ts";
import type { BlockPlace } from "../block-place.ts";
import { BlockFiles } from "../block-files.ts";
import { bucketInWords } from "../s3/bucket-in-words.ts";
import { readS3Settings, type S3Settings } from "../s3/s3-settings.ts";
import { StoreOwner } from "../store-owner.ts";
import type { Metadata } from "../../storage/metadata-tables.ts";
import { IN_FILES } from "./blob-place.ts";
import { refuseAway } from "./folder-owner.ts";
import { ownerRefusal } from "./owned-store.ts";

export interface MovedBlobs {
  readonly kind: "files" | "bucket";
  /** As the service's own metadata tell the place. */
  readonly told: string;
  readonly place: BlockPlace;
  /** Whether what belongs to an evidence is locked there. */
  readonly isLocking: boolean;
  /** Whether a blob lies there already. */
  readonly hasBlobs: () => Promise<boolean>;
  /** It is what a move fills from now on. @param owner of what is brought @throws StartRefusal BLOBS_OF_ANOTHER */
  readonly take: (owner: MovedOwner) => Promise<void>;
  /** It holds nothing of the service any more, and is nobody's. */
  readonly leave: () => Promise<void>;
  readonly close: () => void;
}

export interface MovedOwner {
  readonly tenantId: string;
  /** Where its metadata are, in words. */
  readonly metadata: string;
}

/** From now on these authorities are trusted beside the system's. @param file PEM */
export function trustAuthorities(file: string): void {
  followAuthorities(file);
}

/** Where the settings of a folder say that its stored files are. */
export type BlobSettings =
  { readonly kind: "files"; readonly folder: string } | { readonly kind: "bucket"; readonly s3: S3Settings };

const BLOB_NAME = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/;

/** @throws StartRefusal MOVE_AZURE, and what reading the settings throws */
export async function blobSettingsOf(dir: string): Promise<BlobSettings> {
  if ((await readAzureSettings(join(dir, AZURE_FILE))) !== null) {
    const detail = `${dir} keeps its stored files in Azure, and the move knows files and buckets alone.`;
    throw new StartRefusal("MOVE_AZURE", detail);
  }
  const s3 = await readS3Settings(join(dir, S3_FILE));
  return s3 === null ? { kind: "files", folder: join(dir, BLOB_FOLDER) } : { kind: "bucket", s3 };
}

/** @throws StartRefusal FILES_AWAY, BLOBS_OF_ANOTHER, and S3_… as `lookAtBucket` */
export async function openBlobsToRead(settings: BlobSettings, db: Metadata): Promise<MovedBlobs> {
  if (settings.kind === "files") {
    await refuseAway(db, settings.folder);
    return inFiles(settings.folder);
  }
  const { lookAtBucket } = await import("../s3/check-bucket.ts");
  const { hasVersions } = await lookAtBucket(settings.s3);
  return inBucket(settings.s3, db, hasVersions);
}

/** @throws StartRefusal BLOBS_OF_ANOTHER, and S3_… as `checkBucket` */
export async function openBlobsToFill(settings: BlobSettings, db: Metadata): Promise<MovedBlobs> {
  if (settings.kind === "files") return inFiles(settings.folder);
  const { checkBucket } = await import("../s3/check-bucket.ts");
  const { hasVersions } = await checkBucket(settings.s3);
  return inBucket(settings.s3, db, hasVersions);
}

function inFiles(folder: string): MovedBlobs {
  // Nobody else writes meanwhile, and a disk that is full says so itself.
  const room = { taking: <T>(_: number, write: () => Promise<T>): Promise<T> => write() };
  return {
    ...{ kind: "files", told: IN_FILES, isLocking: false },
    place: new BlockFiles({ folder, room }),
    hasBlobs: async () => (await namesIn(folder)).some((name) => BLOB_NAME.test(name)),
    take: async () => undefined,
    leave: async () => undefined,
    close: () => undefined,
  };
}

async function namesIn(folder: string): Promise<readonly string[]> {
  return readdir(folder).catch((error: unknown) => {
    if (saysMissing(error)) return [];
    throw error;
  });
}

/** @throws StartRefusal BLOBS_OF_ANOTHER */
async function inBucket(s3: S3Settings, db: Metadata, hasVersions: boolean): Promise<MovedBlobs> {
  const { s3Client } = await import("../s3/bucket.ts");
  const { OwnedBucket } = await import("../s3/owned-bucket.ts");
  const { bucketOwner } = await import("../s3/bucket-owner.ts");
  const { BlockObjects } = await import("../s3/block-objects.ts");
  const { lockOf } = await import("../s3/open-bucket.ts");
  const client = s3Client(s3);
  const parts = { db, place: bucketOwner(client, s3, hasVersions) };
  const owner = new StoreOwner({ ...parts, tenantId: "", metadata: "", onlyLooks: true });
  const insistOnOwner = () => owner.insist();
  const refused = (error: unknown): never => {
    throw ownerRefusal(error, "S3_UNREACHABLE");
  };
  await insistOnOwner().catch((error: unknown) => {
    client.destroy();
    return refused(error);
  });
  const bucket = new OwnedBucket({ client, bucket: s3.bucket, hasVersions, insistOnOwner });
  const report = (): void => undefined; // Nothing is staged, so nothing fails beside what is asked.
  return {
    ...{ kind: "bucket", told: bucketInWords(s3), isLocking: s3.lock !== undefined },
    place: new BlockObjects({ db, bucket, now: Date.now, lock: lockOf(s3), report }),
    hasBlobs: async () => {
      for await (const key of bucket.keys()) if (BLOB_NAME.test(key.split("/")[0] ?? "")) return true;
      return false;
    },
    take: (taker) => new StoreOwner({ ...parts, ...taker }).insist().catch(refused),
    leave: () => owner.leave().catch(refused),
    close: () => bucket.close(),
  };
}
