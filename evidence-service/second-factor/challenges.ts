/**
 * What a passkey signs: the service knows its own again by a signature, for five minutes and for the one purpose it was
 * given out for, so that nothing is kept of those that are never answered. One that was answered is kept, and taken once.
 */
import { createHash, createHmac, randomBytes, timingSafeEqual } from "node:crypto";
import { Refusal } from "../http/refusal.ts";
import type { MetadataTransaction } from "../storage/metadata-tables.ts";

const GOOD_FOR_MS = 5 * 60_000;
const RANDOM_BYTES = 16;
const TIME_BYTES = 6;
const HEAD_BYTES = RANDOM_BYTES + TIME_BYTES;

interface Asked {
  /** Of the service; one of them has signed it. */
  readonly secrets: readonly Uint8Array[];
  readonly purpose: string;
  readonly nowUtcMs: number;
}

/** @param secret of the service @param purpose whose passkey is to do what */
export function newChallenge(secret: Uint8Array, purpose: string, nowUtcMs: number): Uint8Array<ArrayBuffer> {
  const time = Buffer.alloc(TIME_BYTES);
  time.writeUIntBE(nowUtcMs + GOOD_FOR_MS, 0, TIME_BYTES);
  const head = Buffer.concat([randomBytes(RANDOM_BYTES), time]);
  return Uint8Array.from(Buffer.concat([head, signature(head, secret, purpose)]));
}

/** @param challenge in Base64url, as the browser gives it back */
export function isOwnChallenge(challenge: string, { secrets, purpose, nowUtcMs }: Asked): boolean {
  const given = Buffer.from(challenge, "base64url");
  const head = given.subarray(0, HEAD_BYTES);
  if (head.length < HEAD_BYTES || head.readUIntBE(RANDOM_BYTES, TIME_BYTES) < nowUtcMs) return false;
  const signed = given.subarray(HEAD_BYTES);
  return secrets.some((secret) => {
    const wanted = signature(head, secret, purpose);
    return signed.length === wanted.length && timingSafeEqual(signed, wanted);
  });
}

function signature(head: Uint8Array, secret: Uint8Array, purpose: string): Buffer {
  return createHmac("sha256", secret).update(`passkey\n${purpose}\n`).update(head).digest();
}

/** Of several answers to one challenge one is let through. @throws Refusal 401 PASSKEY_REFUSED */
export async function takeChallenge(
  transaction: MetadataTransaction,
  challenge: string,
  nowUtcMs: number,
): Promise<void> {
  await transaction.deleteFrom("usedChallenge").where("expiresUtcMs", "<", nowUtcMs).execute();
  const challengeHash = createHash("sha256").update(challenge).digest("hex");
  const { numInsertedOrUpdatedRows } = await transaction
    .insertInto("usedChallenge")
    .values({ challengeHash, expiresUtcMs: nowUtcMs + GOOD_FOR_MS })
    .onConflict((conflict) => conflict.doNothing())
    .executeTakeFirst();
  if (numInsertedOrUpdatedRows !== 1n) throw passkeyRefused();
}

export function passkeyRefused(): Refusal {
  return new Refusal("PASSKEY_REFUSED", "The passkey was not accepted.");
}
