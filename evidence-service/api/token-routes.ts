/** Access tokens for service accounts: RFC 7523 (JWT bearer grant), and what is needed to check them. */
import { createPublicKey } from "node:crypto";
import type { FastifyRequest } from "fastify";
import { errors, importJWK, jwtVerify, type JWTHeaderParameters, SignJWT, type JWTPayload } from "jose";
import { z } from "zod";
import { TOKEN_GRANT_TYPE, tokenAnswerSchema } from "#shared/clearance-api/connection-file.ts";
import { publicKeyAnswerSchema, ENCRYPTION_PROTOCOLS } from "#shared/clearance-api/encryption.ts";
import type { ServiceContext } from "../context/service-context.ts";
import type { KeyRing, RingKey } from "../site/key-ring.ts";
import { publicPart } from "../site/service-keys.ts";
import { appendAudit } from "../audit/audit-chain.ts";
import { latestRestoration } from "../audit/restorations.ts";
import type { JsonApi } from "../http/json-api.ts";
import type { Principal } from "../http/principal.ts";
import { Refusal } from "../http/refusal.ts";
import { keysOfAccount } from "../storage/account-keys.ts";
import type { MetadataTransaction } from "../storage/metadata-tables.ts";
import type { UsedAssertions } from "./used-assertions.ts";

const tokenRequestSchema = z.object({
  client_id: z.string().min(1).max(512),
  grant_type: z.literal(TOKEN_GRANT_TYPE),
  assertion: z.string().min(1).max(16_384),
});

/** An assertion is made for one request; a longer life than this would make it a password. */
const ASSERTION_MAX_S = 3_600;
const CLOCK_TOLERANCE_S = 60;

export function registerTokenRoutes(api: JsonApi, context: ServiceContext, used: UsedAssertions): void {
  api.add({
    method: "POST",
    path: "/connect/token",
    summary: "Exchanges a signed assertion for an access token (RFC 7523, form-encoded).",
    access: "public",
    params: z.object({}),
    body: tokenRequestSchema,
    answer: tokenAnswerSchema,
    handle: async ({ body, reply }) => {
      void reply.header("cache-control", "no-store");
      return issueToken(context, used, body);
    },
  });
  api.add({
    method: "GET",
    path: "/.well-known/openid-configuration",
    summary: "Where tokens are issued and which keys sign them.",
    access: "public",
    params: z.object({}),
    answer: z.looseObject({ issuer: z.string() }),
    handle: async () => discovery(context),
  });
  api.add({
    method: "GET",
    path: "/connect/jwks",
    summary: "The keys that sign access tokens.",
    access: "public",
    params: z.object({}),
    answer: z.object({ keys: z.array(z.looseObject({})) }),
    handle: async () => ({
      keys: context.keys.all("token").map(({ jwk }) => ({ ...publicPart(jwk), alg: "ES256", use: "sig" })),
    }),
  });
  api.add({
    method: "GET",
    path: "/keys/api/v1/tenant/:tenantId/publickey",
    summary: "The key that content keys are wrapped for, and the encryption protocols that are read.",
    access: "service",
    action: "read-lists",
    params: z.object({ tenantId: z.string() }),
    answer: publicKeyAnswerSchema,
    handle: async ({ params }) => {
      checkTenant(context, params.tenantId);
      const key = publicKeyAnswerSchema.parse(publicPart(context.keys.current("content").jwk));
      return { ...key, EncryptionProtocols: [...ENCRYPTION_PROTOCOLS] };
    },
  });
}

export function checkTenant(context: ServiceContext, tenantId: string): void {
  if (tenantId === context.keys.tenantId) return;
  throw new Refusal("UNKNOWN_TENANT", "This account is not of that tenant.");
}

function discovery(context: ServiceContext) {
  const url = context.url();
  return {
    issuer: `${url}/connect`,
    token_endpoint: `${url}/connect/token`,
    jwks_uri: `${url}/connect/jwks`,
    grant_types_supported: [TOKEN_GRANT_TYPE],
    token_endpoint_auth_methods_supported: ["private_key_jwt"],
    token_endpoint_auth_signing_alg_values_supported: ["RS256", "RS384", "RS512", "PS256", "PS384", "PS512"],
  };
}

async function issueToken(
  context: ServiceContext,
  used: UsedAssertions,
  request: z.infer<typeof tokenRequestSchema>,
) {
  const principalId = request.client_id.replace(`@${context.keys.tenantId}`, "");
  const account = await context.db
    .selectFrom("serviceAccount")
    .select("state")
    .where("principalId", "=", principalId)
    .executeTakeFirst();
  if (account === undefined || request.client_id !== `${principalId}@${context.keys.tenantId}`) {
    throw new Refusal("INVALID_CLIENT", "There is no such service account.");
  }
  if (account.state === "locked") throw new Refusal("INVALID_CLIENT", "The service account is locked.");
  const { payload, keyId } = await checkByAnyKey(context, request, principalId);
  await useAssertion(context, used, { ...payload, principalId, keyId });
  const expiresS = context.settings.accessTokenS;
  return {
    access_token: await signAccessToken(context, { principalId, keyId }),
    token_type: "Bearer",
    expires_in: expiresS,
  };
}

/** @returns which of the account's keys has signed, and what: while a key is replaced there are several */
async function checkByAnyKey(
  context: ServiceContext,
  request: z.infer<typeof tokenRequestSchema>,
  principalId: string,
): Promise<{ readonly payload: JWTPayload; readonly keyId: string }> {
  let refusal = new Refusal("INVALID_ASSERTION", "The account has no key any more.");
  for (const { keyId, publicJwkJson } of await keysOfAccount(context.db, principalId)) {
    const checked = await checkAssertion(context, request, { principalId, publicJwkJson });
    if ("payload" in checked) return { payload: checked.payload, keyId };
    refusal = checked.ofAnotherKey;
  }
  throw refusal;
}

/** @throws Refusal for what no other key makes better */
async function checkAssertion(
  context: ServiceContext,
  request: z.infer<typeof tokenRequestSchema>,
  { principalId, publicJwkJson }: { readonly principalId: string; readonly publicJwkJson: string },
): Promise<{ readonly payload: JWTPayload } | { readonly ofAnotherKey: Refusal }> {
  const key = createPublicKey({ key: JSON.parse(publicJwkJson), format: "jwk" });
  const urls = [context.url(), ...context.otherUrls];
  const now = new Date(context.now());
  try {
    const { payload } = await jwtVerify(request.assertion, key, {
      algorithms: ["RS256", "RS384", "RS512", "PS256", "PS384", "PS512"],
      audience: urls.flatMap((url) => [`${url}/connect/token`, `${url}/connect`, url]),
      issuer: [principalId, request.client_id],
      currentDate: now,
      clockTolerance: CLOCK_TOLERANCE_S,
      requiredClaims: ["exp", "iss", "sub", "aud", "jti"],
    });
    checkSubjectAndLife(payload, [principalId, request.client_id], now);
    return { payload };
  } catch (error) {
    if (error instanceof Refusal) throw error;
    const refusal = new Refusal("INVALID_ASSERTION", `The account's log-on is refused: ${reasonOf(error)}.`);
    if (error instanceof errors.JWSSignatureVerificationFailed) return { ofAnotherKey: refusal };
    throw refusal;
  }
}

/** What jose found, in words. */
function reasonOf(error: unknown): string {
  if (error instanceof errors.JWTExpired) return "its time is over, or the clocks differ";
  if (error instanceof errors.JWSSignatureVerificationFailed) return "its signature is not the account's";
  if (!(error instanceof errors.JWTClaimValidationFailed)) return "it cannot be read";
  if (error.claim === "iat" || error.claim === "nbf") return "its time has not begun, or the clocks differ";
  if (error.claim === "aud") return "it is meant for another service";
  return `its "${error.claim}" is not the account's`;
}

function checkSubjectAndLife(payload: JWTPayload, subjects: readonly string[], now: Date): void {
  if (payload.sub === undefined || !subjects.includes(payload.sub)) {
    throw new Refusal("INVALID_ASSERTION", "The assertion's subject is not the client.");
  }
  const latestS = now.getTime() / 1_000 + ASSERTION_MAX_S + CLOCK_TOLERANCE_S;
  if ((payload.exp ?? Infinity) <= latestS) return;
  throw new Refusal("INVALID_ASSERTION", "The assertion is valid for more than an hour.");
}

/** Whoever signs may write anything there; it is kept for longer than the assertion is good. */
const identifierSchema = z.string().min(1).max(256);

/**
 * Which assertions were used between a backup and its restoration nobody knows any more: who has one of them could use it
 * again.
 * @param iat when it was made, seconds UTC, where it says so
 */
async function refuseEarlierThanRestoration(
  transaction: MetadataTransaction,
  iat: number | undefined,
): Promise<void> {
  const restoration = iat === undefined ? null : await latestRestoration(transaction);
  if (restoration === null || iat === undefined) return;
  if ((iat + CLOCK_TOLERANCE_S) * 1_000 >= restoration.atUtcMs) return;
  const detail = "The assertion was made before the service was restored from a backup; make another one.";
  throw new Refusal("INVALID_ASSERTION", detail);
}

interface SignedBy {
  readonly principalId: string;
  readonly keyId: string;
}

/** @throws Refusal when the assertion's `jti` was used before */
async function useAssertion(
  context: ServiceContext,
  used: UsedAssertions,
  { principalId, keyId, jti: said, exp = 0, iat }: JWTPayload & SignedBy,
): Promise<void> {
  const jti = identifierSchema.safeParse(said).data;
  if (jti === undefined)
    throw new Refusal("INVALID_ASSERTION", "The assertion has no identifier (jti) that can be kept.");
  const atUtcMs = context.now();
  const expiresUtcMs = Math.ceil((exp + CLOCK_TOLERANCE_S) * 1_000);
  await context.db.transaction().execute(async (transaction) => {
    await refuseEarlierThanRestoration(transaction, iat);
    await used.add(transaction, { principalId, jti, expiresUtcMs });
    const entry = { atUtcMs, actor: `service:${principalId}`, action: "TOKEN_ISSUED", subject: principalId };
    await transaction
      .updateTable("accountKey")
      .set({ latestUseUtcMs: atUtcMs })
      .where("principalId", "=", principalId)
      .where("keyId", "=", keyId)
      .execute();
    await appendAudit(transaction, entry);
  });
}

/** The token says by which key it was got: it is good as long as that one is. */
async function signAccessToken(
  context: ServiceContext,
  { principalId, keyId: accountKey }: SignedBy,
): Promise<string> {
  const issuedS = Math.floor(context.now() / 1_000);
  const { keyId, secret } = context.keys.current("token");
  return new SignJWT({ tenant: context.keys.tenantId, accountKey })
    .setProtectedHeader({ alg: "ES256", kid: keyId, typ: "at+jwt" })
    .setIssuer(context.keys.tenantId)
    .setAudience(context.keys.tenantId)
    .setSubject(principalId)
    .setIssuedAt(issuedS)
    .setExpirationTime(issuedS + context.settings.accessTokenS)
    .sign(secret);
}

const verifyingKeys = new WeakMap<RingKey, ReturnType<typeof importJWK>>();

/** The same for every request: to take it in takes as long as to check a token with it. */
async function verifyingKey(keys: KeyRing, { kid = "" }: JWTHeaderParameters): ReturnType<typeof importJWK> {
  const key = keys.find("token", kid);
  if (key === undefined) throw new Error("No key that is held has signed it.");
  const known = verifyingKeys.get(key) ?? importJWK(publicPart(key.jwk), "ES256");
  verifyingKeys.set(key, known);
  return known;
}

/**
 * The service account behind a request's bearer token.
 * @throws Refusal 401 UNAUTHORIZED
 */
export async function servicePrincipal(context: ServiceContext, request: FastifyRequest): Promise<Principal> {
  const token = /^Bearer (\S+)$/i.exec(request.headers.authorization ?? "")?.[1];
  if (token === undefined) throw new Refusal("UNAUTHORIZED", "The request carries no access token.");
  const { tenantId } = context.keys;
  const key = (header: JWTHeaderParameters) => verifyingKey(context.keys, header);
  const options = { algorithms: ["ES256"], issuer: tenantId, audience: tenantId, typ: "at+jwt" };
  const verified = await jwtVerify(token, key, { ...options, currentDate: new Date(context.now()) }).catch(
    () => {
      throw new Refusal("UNAUTHORIZED", "The access token is not valid any more; ask for a new one.");
    },
  );
  const { sub: principalId = "", accountKey } = claimsSchema.parse(verified.payload);
  const account = await context.db
    .selectFrom("serviceAccount")
    .leftJoin("accountKey", (join) =>
      join
        .onRef("accountKey.principalId", "=", "serviceAccount.principalId")
        .on("keyId", "=", accountKey ?? ""),
    )
    .select(["serviceAccount.principalId", "name", "state", "keyId"])
    .where("serviceAccount.principalId", "=", principalId)
    .executeTakeFirst();
  if (account === undefined) throw new Refusal("UNAUTHORIZED", "The service account is gone.");
  if (account.state === "locked") throw new Refusal("UNAUTHORIZED", "The service account is locked.");
  if (accountKey !== undefined && account.keyId === null)
    throw new Refusal("UNAUTHORIZED", "The key of the service account was taken away.");
  return { kind: "service", id: account.principalId, name: account.name };
}

/** Tokens of a version from before accounts had several keys name none; they end within the hour. */
const claimsSchema = z.object({ sub: z.string().optional(), accountKey: z.string().optional() });
