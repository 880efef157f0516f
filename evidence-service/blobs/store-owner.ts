/**
 * Whose a bucket or a container is, in an object in it. A copy of the metadata knows the same files: what it would take
 * away belongs to whoever serves them. So the object names a claim that the owner replaces every hour, and that stands in
 * its metadata first: a copy from before does not know the present one. See
 * docs/decisions/0155-whose-a-bucket-is.md.
 */
import { randomUUID } from "node:crypto";
import { z } from "zod";
import { formatUtc } from "#shared/words/instants.ts";
import { BlobsUnreachable } from "../storage/blob-store.ts";
import { keepSetting } from "../storage/keep-setting.ts";
import type { Metadata } from "../storage/metadata-tables.ts";
import { readJson } from "../storage/read-json.ts";

export const OWNER_KEY = "belongs-to";
export const OWNER_SETTING = "storeOwner";

/** So long it is not asked again who it is. */
const KNOWN_FOR_MS = 10_000;
/** Those of services whose turns overlapped are known too. */
const CLAIMS_MOST = 8;
/** Some of the files may be gone, for reasons of their own. */
const TRIED_MOST = 20;

const noteSchema = z.object({
  tenantId: z.string(),
  claim: z.string(),
  /** Where its metadata are, in words. */
  metadata: z.string(),
  sinceUtcMs: z.number(),
});
type OwnerNote = z.infer<typeof noteSchema>;

/** The object, as a store keeps it. All throw BlobsUnreachable. */
export interface OwnerPlace {
  /** Of the store, in words. */
  readonly words: string;
  /** null where there is none */
  readonly read: () => Promise<string | null>;
  /** @returns false where there was one already, and is */
  readonly add: (text: string) => Promise<boolean>;
  readonly replace: (text: string) => Promise<void>;
  readonly remove: () => Promise<void>;
  /** Whether something of a blob lies there. */
  readonly holds: (blobName: string) => Promise<boolean>;
}

/** Somebody else uses the store, or it is not the one of these files: nothing is written to it, and nothing taken away. */
export class StoreOfAnother extends BlobsUnreachable {}

export interface StoreOwnerParts {
  readonly db: Metadata;
  readonly place: OwnerPlace;
  readonly tenantId: string;
  /** Where the metadata are, in words. */
  readonly metadata: string;
  /** Whoever does not serve it takes nothing that nobody has. */
  readonly onlyLooks?: boolean;
}

/** For a store in use. */
export type InsistentOwner = Pick<StoreOwner, "insist" | "renew">;

/** How a command takes a store. */
export interface TakenStore {
  /** Whoever has it: nobody uses it any more. */
  readonly isForced: boolean;
  /** The same each time that the command goes on. */
  readonly claim: string;
}

export class StoreOwner {
  readonly #parts: StoreOwnerParts;
  #known: { readonly untilMs: number; readonly found: Promise<void> } | null = null;
  #isFirst = true;

  constructor(parts: StoreOwnerParts) {
    this.#parts = parts;
  }

  /** What nobody has is taken, unless this one only looks. @throws StoreOfAnother, BlobsUnreachable */
  async insist(): Promise<void> {
    const nowMs = performance.now();
    if (this.#known === null || nowMs >= this.#known.untilMs) {
      this.#known = { untilMs: nowMs + KNOWN_FOR_MS, found: this.#find(this.#parts.onlyLooks !== true) };
    }
    const known = this.#known;
    try {
      await known.found;
    } catch (error) {
      if (this.#known === known) this.#known = null;
      throw error;
    }
  }

  /** From now on it is this service's; whoever had it before notices. @throws StoreOfAnother unless it is forced */
  async take({ isForced, claim }: TakenStore): Promise<void> {
    if (!isForced) refuseTaken(await this.#read(), this.#parts.place.words, claim);
    await keepSetting(this.#parts.db, OWNER_SETTING, JSON.stringify([claim]));
    await this.#parts.place.replace(this.#noteWith(claim));
    this.#known = null;
  }

  /**
   * Replaces the claim. Not at the first call, at the start: of a service and a copy of its metadata, which both know
   * the present one, the service that was there before is so the first.
   * @throws StoreOfAnother, BlobsUnreachable
   */
  async renew(): Promise<void> {
    await this.#find(true);
    if (this.#isFirst) {
      this.#isFirst = false;
      return;
    }
    const claim = randomUUID();
    await this.#remember(claim);
    await this.#parts.place.replace(this.#noteWith(claim));
  }

  /** It is nobody's afterwards, unless it was another one's. */
  async leave(): Promise<void> {
    const note = await this.#read();
    if (note !== null && (await this.#claims()).includes(note.claim)) await this.#parts.place.remove();
  }

  async #find(mayTake: boolean): Promise<void> {
    // A claim is in the metadata before it is in the store.
    const note = await this.#read();
    const claims = await this.#claims();
    if (note !== null) {
      if (!claims.includes(note.claim)) throw new StoreOfAnother(sentenceOf(note, this.#parts.place.words));
      return;
    }
    if (!mayTake) return;
    // One that was marked, and says nothing, may be another one.
    if (claims.length > 0) await this.#refuseWithoutFiles();
    const claim = randomUUID();
    await this.#remember(claim);
    // Another service may have been first, of the same metadata or of others.
    if (!(await this.#parts.place.add(this.#noteWith(claim)))) await this.#find(false);
  }

  async #refuseWithoutFiles(): Promise<void> {
    const { db, place } = this.#parts;
    const names = await knownFiles(db);
    for (const name of names) if (await place.holds(name)) return;
    if (names.length > 0) throw new StoreOfAnother(`${place.words} does not have the stored files.`);
  }

  async #read(): Promise<OwnerNote | null> {
    const text = await this.#parts.place.read();
    if (text === null) return null;
    const note = readJson(noteSchema, text);
    if (note !== null) return note;
    throw new StoreOfAnother(`${this.#parts.place.words} has an object ${OWNER_KEY} that says nothing.`);
  }

  async #claims(): Promise<readonly string[]> {
    return claimsIn(this.#parts.db);
  }

  async #remember(claim: string): Promise<void> {
    await this.#parts.db.transaction().execute(async (transaction) => {
      const claims = [...(await claimsIn(transaction)), claim].slice(-CLAIMS_MOST);
      await keepSetting(transaction, OWNER_SETTING, JSON.stringify(claims));
    });
  }

  #noteWith(claim: string): string {
    const { tenantId, metadata } = this.#parts;
    const note: OwnerNote = { tenantId, claim, metadata, sinceUtcMs: Date.now() };
    return `${JSON.stringify(note, null, 2)}\n`;
  }
}

/**
 * Before a command changes anything.
 * @param claim with which the same command took it when it was cut off
 * @throws StoreOfAnother where the store has an owner
 */
export async function refuseOwned(place: OwnerPlace, claim: string): Promise<void> {
  const text = await place.read();
  if (text === null) return;
  const note = readJson(noteSchema, text);
  if (note === null) throw new StoreOfAnother(`${place.words} has an object ${OWNER_KEY} that says nothing.`);
  refuseTaken(note, place.words, claim);
}

function refuseTaken(note: OwnerNote | null, words: string, claim: string): void {
  if (note !== null && note.claim !== claim) throw new StoreOfAnother(sentenceOf(note, words));
}

function sentenceOf({ metadata, sinceUtcMs }: OwnerNote, words: string): string {
  return `${words} belongs to the service on ${metadata}, which said so on ${formatUtc(sinceUtcMs)}.`;
}

const claimsSchema = z.array(z.string());

async function claimsIn(db: Metadata): Promise<readonly string[]> {
  const query = db.selectFrom("setting").select("value").where("name", "=", OWNER_SETTING);
  const row = await query.executeTakeFirst();
  return readJson(claimsSchema, row?.value ?? "[]") ?? [];
}

/** The earliest and the latest that were accepted. */
async function knownFiles(db: Metadata): Promise<readonly string[]> {
  const names = new Set<string>();
  for (const direction of ["asc", "desc"] as const) {
    const query = db.selectFrom("resource").select("resourceId").where("state", "=", "UserCompleted");
    const rows = await query.orderBy("seq", direction).limit(TRIED_MOST).execute();
    for (const { resourceId } of rows) names.add(resourceId);
  }
  return [...names];
}
