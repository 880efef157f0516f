import { generateKeyPair, randomBytes, randomUUID, type KeyObject } from "node:crypto";
import { readFile } from "node:fs/promises";
import { promisify } from "node:util";
import { z } from "zod";
import { writeDurably } from "#runtime/files/durable-file.ts";

const privateJwkSchema = z.looseObject({ kty: z.string(), kid: z.string().min(1) });
export type PrivateJwk = z.infer<typeof privateJwkSchema>;

/** Every secret of a service, in one file that only its owner may read. */
const serviceKeysSchema = z.object({
  tenantId: z.string().min(1),
  /** RSA: content keys are wrapped for it. */
  keyStoreKey: privateJwkSchema,
  /** EC P-256: signs access tokens. */
  tokenKey: privateJwkSchema,
  /** Base64, 32 bytes: signs upload addresses. */
  sasSecret: z.base64(),
  /** Ed25519: signs the heads of the audit trail. */
  auditKey: privateJwkSchema,
  /** The default service account; its private key goes into the connection file. */
  serviceAccount: z.object({ principalId: z.string().min(1), key: privateJwkSchema }),
});
export type ServiceKeys = z.infer<typeof serviceKeysSchema>;

/** As versions before the audit's heads were signed wrote it. */
const withoutAuditKeySchema = serviceKeysSchema.omit({ auditKey: true });

const generate = promisify(generateKeyPair);

function exported(key: KeyObject, kid: string): PrivateJwk {
  return privateJwkSchema.parse({ ...key.export({ format: "jwk" }), kid });
}

async function newServiceKeys(): Promise<ServiceKeys> {
  const tenantId = randomUUID();
  const principalId = randomUUID();
  const [keyStore, token, accountKey] = await Promise.all([
    generate("rsa", { modulusLength: 3072 }),
    generate("ec", { namedCurve: "P-256" }),
    newAccountKey(tenantId, principalId),
  ]);
  return {
    tenantId,
    keyStoreKey: exported(keyStore.privateKey, `urn:keystore:${tenantId}:${randomUUID()}`),
    tokenKey: exported(token.privateKey, randomUUID()),
    sasSecret: randomBytes(32).toString("base64"),
    auditKey: await newAuditKey(tenantId),
    serviceAccount: { principalId, key: accountKey },
  };
}

/** The key with which a service account signs its assertions. */
export async function newAccountKey(tenantId: string, principalId: string): Promise<PrivateJwk> {
  const { privateKey } = await generate("rsa", { modulusLength: 2048 });
  return exported(privateKey, `urn:service:${tenantId}:console:${principalId}`);
}

async function newAuditKey(tenantId: string): Promise<PrivateJwk> {
  const { privateKey } = await generate("ed25519", {});
  return exported(privateKey, `urn:audit:${tenantId}:${randomUUID()}`);
}

/**
 * Reads the keys of a service, or makes them at its first start.
 * @throws ZodError when the file is damaged: keys are never replaced silently, evidence depends on them
 */
export async function loadServiceKeys(file: string): Promise<ServiceKeys> {
  const stored = await readKeys(file);
  const known = serviceKeysSchema.safeParse(stored);
  if (known.success) return known.data;
  const keys = stored === null ? await newServiceKeys() : await withAuditKey(stored);
  await writeDurably(file, [Buffer.from(`${JSON.stringify(keys, null, 2)}\n`)]);
  return keys;
}

/** @returns null when there is no file */
async function readKeys(file: string): Promise<unknown> {
  const text = await readFile(file, "utf8").catch((error: NodeJS.ErrnoException) => {
    if (error.code === "ENOENT") return null;
    throw error;
  });
  return text === null ? null : JSON.parse(text);
}

/** Only the one key may be missing; a key that is damaged is never replaced. */
async function withAuditKey(stored: unknown): Promise<ServiceKeys> {
  const older = withoutAuditKeySchema.strict().parse(stored);
  return { ...older, auditKey: await newAuditKey(older.tenantId) };
}

/**
 * The public key of the audit's heads, without making anything.
 * @returns null when the folder holds no service, or one that never signed a head
 */
export async function readAuditKey(file: string): Promise<Record<string, unknown> | null> {
  const known = serviceKeysSchema.safeParse(await readKeys(file));
  return known.success ? publicPart(known.data.auditKey) : null;
}

export interface KeyIds {
  readonly tenantId: string;
  readonly keyStoreKeyId: string;
  readonly auditKeyId: string;
}

/** Which keys they are, without making anything. @returns null when the folder holds no service's */
export async function readKeyIds(file: string): Promise<KeyIds | null> {
  const { data } = serviceKeysSchema.safeParse(await readKeys(file));
  if (data === undefined) return null;
  return { tenantId: data.tenantId, keyStoreKeyId: data.keyStoreKey.kid, auditKeyId: data.auditKey.kid };
}

/** @returns null when the folder holds no service, or one of an earlier version that never signed a head */
export async function readServiceKeys(file: string): Promise<ServiceKeys | null> {
  return serviceKeysSchema.safeParse(await readKeys(file)).data ?? null;
}

/** The members of an RSA or EC key that everybody may know. */
export function publicPart(key: PrivateJwk): Record<string, unknown> {
  const shown = ["kty", "kid", "n", "e", "crv", "x", "y"];
  return Object.fromEntries(Object.entries(key).filter(([name]) => shown.includes(name)));
}
