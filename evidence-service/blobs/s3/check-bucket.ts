/** What a bucket has to do for evidence, tried at the start. */
import { randomUUID } from "node:crypto";
import { text } from "node:stream/consumers";
import { Readable } from "node:stream";
import {
  GetBucketVersioningCommand,
  GetObjectLockConfigurationCommand,
  PutObjectCommand,
  type S3Client,
} from "@aws-sdk/client-s3";
import { formatUtc } from "#shared/words/instants.ts";
import { BlobDamaged } from "../../storage/blob-store.ts";
import { StartRefusal } from "../../site/start-refusal.ts";
import { Bucket, s3Client } from "./bucket.ts";
import { capitalised } from "./bucket-in-words.ts";
import { reasonOf, s3Code, statusOf } from "./s3-failures.ts";
import type { S3Settings } from "./s3-settings.ts";

const START_TIMEOUT_MS = 20_000;
const PROBE = "evidence";
const SAYS_REGION = /expecting ["']([a-z0-9-]+)["']/;

/** What the bucket does beside what it has to. */
export interface BucketAbilities {
  /** Whether it keeps older versions of its objects. */
  readonly hasVersions: boolean;
}

/**
 * Tries the bucket: what it refuses is told now, and not when the first evidence comes.
 * @throws StartRefusal S3_UNREACHABLE, S3_REFUSED, S3_CLOCK, S3_REGION, S3_PATH_STYLE, S3_BUCKET_MISSING, S3_NO_LOCK,
 *   S3_DEFAULT_LOCK, S3_NO_CONDITIONS, S3_UNSUITABLE
 */
export async function checkBucket(settings: S3Settings): Promise<BucketAbilities> {
  // One try: a clock that the client would correct by itself is told here.
  const client = s3Client(settings, 1);
  try {
    const hasVersions = await findBucket(client, settings);
    await checkLock(client, settings);
    await probe(client, settings, hasVersions);
    return { hasVersions };
  } finally {
    client.destroy();
  }
}

/**
 * Finds the bucket and tries nothing that would change it, for whoever only reads.
 * @throws StartRefusal S3_UNREACHABLE, S3_REFUSED, S3_CLOCK, S3_REGION, S3_PATH_STYLE, S3_BUCKET_MISSING
 */
export async function lookAtBucket(settings: S3Settings): Promise<BucketAbilities> {
  const client = s3Client(settings, 1);
  try {
    return { hasVersions: await findBucket(client, settings) };
  } finally {
    client.destroy();
  }
}

const soon = () => ({ abortSignal: AbortSignal.timeout(START_TIMEOUT_MS) });

async function findBucket(client: S3Client, settings: S3Settings): Promise<boolean> {
  try {
    const asked = new GetBucketVersioningCommand({ Bucket: settings.bucket });
    return (await client.send(asked, soon())).Status !== undefined;
  } catch (error) {
    if (isNotImplemented(error)) return false;
    if (await answersByPath(settings)) {
      const detail = "answers only where it stands in the path of an address.";
      throw new StartRefusal("S3_PATH_STYLE", `${capitalised(settings)} ${detail}`);
    }
    throw await refusalOf(error, settings);
  }
}

const isNotImplemented = (error: unknown): boolean =>
  s3Code(error) === "NotImplemented" || s3Code(error) === "MethodNotAllowed";

async function answersByPath(settings: S3Settings): Promise<boolean> {
  if (settings.pathStyle || settings.endpoint === undefined) return false;
  const client = s3Client({ ...settings, pathStyle: true }, 1);
  return client
    .send(new GetBucketVersioningCommand({ Bucket: settings.bucket }), soon())
    .then(
      () => true,
      () => false,
    )
    .finally(() => client.destroy());
}

/** Locks are set for each object by itself: what is short and put together later has to be deleted. */
async function checkLock(client: S3Client, settings: S3Settings): Promise<void> {
  const asked = new GetObjectLockConfigurationCommand({ Bucket: settings.bucket });
  const found = await client.send(asked, soon()).catch(async (error: unknown) => {
    if (isNotImplemented(error) || s3Code(error) === "ObjectLockConfigurationNotFoundError") return null;
    // A key without a right to look is no hindrance where nothing is to be locked.
    if (settings.lock === undefined && s3Code(error) === "AccessDenied") return null;
    throw await refusalOf(error, settings);
  });
  const configured = found?.ObjectLockConfiguration;
  if (settings.lock !== undefined && configured?.ObjectLockEnabled !== "Enabled") {
    const detail =
      "has no object lock, and its settings ask for it. A bucket is made with it or never has it.";
    throw new StartRefusal("S3_NO_LOCK", `${capitalised(settings)} ${detail}`);
  }
  if (configured?.Rule?.DefaultRetention === undefined) return;
  const detail = "locks everything that is stored, also what the service has to delete.";
  throw new StartRefusal("S3_DEFAULT_LOCK", `${capitalised(settings)} ${detail}`);
}

async function probe(client: S3Client, settings: S3Settings, hasVersions: boolean): Promise<void> {
  const bucket = new Bucket(client, settings.bucket, hasVersions);
  const folder = `start-check-${randomUUID()}/`;
  const key = `${folder}object`;
  try {
    await bucket.put(key, { body: Readable.from([Buffer.from(PROBE)]), lengthBytes: PROBE.length });
    const isReplaced = await replaces(client, { Bucket: settings.bucket, Key: key });
    const isRangeRight = await text(bucket.get(key, 1, 4)).then(
      (read) => read === PROBE.slice(1, 4),
      (error: unknown) => (error instanceof BlobDamaged ? false : Promise.reject(error)),
    );
    await bucket.abort(await bucket.begin(`${folder}upload`));
    await bucket.removeUnder(folder);
    if (isReplaced) {
      const detail = "replaces an object although it is told not to (If-None-Match).";
      throw new StartRefusal("S3_NO_CONDITIONS", `${capitalised(settings)} ${detail}`);
    }
    if (!isRangeRight) {
      const detail = "gives another range of an object than it is asked for.";
      throw new StartRefusal("S3_UNSUITABLE", `${capitalised(settings)} ${detail}`);
    }
  } catch (error) {
    throw await refusalOf(error, settings);
  }
}

/** Amazon S3 User Guide, "How to prevent object overwrites with conditional writes". */
async function replaces(client: S3Client, at: { Bucket: string; Key: string }): Promise<boolean> {
  const asked = new PutObjectCommand({ ...at, Body: "replaced", IfNoneMatch: "*" });
  return client.send(asked, soon()).then(
    () => true,
    (error: unknown) => {
      if (s3Code(error) === "PreconditionFailed") return false;
      throw error;
    },
  );
}

const OF_THE_REGION: ReadonlySet<string> = new Set([
  ...["AuthorizationHeaderMalformed", "PermanentRedirect", "IllegalLocationConstraintException"],
]);
const OF_THE_KEY: ReadonlySet<string> = new Set([
  ...["InvalidAccessKeyId", "SignatureDoesNotMatch", "AccessDenied", "Forbidden", "InvalidToken"],
]);

async function refusalOf(error: unknown, settings: S3Settings): Promise<Error> {
  if (error instanceof StartRefusal) return error;
  // What a bucket that is used answers is wrapped.
  const cause = error instanceof Error && error.cause !== undefined ? error.cause : error;
  const where = capitalised(settings);
  const code = s3Code(cause) ?? "";
  if (code === "RequestTimeTooSkewed") {
    const clock = `this computer's clock says ${formatUtc(Date.now())}`;
    return new StartRefusal("S3_CLOCK", `${where} has another time: ${clock}.`);
  }
  if (code === "NoSuchBucket" || code === "InvalidBucketName" || code === "NotFound") {
    return new StartRefusal("S3_BUCKET_MISSING", `${where} is not there.`);
  }
  if (OF_THE_REGION.has(code)) {
    const region = SAYS_REGION.exec(cause instanceof Error ? cause.message : "")?.[1];
    const hint = region === undefined ? "another region" : `the region “${region}”`;
    return new StartRefusal("S3_REGION", `${where} is in ${hint}, and not in “${settings.region}”.`);
  }
  const reason = await reasonOf(cause, settings.endpoint);
  if (OF_THE_KEY.has(code)) {
    return new StartRefusal("S3_REFUSED", `${where} refuses the key, or what is asked with it (${reason}).`);
  }
  if (code === "NotImplemented" || (statusOf(cause) ?? 500) < 500)
    return new StartRefusal("S3_UNSUITABLE", `${where} refuses what it has to do (${reason}).`);
  return new StartRefusal("S3_UNREACHABLE", `${where} cannot be reached (${reason}).`);
}
