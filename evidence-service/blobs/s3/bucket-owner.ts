/** The object that says whose a bucket is. */
import {
  DeleteObjectsCommand,
  GetObjectCommand,
  ListObjectsV2Command,
  ListObjectVersionsCommand,
  PutObjectCommand,
  type S3Client,
} from "@aws-sdk/client-s3";
import { type OwnerPlace, OWNER_KEY } from "../store-owner.ts";
import { capitalised } from "./bucket-in-words.ts";
import { unlessRefused } from "./s3-failures.ts";
import type { S3Settings } from "./s3-settings.ts";

export function bucketOwner(client: S3Client, settings: S3Settings, hasVersions: boolean): OwnerPlace {
  const Bucket = settings.bucket;
  const at = { Bucket, Key: OWNER_KEY };
  /** Also older versions of it. */
  const removeBut = async (kept?: string): Promise<void> => {
    const listed = await unlessRefused(
      client.send(new ListObjectVersionsCommand({ Bucket, Prefix: OWNER_KEY })),
      "NotImplemented",
    );
    const all = [...(listed?.Versions ?? []), ...(listed?.DeleteMarkers ?? [])];
    const found = all.filter(({ Key, VersionId }) => Key === OWNER_KEY && VersionId !== kept);
    if (found.length === 0) return;
    const Objects = found.map(({ VersionId }) => ({ Key: OWNER_KEY, VersionId }));
    // One that a rule of the bucket keeps says nothing: the latest is read.
    await unlessRefused(client.send(new DeleteObjectsCommand({ Bucket, Delete: { Objects, Quiet: true } })));
  };
  return {
    words: capitalised(settings),
    read: async () => {
      const found = await unlessRefused(client.send(new GetObjectCommand(at)), "NoSuchKey");
      return (await found?.Body?.transformToString("utf8")) ?? null;
    },
    add: async (text) => {
      const put = client.send(new PutObjectCommand({ ...at, Body: text, IfNoneMatch: "*" }));
      return (await unlessRefused(put, "PreconditionFailed", "ConditionalRequestConflict")) !== null;
    },
    replace: async (text) => {
      const put = await unlessRefused(client.send(new PutObjectCommand({ ...at, Body: text })));
      if (hasVersions && put?.VersionId !== undefined) await removeBut(put.VersionId);
    },
    remove: async () => {
      if (hasVersions) await removeBut();
      else await unlessRefused(client.send(new DeleteObjectsCommand({ Bucket, Delete: { Objects: [at] } })));
    },
    holds: async (blobName) => {
      const asked = new ListObjectsV2Command({ Bucket, Prefix: `${blobName}/`, MaxKeys: 1 });
      return ((await unlessRefused(client.send(asked)))?.Contents ?? []).length > 0;
    },
  };
}
