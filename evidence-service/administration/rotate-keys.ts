/** `rotate-keys` and `retire-keys`: the service's keys, also while it runs. */
import { join } from "node:path";
import { formatUtc } from "#shared/words/instants.ts";
import { addKeys, RETIRED_KEYS_FILE, retireKeys } from "../site/keys-file.ts";
import { KeyRing, type RingKey } from "../site/key-ring.ts";
import { keyInUse, type KeyState, readKeyState } from "../site/key-state.ts";
import {
  insistOnChanges,
  type MetadataPlace,
  metadataPlaceOf,
  openMetadataForReading,
} from "../site/metadata-place.ts";
import { KEY_KINDS, type KeyKind, readServiceKeys } from "../site/service-keys.ts";
import { KEYS_FILE } from "../site/site-folder.ts";
import { StartRefusal } from "../site/start-refusal.ts";
import { isoInstant } from "../storage/iso-instant.ts";
import type { Metadata } from "../storage/metadata-tables.ts";

const DAY_MS = 24 * 3_600_000;
/** Consoles may hold what they encrypted for a key, and browsers what was signed with it. */
const OUT_OF_USE_DAYS = 30;
const PAGE = 1_000;

/** What a command tells its administrator, and what it ends with. */
export interface KeysMade {
  readonly lines: readonly string[];
  readonly exitCode: number;
}

/** More is to follow, as with a move whose service runs. */
const GOES_ON = 3;

/**
 * Makes new keys. Running services take them into use by themselves, and enter them into the audit trail.
 * @param kinds with commas between; null for all
 * @throws StartRefusal NO_SERVICE, UNKNOWN_KEY_KIND, FOLDER_IN_USE, and what `metadataPlaceOf` throws; then none was made
 */
export async function rotateKeys(dir: string, kinds: string | null): Promise<KeysMade> {
  const file = join(dir, KEYS_FILE);
  const place = await metadataPlaceOf(dir);
  const made = await addKeys(file, { kinds: kindsIn(kinds), madeUtc: isoInstant(Date.now()) });
  const told = made.map(({ kind, keyId }) => `A new key (${kind}): ${keyId}`);
  const copies = `Where several share one database, copy ${file} to the others: they are used once all hold them.`;
  const away = place.kind === "sqlite" ? null : await whyAway(place);
  if (away === null) {
    const used = "A service that runs takes them into use within seconds.";
    return { lines: [...told, `${used} ${copies}`], exitCode: 0 };
  }
  const untold = `${away} So the keys are made, and neither used nor in the audit trail yet: a service does both once it reaches the database. Do not give the command again, which would make further ones.`;
  return { lines: [...told, copies, untold], exitCode: GOES_ON };
}

/** In a sentence; null where services can use the database. */
async function whyAway(place: MetadataPlace): Promise<string | null> {
  try {
    await (await openMetadataForReading(place)).destroy();
    await insistOnChanges(place);
    return null;
  } catch (error) {
    if (error instanceof StartRefusal) return error.message;
    throw error;
  }
}

function kindsIn(text: string | null): readonly KeyKind[] {
  if (text === null) return KEY_KINDS;
  return [...new Set(text.split(","))].map((word) => {
    const kind = KEY_KINDS.find((known) => known === word.trim());
    if (kind === undefined)
      throw new StartRefusal("UNKNOWN_KEY_KIND", `There is no kind of key “${word.trim()}”.`);
    return kind;
  });
}

/**
 * Takes keys out of `keys.json` that nothing needs any more.
 * @param atOnce also those that went out of use within the last thirty days
 * @returns what to tell the administrator
 * @throws StartRefusal NO_SERVICE, and what `openMetadataForReading` and `insistOnChanges` throw
 */
export async function retireOldKeys(
  dir: string,
  { atOnce, nowUtcMs = Date.now() }: { readonly atOnce: boolean; readonly nowUtcMs?: number },
): Promise<readonly string[]> {
  const file = join(dir, KEYS_FILE);
  const keys = await readServiceKeys(file);
  if (keys === null) throw new StartRefusal("NO_SERVICE", `${dir} is not the folder of an evidence service.`);
  const place = await metadataPlaceOf(dir);
  // A standby may not know yet that a file needs one of them.
  await insistOnChanges(place);
  const db = await openMetadataForReading(place);
  try {
    const state = await readKeyState(db);
    const told: string[] = [];
    const retired: RingKey[] = [];
    for (const key of oldKeys(new KeyRing(keys), state)) {
      const why = (atOnce ? null : whyTooEarly(key, state, nowUtcMs)) ?? (await whyNeeded(db, key));
      if (why === null) retired.push(key);
      else told.push(`Stays (${key.kind}): ${key.keyId}. ${why}`);
    }
    if (retired.length > 0) await retireKeys(file, { retired, retiredUtc: isoInstant(nowUtcMs) });
    const aside = join(dir, RETIRED_KEYS_FILE);
    told.unshift(...retired.map(({ kind, keyId }) => `Retired (${kind}): ${keyId}. It is in ${aside} now.`));
    return told.length === 0 ? ["No key has been replaced by another one."] : told;
  } finally {
    await db.destroy();
  }
}

/** Of each kind those that came before the one in use. */
function oldKeys(ring: KeyRing, state: KeyState): RingKey[] {
  return KEY_KINDS.flatMap((kind) => {
    const keys = ring.all(kind);
    const inUse = keyInUse(state, kind);
    return keys.slice(
      0,
      Math.max(
        keys.findIndex(({ keyId }) => keyId === inUse),
        0,
      ),
    );
  });
}

function whyTooEarly({ kind }: RingKey, { current }: KeyState, nowUtcMs: number): string | null {
  const sinceUtcMs = current[kind]?.sinceUtcMs ?? nowUtcMs;
  const until = sinceUtcMs + OUT_OF_USE_DAYS * DAY_MS;
  if (nowUtcMs >= until) return null;
  return `Consoles and browsers may still hold what was made with it; from ${formatUtc(until, "minute")} on it can go (--at-once does not wait).`;
}

/** Files are opened by what stands in the database, and their blobs are not asked. */
async function whyNeeded(db: Metadata, { kind, keyId }: RingKey): Promise<string | null> {
  if (kind !== "content") return null;
  const known = await db
    .selectFrom("contentKey")
    .select("resourceId")
    .where("keyId", "=", keyId)
    .limit(1)
    .executeTakeFirst();
  if (known !== undefined) return NEEDED;
  const ofPerson = await db
    .selectFrom("authenticatorApp")
    .select("username")
    .where("keyId", "=", keyId)
    .limit(1)
    .executeTakeFirst();
  if (ofPerson !== undefined) return NEEDED_BY_PEOPLE;
  return (await hasFileWithoutRow(db)) ? NEEDED : null;
}

const NEEDED =
  "Files need it. Their keys are wrapped anew by a job, which the page Administration shows; try again when it has ended.";

const NEEDED_BY_PEOPLE =
  "The secrets of people's authenticator apps need it. They are wrapped anew within the hour; try again then.";

/** Page by page: in ten million evidences it takes longer than a statement may. */
async function hasFileWithoutRow(db: Metadata): Promise<boolean> {
  for (let afterSeq = 0; ;) {
    const page = await db
      .selectFrom("resource")
      .leftJoin("contentKey", "contentKey.resourceId", "resource.resourceId")
      .select(["resource.seq", "resource.state", "contentKey.keyId"])
      .where("resource.seq", ">", afterSeq)
      .orderBy("resource.seq")
      .limit(PAGE)
      .execute();
    if (page.some(({ state, keyId }) => state === "UserCompleted" && keyId === null)) return true;
    const last = page.at(-1);
    if (last === undefined || page.length < PAGE) return false;
    afterSeq = last.seq;
  }
}
