/** A person's authenticator app: set up, confirmed by a code, asked for codes, and taken away. */
import { appendAudit } from "../audit/audit-chain.ts";
import type { ServiceContext } from "../context/service-context.ts";
import { unwrapSecret, wrapSecret } from "../decryption/content-key.ts";
import { notFound, Refusal } from "../http/refusal.ts";
import type { AuthenticatorAppTable } from "../storage/factor-tables.ts";
import type { MetadataTransaction } from "../storage/metadata-tables.ts";
import { appAddress, isUnused, newAppSecret, stepOfCode } from "./one-time-codes.ts";

type Parts = Pick<ServiceContext, "db" | "keys" | "now">;
type State = AuthenticatorAppTable["state"];

export function wrongCode(): Refusal {
  return new Refusal("WRONG_CODE", "The code is wrong, or was used already.");
}

/**
 * Makes a secret that waits for a first code; one that waited before is worth nothing. The app in use stays.
 * @returns the secret as people type it, and the address that an app reads from a picture
 */
export async function beginApp(
  { db, keys, now }: Parts,
  username: string,
): Promise<{ secret: string; address: string }> {
  const secret = newAppSecret();
  const { keyId, secret: key } = keys.current("content");
  const sealedSecret = wrapSecret(Buffer.from(secret), key);
  const row = { username, state: "begun", keyId, sealedSecret, latestStep: 0, createdUtcMs: now() } as const;
  await db.transaction().execute(async (transaction) => {
    await removeRow(transaction, username, "begun");
    await transaction
      .insertInto("authenticatorApp")
      .values({ ...row, usedUtcMs: null })
      .execute();
  });
  return { secret, address: appAddress(secret, username) };
}

/**
 * Takes the app that waits into use, within the transaction, in place of one from before.
 * @throws Refusal 401 WRONG_CODE, 409 NO_APP_BEGUN
 */
export async function confirmApp(
  { keys, now }: Pick<Parts, "keys" | "now">,
  transaction: MetadataTransaction,
  { username, code }: { readonly username: string; readonly code: string },
): Promise<void> {
  const atUtcMs = now();
  const begun = await readRow(transaction, username, "begun");
  if (begun === undefined) throw new Refusal("NO_APP_BEGUN", "No app waits for its first code.");
  const latestStep = stepOfCode(openSecret(keys, begun), code, atUtcMs);
  if (latestStep === null) throw wrongCode();
  await removeRow(transaction, username, "begun");
  await removeRow(transaction, username, "in use");
  const inUse = { ...begun, state: "in use", latestStep, createdUtcMs: atUtcMs, usedUtcMs: atUtcMs } as const;
  await transaction.insertInto("authenticatorApp").values(inUse).execute();
  const entry = { atUtcMs, actor: `user:${username}`, action: "SECOND_FACTOR_ADDED", subject: username };
  await appendAudit(transaction, { ...entry, detail: { kind: "app" } });
}

/** Takes a code, once: of several requests with it one is let through. @throws Refusal 401 WRONG_CODE */
export async function takeAppCode(
  { db, keys, now }: Parts,
  { username, code }: { readonly username: string; readonly code: string },
): Promise<void> {
  const usedUtcMs = now();
  const row = await readRow(db, username, "in use");
  const step = row === undefined ? null : stepOfCode(openSecret(keys, row), code, usedUtcMs);
  if (row === undefined || step === null || !isUnused(step, row.latestStep, usedUtcMs)) throw wrongCode();
  const { numUpdatedRows } = await db
    .updateTable("authenticatorApp")
    .set({ latestStep: step, usedUtcMs })
    .where("username", "=", username)
    .where("state", "=", "in use")
    .where("sealedSecret", "=", row.sealedSecret)
    .where("latestStep", "=", row.latestStep)
    .executeTakeFirst();
  if (numUpdatedRows !== 1n) throw wrongCode();
}

/** @throws Refusal 409 SECRET_UNREADABLE where the service holds no key that opens it */
function openSecret(keys: ServiceContext["keys"], { keyId, sealedSecret }: AuthenticatorAppTable): string {
  const key = keys.find("content", keyId);
  const secret = key === undefined ? null : unwrapSecret(sealedSecret, key.secret);
  if (secret !== null) return secret.toString();
  throw new Refusal("SECRET_UNREADABLE", "The service holds no key that opens the secret of the app.");
}

function readRow(
  db: Parts["db"] | MetadataTransaction,
  username: string,
  state: State,
): Promise<AuthenticatorAppTable | undefined> {
  return db
    .selectFrom("authenticatorApp")
    .selectAll()
    .where("username", "=", username)
    .where("state", "=", state)
    .executeTakeFirst();
}

async function removeRow(transaction: MetadataTransaction, username: string, state: State): Promise<bigint> {
  const { numDeletedRows } = await transaction
    .deleteFrom("authenticatorApp")
    .where("username", "=", username)
    .where("state", "=", state)
    .executeTakeFirst();
  return numDeletedRows;
}

/** @throws Refusal 404 */
export async function removeApp(
  { now }: Pick<Parts, "now">,
  transaction: MetadataTransaction,
  username: string,
): Promise<void> {
  if ((await removeRow(transaction, username, "in use")) === 0n) throw notFound("authenticator app");
  const by = { atUtcMs: now(), actor: `user:${username}`, subject: username };
  await appendAudit(transaction, { ...by, action: "SECOND_FACTOR_REMOVED", detail: { kind: "app" } });
}
