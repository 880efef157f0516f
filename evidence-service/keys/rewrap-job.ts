/**
 * Wraps the content keys of all files, and the secrets of people's apps, for the key in use, without touching a file: a row says what opens it from then on.
 * It works for some seconds, and then hands on to a next job, so that others have their turn; what it has done stays.
 */
import { setImmediate as othersFirst } from "node:timers/promises";
import { z } from "zod";
import { appendAudit } from "../audit/audit-chain.ts";
import type { ServiceContext } from "../context/service-context.ts";
import { wrappedAnew } from "../decryption/content-key.ts";
import { parseEncryptionData } from "../decryption/encryption-metadata.ts";
import { REWRAP_CONTENT_KEYS } from "../jobs/job-kinds.ts";
import type { JobKind, JobRun } from "../jobs/job-queue.ts";
import { hasAppSecretsOfOthers, rewrapAppSecrets } from "./rewrap-app-secrets.ts";
import type { RingKey } from "../site/key-ring.ts";
import { keyInUse, readKeyState } from "../site/key-state.ts";
import { keepContentKeys } from "../storage/content-keys.ts";
import { keepSetting } from "../storage/keep-setting.ts";
import type { ContentKeyTable, Metadata, MetadataTransaction } from "../storage/metadata-tables.ts";
import { readJson } from "../storage/read-json.ts";

const BATCH = 200;
const WORKS_FOR_MS = 10_000;
const SETTING = "rewrappedContentKeys";

/** How far all of it has come. */
const progressSchema = z.object({
  keyId: z.string(),
  /** Every file up to this one that was complete then has a row. */
  afterSeq: z.number(),
  files: z.number(),
  unreadable: z.number(),
  /** Of how many files the trail tells. */
  told: z.number(),
});
type Progress = z.infer<typeof progressSchema>;

export interface RewrapParts {
  readonly context: ServiceContext;
  readonly batch?: number;
  readonly worksForMs?: number;
}

export function rewrapJob(parts: RewrapParts): JobKind {
  const { context } = parts;
  return {
    run: async (keyId, run) => {
      const target = context.keys.find("content", keyId);
      // A later one took its place, or went back with a backup: its own job does the work.
      if (target === undefined || keyInUse(await readKeyState(context.db), "content") !== keyId) return;
      await work(parts, target, run);
      context.jobs.wake();
    },
    giveUp: async (keyId, reason) => {
      await context.db
        .transaction()
        .execute((transaction) =>
          record(context, transaction, "CONTENT_KEYS_NOT_REWRAPPED", { keyId, detail: { reason } }),
        );
    },
  };
}

async function work(
  { context, batch = BATCH, worksForMs = WORKS_FOR_MS }: RewrapParts,
  target: RingKey,
  { signal, progress }: JobRun,
): Promise<void> {
  const { db } = context;
  await rewrapAppSecrets(context, target);
  const total = await lastFile(db);
  const until = performance.now() + worksForMs;
  let state = await progressOf(db, target.keyId);
  for (;;) {
    progress(Math.min(state.files, total - 1), total);
    const files = await nextFiles(context, { target, afterSeq: state.afterSeq, limit: batch });
    if (files.length === 0) return finish(context, state);
    const rows: ContentKeyTable[] = [];
    for (const file of files) {
      signal.throwIfAborted();
      rows.push(await rewrapped(context, file, target));
      await othersFirst();
    }
    const isLast = performance.now() >= until;
    state = {
      ...state,
      afterSeq: Math.max(state.afterSeq, ...files.map(({ afterSeq }) => afterSeq)),
      files: state.files + rows.length,
      unreadable: state.unreadable + rows.filter(({ keyId }) => keyId !== target.keyId).length,
    };
    await keep(context, { state, rows, goesOn: isLast });
    if (isLast) return;
  }
}

interface Next {
  readonly target: RingKey;
  readonly afterSeq: number;
  readonly limit: number;
}

interface FileToWrap {
  readonly resourceId: string;
  /** What is known of it. */
  readonly row: ContentKeyTable | null;
  /** How far those without a row are done with it. */
  readonly afterSeq: number;
}

/** First those of which it is known that another key opens them, then those of which nothing is known yet. */
async function nextFiles(
  { db, keys }: Pick<ServiceContext, "db" | "keys">,
  { target, afterSeq, limit }: Next,
): Promise<FileToWrap[]> {
  const others = keys.all("content").filter((key) => key !== target);
  if (others.length === 0) return [];
  const ids = others.map(({ keyId }) => keyId);
  const known = await db
    .selectFrom("contentKey")
    .selectAll()
    .where("keyId", "in", ids)
    .limit(limit)
    .execute();
  if (known.length > 0) return known.map((row) => ({ resourceId: row.resourceId, row, afterSeq }));
  const unknown = await filesWithoutRow(db, { afterSeq, limit });
  return unknown.map(({ resourceId, seq }) => ({ resourceId, row: null, afterSeq: seq }));
}

/** Whether there is something to do for the key in use. */
async function hasKeysToWrap({ db, keys }: Pick<ServiceContext, "db" | "keys">): Promise<boolean> {
  const target = keys.current("content");
  if (await hasAppSecretsOfOthers({ db, keys }, target)) return true;
  const { afterSeq } = await progressOf(db, target.keyId);
  return (await nextFiles({ db, keys }, { target, afterSeq, limit: 1 })).length > 0;
}

/** What an administrator cancelled, or a console sent late for an earlier key. */
export async function rewrapWhatIsLeft(context: ServiceContext): Promise<void> {
  if (!(await hasKeysToWrap(context))) return;
  const subject = context.keys.current("content").keyId;
  await context.db
    .transaction()
    .execute((transaction) => context.jobs.add(transaction, [{ kind: REWRAP_CONTENT_KEYS, subject }]));
  context.jobs.wake();
}

/** Files from before it was kept which key opens them. */
function filesWithoutRow(
  db: Metadata,
  { afterSeq, limit }: { readonly afterSeq: number; readonly limit: number },
): Promise<{ seq: number; resourceId: string }[]> {
  return db
    .selectFrom("resource")
    .leftJoin("contentKey", "contentKey.resourceId", "resource.resourceId")
    .select(["resource.seq", "resource.resourceId"])
    .where("resource.seq", ">", afterSeq)
    .where("resource.state", "=", "UserCompleted")
    .where("contentKey.resourceId", "is", null)
    .orderBy("resource.seq")
    .limit(limit)
    .execute();
}

/** @throws BlobsUnreachable */
async function rewrapped(
  context: ServiceContext,
  { resourceId, row }: FileToWrap,
  target: RingKey,
): Promise<ContentKeyTable> {
  const { keyId } = target;
  const later = row === null ? null : wrappedBy(context, row, target);
  if (later !== null) return { resourceId, keyId, encryptedKey: later };
  // What cannot be opened stays as it is: it may be the only copy.
  const unopened = { resourceId, keyId: "", encryptedKey: row?.encryptedKey ?? null };
  const properties = await context.blobs.properties(resourceId);
  const encryption = properties === null ? null : parseEncryptionData(properties);
  if (encryption === null) return unopened;
  const { KeyId: sentFor, EncryptedKey } = encryption.WrappedContentKey;
  if (sentFor === keyId) return { resourceId, keyId, encryptedKey: null };
  const key = context.keys.find("content", sentFor);
  // A key that is kept aside may be put back one day.
  if (key === undefined) return { ...unopened, keyId: row === null ? sentFor : "" };
  const encryptedKey = wrappedAnew(EncryptedKey, key.secret, target.secret);
  return encryptedKey === null ? unopened : { resourceId, keyId, encryptedKey };
}

function wrappedBy(
  { keys }: ServiceContext,
  { keyId, encryptedKey }: ContentKeyTable,
  target: RingKey,
): string | null {
  const key = keys.find("content", keyId);
  if (key === undefined || encryptedKey === null) return null;
  return wrappedAnew(encryptedKey, key.secret, target.secret);
}

interface Kept {
  readonly state: Progress;
  readonly rows: readonly ContentKeyTable[];
  readonly goesOn: boolean;
}

async function keep({ db, jobs }: ServiceContext, { state, rows, goesOn }: Kept): Promise<void> {
  await db.transaction().execute(async (transaction) => {
    await keepContentKeys(transaction, rows);
    await keepProgress(transaction, state);
    if (goesOn) await jobs.add(transaction, [{ kind: REWRAP_CONTENT_KEYS, subject: state.keyId }]);
  });
}

async function keepProgress(transaction: MetadataTransaction, state: Progress): Promise<void> {
  await keepSetting(transaction, SETTING, JSON.stringify(state));
}

/** What earlier runs for the same key counted; which files have a row is true for every key. */
async function progressOf(db: Metadata, keyId: string): Promise<Progress> {
  const row = await db.selectFrom("setting").select("value").where("name", "=", SETTING).executeTakeFirst();
  const known = row === undefined ? null : readJson(progressSchema, row.value);
  if (known?.keyId === keyId) return known;
  return { keyId, afterSeq: known?.afterSeq ?? 0, files: 0, unreadable: 0, told: -1 };
}

async function lastFile(db: Metadata): Promise<number> {
  const row = await db
    .selectFrom("resource")
    .select(({ fn }) => fn.max("seq").as("seq"))
    .executeTakeFirst();
  return Math.max(Number(row?.seq ?? 0), 1);
}

async function finish(context: ServiceContext, state: Progress): Promise<void> {
  const { keyId, files, unreadable, told } = state;
  if (told === files) return;
  await context.db.transaction().execute(async (transaction) => {
    await keepProgress(transaction, { ...state, told: files });
    await record(context, transaction, "CONTENT_KEYS_REWRAPPED", { keyId, detail: { files, unreadable } });
  });
}

async function record(
  { now }: ServiceContext,
  transaction: MetadataTransaction,
  action: "CONTENT_KEYS_REWRAPPED" | "CONTENT_KEYS_NOT_REWRAPPED",
  { keyId, detail }: { readonly keyId: string; readonly detail: Readonly<Record<string, string | number>> },
): Promise<void> {
  await appendAudit(transaction, { atUtcMs: now(), actor: "system", action, subject: keyId, detail });
}
