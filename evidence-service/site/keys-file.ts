/** Changes of a service's `keys.json`, one at a time, also while the service runs: it looks into the file again and again. */
import { dirname, join } from "node:path";
import { FolderInUse, lockFolder } from "#runtime/files/folder-lock.ts";
import { writeDurably } from "#runtime/files/durable-file.ts";
import { KeyRing, type RingKey } from "./key-ring.ts";
import {
  KEY_KINDS,
  type KeyKind,
  newKey,
  publicPart,
  readServiceKeys,
  saveServiceKeys,
  type ServiceKeys,
} from "./service-keys.ts";
import { isoInstant } from "../storage/iso-instant.ts";
import { StartRefusal } from "./start-refusal.ts";

/** What is no more in `keys.json`: for backups and files elsewhere that need it; the service never reads it. */
export const RETIRED_KEYS_FILE = "retired-keys.json";

const LOCK = { lock: "keys.lock", holder: "keys-lock.json", keptOpen: "keys.lock" } as const;
/** What a change leaves in a folder; it says nothing afterwards. */
export const KEY_LOCK_FILES: readonly string[] = [LOCK.lock, LOCK.holder];

const PATIENCE_MS = 10_000;

/**
 * @param change of what the file has; null leaves it as it is
 * @returns what the file has afterwards
 * @throws StartRefusal NO_SERVICE, FOLDER_IN_USE while somebody else changes it
 */
export async function changeKeys(
  file: string,
  change: (keys: ServiceKeys) => Promise<ServiceKeys | null> | ServiceKeys | null,
): Promise<ServiceKeys> {
  // A folder that is not there has no keys either.
  if ((await readServiceKeys(file)) === null) throw noKeys(file);
  const lock = await lockFolder(dirname(file), LOCK, PATIENCE_MS).catch((error: unknown) => {
    if (!(error instanceof FolderInUse)) throw error;
    throw new StartRefusal("FOLDER_IN_USE", `Another command is changing ${file}.`);
  });
  try {
    const keys = await readServiceKeys(file);
    if (keys === null) throw noKeys(file);
    const changed = await change(keys);
    if (changed !== null) await saveServiceKeys(file, changed);
    return changed ?? keys;
  } finally {
    lock.release();
  }
}

function noKeys(file: string): StartRefusal {
  return new StartRefusal("NO_SERVICE", `${file} is not there, or holds no keys of an evidence service.`);
}

/** Adds one key of each kind, the newest of its kind. @returns those that are new */
export async function addKeys(
  file: string,
  { kinds, madeUtc }: { readonly kinds: readonly KeyKind[]; readonly madeUtc: string },
): Promise<readonly { readonly kind: KeyKind; readonly keyId: string }[]> {
  const made: { kind: KeyKind; keyId: string }[] = [];
  await changeKeys(file, async (keys) => {
    // A clock that was ahead once must not make earlier keys the newest.
    const latest = (keys.laterKeys ?? []).map((key) => Date.parse(key.madeUtc) + 1);
    const after = isoInstant(Math.max(Date.parse(madeUtc), ...latest));
    const added = await Promise.all(
      kinds.map(async (kind) => ({ kind, madeUtc: after, key: await newKey(kind, keys.tenantId) })),
    );
    made.push(...added.map(({ kind, key }) => ({ kind, keyId: key.kid })));
    return { ...keys, laterKeys: [...(keys.laterKeys ?? []), ...added] };
  });
  return made;
}

/** From now on a service without metadata is not begun with these keys by mistake; a second time it changes nothing. */
export async function noteMetadata(file: string, keys: ServiceKeys, nowUtcMs: number): Promise<void> {
  if (keys.metadataMadeUtc !== undefined) return;
  await changeKeys(file, (present) => ({ metadataMadeUtc: isoInstant(nowUtcMs), ...present }));
}

/** Keys that were replaced by others were in use, whatever version of the program wrote them. */
export function areUsed({ metadataMadeUtc, laterKeys = [], retiredKeys = [] }: ServiceKeys): boolean {
  return metadataMadeUtc !== undefined || laterKeys.length > 0 || retiredKeys.length > 0;
}

const MADE_BEFORE = isoInstant(0);

/**
 * Puts back what a running service holds and a file that was copied over its own does not have: evidence may depend on it.
 * What that file says was retired stays away.
 */
export function withKept(keys: ServiceKeys, ring: KeyRing): ServiceKeys | null {
  const theirs = new KeyRing(keys);
  const isRetired = ({ kind, keyId }: RingKey): boolean =>
    keys.retiredKeys?.some((key) => key.kind === kind && key.keyId === keyId) === true;
  const kept = ring.held().filter((key) => theirs.find(key.kind, key.keyId) === undefined && !isRetired(key));
  if (kept.length === 0) return null;
  const added = kept.map(({ kind, madeUtc, jwk }) => ({ kind, madeUtc: madeUtc ?? MADE_BEFORE, key: jwk }));
  return { ...keys, laterKeys: [...added, ...(keys.laterKeys ?? [])] };
}

/**
 * Takes keys out of `keys.json` and keeps them aside, first of all: a crash leaves them in both files.
 * @param retired older ones than those that stay; one of each kind stays
 */
export async function retireKeys(
  file: string,
  { retired, retiredUtc }: { readonly retired: readonly RingKey[]; readonly retiredUtc: string },
): Promise<void> {
  await changeKeys(file, async (keys) => {
    await keepAside(join(dirname(file), RETIRED_KEYS_FILE), { keys, retired, retiredUtc });
    return without(keys, retired, retiredUtc);
  });
}

interface Aside {
  readonly keys: ServiceKeys;
  readonly retired: readonly RingKey[];
  readonly retiredUtc: string;
}

/** It is a file of keys itself, so that its readers need nothing new. */
async function keepAside(file: string, { keys, retired, retiredUtc }: Aside): Promise<void> {
  const known = await readServiceKeys(file);
  const aside = known ?? { ...keys, laterKeys: [], retiredKeys: [] };
  const held = new KeyRing(aside);
  const added = retired
    .filter(({ kind, keyId }) => held.find(kind, keyId) === undefined)
    .map(({ kind, jwk, madeUtc }) => ({ kind, madeUtc: madeUtc ?? MADE_BEFORE, key: jwk, retiredUtc }));
  if (known !== null && added.length === 0) return;
  const content = { ...aside, laterKeys: [...(aside.laterKeys ?? []), ...added] };
  await writeDurably(file, [Buffer.from(`${JSON.stringify(content, null, 2)}\n`)]);
}

function without(keys: ServiceKeys, retired: readonly RingKey[], retiredUtc: string): ServiceKeys {
  const ring = new KeyRing(keys);
  const goes = (kind: string, keyId: string): boolean =>
    retired.some((key) => key.kind === kind && key.keyId === keyId);
  const stays = (kind: KeyKind): readonly RingKey[] => ring.all(kind).filter((key) => !goes(kind, key.keyId));
  const oldest = (kind: KeyKind): RingKey => {
    const [key] = stays(kind);
    if (key === undefined) throw new Error(`No key of the kind ${kind} would stay.`);
    return key;
  };
  const bases = new Map(KEY_KINDS.map((kind) => [kind as string, oldest(kind).keyId]));
  const laterKeys = (keys.laterKeys ?? []).filter(
    ({ kind, key }) => !goes(kind, key.kid) && bases.get(kind) !== key.kid,
  );
  const named = retired.map(({ kind, keyId, jwk }) => ({
    ...{ kind, keyId, retiredUtc },
    ...(kind === "audit" ? { publicKey: { ...publicPart(jwk), kid: keyId } } : {}),
  }));
  const address = oldest("address");
  return {
    ...keys,
    keyStoreKey: oldest("content").jwk,
    tokenKey: oldest("token").jwk,
    auditKey: oldest("audit").jwk,
    sasSecret: Buffer.from(String(address.jwk["k"]), "base64url").toString("base64"),
    sasSecretId: address.keyId,
    laterKeys,
    retiredKeys: [...(keys.retiredKeys ?? []), ...named],
  };
}
