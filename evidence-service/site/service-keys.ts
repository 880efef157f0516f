/** Every secret of a service, in one file that only its owner may read. */
import { generateKeyPair, type KeyObject, randomBytes, randomUUID } from "node:crypto";
import { readFile } from "node:fs/promises";
import { promisify } from "node:util";
import { z } from "zod";
import { writeDurably } from "#runtime/files/durable-file.ts";
import { saysMissing } from "#runtime/files/missing-file.ts";

const privateJwkSchema = z.looseObject({ kty: z.string(), kid: z.string().min(1) });
export type PrivateJwk = z.infer<typeof privateJwkSchema>;

/**
 * `content`: RSA, content keys are wrapped for it. `token`: EC P-256, signs access tokens. `address`: 32 bytes, sign
 * addresses of files and the cookies that tell browsers from strangers. `audit`: Ed25519, signs heads of the audit trail.
 */
export const KEY_KINDS = ["content", "token", "address", "audit"] as const;
export type KeyKind = (typeof KEY_KINDS)[number];

/** A key that was made after the first of its kind. A kind that a later program made is kept as it is. */
const laterKeySchema = z.looseObject({ kind: z.string(), madeUtc: z.iso.datetime(), key: privateJwkSchema });

/** A key that is not here any more; of those that signed heads the public part stays. */
const retiredKeySchema = z.looseObject({
  kind: z.string(),
  keyId: z.string().min(1),
  retiredUtc: z.iso.datetime(),
  publicKey: z.looseObject({ kid: z.string() }).optional(),
});
export type RetiredKey = z.infer<typeof retiredKeySchema>;

/** What a later program wrote there beside it stays when the file is written anew. */
const serviceKeysSchema = z.looseObject({
  tenantId: z.string().min(1),
  keyStoreKey: privateJwkSchema,
  tokenKey: privateJwkSchema,
  /** Base64, 32 bytes. */
  sasSecret: z.base64(),
  /** The id of `sasSecret`; the first one of a service has none. */
  sasSecretId: z.string().min(1).optional(),
  auditKey: privateJwkSchema,
  /** The default service account; its private key goes into the connection file. */
  serviceAccount: z.object({ principalId: z.string().min(1), key: privateJwkSchema }),
  /** Oldest first. */
  laterKeys: z.array(laterKeySchema).optional(),
  retiredKeys: z.array(retiredKeySchema).optional(),
  /** When it was first seen that metadata were made with these keys; keys that are new have none. */
  metadataMadeUtc: z.iso.datetime().optional(),
});
export type ServiceKeys = z.infer<typeof serviceKeysSchema>;

/** As versions before the audit's heads were signed wrote it. */
const withoutAuditKeySchema = serviceKeysSchema.omit({ auditKey: true }).strict();

const generate = promisify(generateKeyPair);

function exported(key: KeyObject, kid: string): PrivateJwk {
  return privateJwkSchema.parse({ ...key.export({ format: "jwk" }), kid });
}

/** Of each kind how a key is made. */
const MADE: Readonly<Record<KeyKind, (tenantId: string) => Promise<PrivateJwk>>> = {
  content: async (tenantId) => {
    const { privateKey } = await generate("rsa", { modulusLength: 3072 });
    return exported(privateKey, `urn:keystore:${tenantId}:${randomUUID()}`);
  },
  token: async () => {
    const { privateKey } = await generate("ec", { namedCurve: "P-256" });
    return exported(privateKey, randomUUID());
  },
  address: async () => ({ kty: "oct", kid: randomUUID(), k: randomBytes(32).toString("base64url") }),
  audit: async (tenantId) => {
    const { privateKey } = await generate("ed25519", {});
    return exported(privateKey, `urn:audit:${tenantId}:${randomUUID()}`);
  },
};

export function newKey(kind: KeyKind, tenantId: string): Promise<PrivateJwk> {
  return MADE[kind](tenantId);
}

async function newServiceKeys(): Promise<ServiceKeys> {
  const tenantId = randomUUID();
  const principalId = randomUUID();
  const [keyStoreKey, tokenKey, auditKey, key] = await Promise.all([
    newKey("content", tenantId),
    newKey("token", tenantId),
    newKey("audit", tenantId),
    newAccountKey(tenantId, principalId),
  ]);
  const sasSecret = randomBytes(32).toString("base64");
  return { tenantId, keyStoreKey, tokenKey, sasSecret, auditKey, serviceAccount: { principalId, key } };
}

/** The key with which a service account signs its assertions. */
export async function newAccountKey(tenantId: string, principalId: string): Promise<PrivateJwk> {
  const { privateKey } = await generate("rsa", { modulusLength: 2048 });
  return exported(privateKey, `urn:service:${tenantId}:console:${principalId}`);
}

/**
 * Reads the keys of a service, or makes them at its first start.
 * @throws ZodError when the file is damaged: keys are never replaced silently, evidence depends on them
 */
export async function loadServiceKeys(file: string): Promise<ServiceKeys> {
  const stored = await readStored(file);
  const known = serviceKeysSchema.safeParse(stored);
  if (known.success) return known.data;
  const keys = stored === null ? await newServiceKeys() : await withAuditKey(stored);
  await saveServiceKeys(file, keys);
  return keys;
}

/** @returns null where there is no file, or one that cannot be read as keys */
export async function readServiceKeys(file: string): Promise<ServiceKeys | null> {
  try {
    return serviceKeysSchema.safeParse(await readStored(file)).data ?? null;
  } catch (error) {
    // Somebody copies it just now.
    if (error instanceof SyntaxError) return null;
    throw error;
  }
}

export async function saveServiceKeys(file: string, keys: ServiceKeys): Promise<void> {
  await writeDurably(file, [Buffer.from(`${JSON.stringify(keys, null, 2)}\n`)]);
}

/** @returns null when there is no file */
async function readStored(file: string): Promise<unknown> {
  const text = await readFile(file, "utf8").catch((error: unknown) => {
    if (saysMissing(error)) return null;
    throw error;
  });
  return text === null ? null : JSON.parse(text);
}

/** Only the one key may be missing; a key that is damaged is never replaced. */
async function withAuditKey(stored: unknown): Promise<ServiceKeys> {
  const older = withoutAuditKeySchema.parse(stored);
  return { ...older, auditKey: await newKey("audit", older.tenantId) };
}

/**
 * The public keys of the audit's heads, oldest first, without making anything.
 * @returns null when the folder holds no service, or one that never signed a head
 */
export async function readAuditKeys(file: string): Promise<readonly Record<string, unknown>[] | null> {
  const keys = await readServiceKeys(file);
  return keys === null ? null : auditKeysIn(keys);
}

function auditKeysIn(keys: ServiceKeys): readonly Record<string, unknown>[] {
  const retired = (keys.retiredKeys ?? []).flatMap(({ kind, publicKey }) =>
    kind === "audit" && publicKey !== undefined ? [publicKey] : [],
  );
  const later = (keys.laterKeys ?? []).filter(({ kind }) => kind === "audit").map(({ key }) => key);
  return [...retired, ...[keys.auditKey, ...later].map(publicPart)];
}

export interface KeyIds {
  readonly tenantId: string;
  readonly contentKeyIds: readonly string[];
  /** Also of those of which only the public part is left. */
  readonly auditKeyIds: readonly string[];
}

/** Which keys they are, without making anything. @returns null when the folder holds no service's */
export async function readKeyIds(file: string): Promise<KeyIds | null> {
  const keys = await readServiceKeys(file);
  if (keys === null) return null;
  const { tenantId, keyStoreKey, laterKeys = [] } = keys;
  const later = laterKeys.filter(({ kind }) => kind === "content").map(({ key }) => key);
  return {
    tenantId,
    contentKeyIds: [keyStoreKey, ...later].map(({ kid }) => kid),
    auditKeyIds: auditKeysIn(keys).map((key) => String(key["kid"])),
  };
}

/** The members of an RSA or EC key that everybody may know. */
export function publicPart(key: PrivateJwk): Record<string, unknown> {
  const shown = ["kty", "kid", "n", "e", "crv", "x", "y"];
  return Object.fromEntries(Object.entries(key).filter(([name]) => shown.includes(name)));
}
