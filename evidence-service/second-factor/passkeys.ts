/** Passkeys (WebAuthn): made, and asked. What they have signed is checked by a library, against what stands in the rows. */
import { createHash } from "node:crypto";
import {
  type AuthenticationResponseJSON,
  generateAuthenticationOptions,
  generateRegistrationOptions,
  type RegistrationResponseJSON,
  verifyAuthenticationResponse,
  verifyRegistrationResponse,
} from "@simplewebauthn/server";
import { z } from "zod";
import { PRODUCT_NAME } from "#shared/domain/brand.ts";
import type { PasskeyAnswer, PasskeyMade, WebPasskeyOptions } from "#shared/web-api/passkeys.ts";
import { appendAudit } from "../audit/audit-chain.ts";
import type { ServiceContext } from "../context/service-context.ts";
import { Refusal } from "../http/refusal.ts";
import { usableName } from "../http/usable-name.ts";
import type { PasskeyTable } from "../storage/factor-tables.ts";
import type { MetadataTransaction } from "../storage/metadata-tables.ts";
import { readJson } from "../storage/read-json.ts";
import { isOwnChallenge, newChallenge, passkeyRefused, takeChallenge } from "./challenges.ts";
import { relyingParty, type RelyingParty } from "./relying-party.ts";

type Parts = Pick<ServiceContext, "db" | "keys" | "now" | "url" | "otherUrls">;

/** Of one person; a page shows them all. */
const MOST_PASSKEYS = 20;

/** EdDSA, ES256, RS256: what every version of Node verifies that the service runs on. */
const ALGORITHMS = [-8, -7, -257];

/** @throws Refusal 409 NO_PASSKEYS_HERE */
function partyOf(parts: Parts): RelyingParty {
  const party = relyingParty(parts);
  if (party !== null) return party;
  const detail = "The address of this service is none that browsers have passkeys for.";
  throw new Refusal("NO_PASSKEYS_HERE", detail);
}

const challengeFor = ({ keys, now }: Parts, purpose: string): Uint8Array<ArrayBuffer> =>
  newChallenge(keys.current("address").secret.export(), purpose, now());

export function passkeysOf(db: Parts["db"] | MetadataTransaction, username: string): Promise<PasskeyTable[]> {
  return db
    .selectFrom("passkey")
    .selectAll()
    .where("username", "=", username)
    .orderBy("createdUtcMs")
    .execute();
}

const described = ({ credentialId: id, transportsJson }: PasskeyTable) => ({
  id,
  transports: readJson(z.array(z.string()), transportsJson) ?? [],
});

const making = (username: string): string => `make ${username}`;

/** What a browser makes a passkey by. @throws Refusal 409 NO_PASSKEYS_HERE, TOO_MANY_PASSKEYS */
export async function makingOptions(parts: Parts, username: string): Promise<WebPasskeyOptions> {
  const { id } = partyOf(parts);
  const known = await passkeysOf(parts.db, username);
  if (known.length >= MOST_PASSKEYS)
    throw new Refusal("TOO_MANY_PASSKEYS", "This account has as many passkeys as one can have.");
  const options = await generateRegistrationOptions({
    ...{ rpName: PRODUCT_NAME, rpID: id, userName: username, userDisplayName: username },
    // The same for all of a person's: a device then replaces its own. It says nothing of who it is.
    userID: Uint8Array.from(createHash("sha256").update(`${parts.keys.tenantId}\n${username}`).digest()),
    challenge: challengeFor(parts, making(username)),
    excludeCredentials: known.map(described),
    supportedAlgorithmIDs: ALGORITHMS,
    authenticatorSelection: { residentKey: "preferred", userVerification: "preferred" },
  });
  return { ...options };
}

/**
 * Checks a passkey that a browser made, and keeps it within the transaction.
 * @throws Refusal 400 NAME_NOT_USABLE, 401 PASSKEY_REFUSED
 */
export async function keepPasskey(
  parts: Parts,
  transaction: MetadataTransaction,
  { username, made }: { readonly username: string; readonly made: PasskeyMade },
): Promise<void> {
  const name = usableName("The name", made.name);
  const { id: expectedRPID, origins } = partyOf(parts);
  const atUtcMs = parts.now();
  const { challenge, isOwn } = expectation(parts, making(username));
  const { verified, registrationInfo } = await verifyRegistrationResponse({
    response: made.response as RegistrationResponseJSON,
    expectedChallenge: isOwn,
    expectedOrigin: [...origins],
    expectedRPID,
    requireUserVerification: false,
    supportedAlgorithmIDs: ALGORITHMS,
  }).catch(refused);
  if (!verified || registrationInfo === undefined) throw passkeyRefused();
  await takeChallenge(transaction, challenge(), atUtcMs);
  const { id: credentialId, publicKey, counter: signCount } = registrationInfo.credential;
  const known = await transaction
    .selectFrom("passkey")
    .select("username")
    .where("credentialId", "=", credentialId)
    .executeTakeFirst();
  if (known !== undefined) throw passkeyRefused();
  const row = { credentialId, username, name, signCount, createdUtcMs: atUtcMs, usedUtcMs: null };
  const transportsJson = JSON.stringify(made.response.response.transports ?? []);
  await transaction
    .insertInto("passkey")
    .values({ ...row, transportsJson, publicKey: Buffer.from(publicKey).toString("base64") })
    .execute();
  const entry = { atUtcMs, actor: `user:${username}`, action: "SECOND_FACTOR_ADDED", subject: username };
  await appendAudit(transaction, { ...entry, detail: { kind: "passkey", name } });
}

/** For what a passkey answers: the second step of a person, or a sign-in by itself, of whoever it is. */
export type Answering =
  { readonly as: "second factor"; readonly username: string } | { readonly as: "sign-in" };

const purposeOf = (answering: Answering): string =>
  answering.as === "sign-in" ? "sign-in" : `second factor of ${answering.username}`;

/** @throws Refusal 409 NO_PASSKEYS_HERE */
export async function askingOptions(parts: Parts, answering: Answering): Promise<WebPasskeyOptions> {
  const { id: rpID } = partyOf(parts);
  const challenge = challengeFor(parts, purposeOf(answering));
  // By itself it stands for the password too: the device has to have seen a finger, a face or a PIN.
  if (answering.as === "sign-in")
    return { ...(await generateAuthenticationOptions({ rpID, challenge, userVerification: "required" })) };
  const allowCredentials = (await passkeysOf(parts.db, answering.username)).map(described);
  const userVerification = "discouraged";
  return {
    ...(await generateAuthenticationOptions({ rpID, challenge, userVerification, allowCredentials })),
  };
}

/** Whose passkey answers; null where none is known by that name. */
export async function ownerOf({ db }: Pick<Parts, "db">, { id }: PasskeyAnswer): Promise<string | null> {
  const row = await db
    .selectFrom("passkey")
    .select("username")
    .where("credentialId", "=", id)
    .executeTakeFirst();
  return row?.username ?? null;
}

/** Checks an answer, and takes it once. @returns whose passkey it is @throws Refusal 401 PASSKEY_REFUSED */
export async function takePasskeyAnswer(
  parts: Parts,
  answering: Answering,
  answer: PasskeyAnswer,
): Promise<string> {
  const { id: expectedRPID, origins } = partyOf(parts);
  const { db } = parts;
  const row = await db
    .selectFrom("passkey")
    .selectAll()
    .where("credentialId", "=", answer.id)
    .executeTakeFirst();
  if (row === undefined) throw passkeyRefused();
  const { username, credentialId } = row;
  if (answering.as === "second factor" && answering.username !== username) throw passkeyRefused();
  const { challenge, isOwn } = expectation(parts, purposeOf(answering));
  const { verified, authenticationInfo } = await verifyAuthenticationResponse({
    response: answer as AuthenticationResponseJSON,
    expectedChallenge: isOwn,
    expectedOrigin: [...origins],
    expectedRPID,
    requireUserVerification: answering.as === "sign-in",
    credential: {
      id: credentialId,
      publicKey: Uint8Array.from(Buffer.from(row.publicKey, "base64")),
      counter: row.signCount,
    },
  }).catch(refused);
  if (!verified) throw passkeyRefused();
  const usedUtcMs = parts.now();
  await db.transaction().execute(async (transaction) => {
    await takeChallenge(transaction, challenge(), usedUtcMs);
    const { numUpdatedRows } = await transaction
      .updateTable("passkey")
      .set({ usedUtcMs, signCount: authenticationInfo.newCounter })
      .where("credentialId", "=", credentialId)
      .executeTakeFirst();
    // Removed meanwhile.
    if (numUpdatedRows !== 1n) throw passkeyRefused();
  });
  return username;
}

/** The library says in an error what of an answer does not fit; to whoever sent it that is one refusal. */
function refused(error: unknown): never {
  if (error instanceof Error) throw passkeyRefused();
  throw error;
}

/** Knows the service's own challenge again, and which it was. */
function expectation({ keys, now }: Parts, purpose: string) {
  let seen = "";
  return {
    isOwn: (challenge: string): boolean => {
      seen = challenge;
      return isOwnChallenge(challenge, { secrets: keys.addressSecrets(), purpose, nowUtcMs: now() });
    },
    challenge: (): string => seen,
  };
}
