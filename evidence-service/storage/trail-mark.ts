/**
 * The latest entry of the audit trail that this process has committed or read: what the database has to have as long as it
 * is the same. A standby that had not everything yet, and took its place, does not have it.
 */
import type { Metadata } from "./metadata-tables.ts";
import { MetadataWentBack } from "./metadata-unreachable.ts";

export interface TrailEntry {
  readonly seq: number;
  /** Lower-case hex. */
  readonly hash: string;
}

export class TrailMark {
  #latest: TrailEntry | null = null;
  #lost: TrailEntry | null = null;

  get latest(): TrailEntry | null {
    return this.#latest;
  }

  /** What the database was found without; from then on it stays so until it is told that it was restored. */
  get lost(): TrailEntry | null {
    return this.#lost;
  }

  /** @param entry committed, or read as committed */
  keep(entry: TrailEntry): void {
    if (this.#lost === null && entry.seq >= (this.#latest?.seq ?? 0)) this.#latest = entry;
  }

  /** @param found the hash that the database has under the entry's number; undefined for none */
  compare(entry: TrailEntry, found: string | undefined): void {
    if (found !== entry.hash) this.#lost ??= entry;
  }

  /** @throws MetadataWentBack */
  insist(): void {
    if (this.#lost !== null) throw new MetadataWentBack(this.#lost.seq);
  }
}

const marks = new WeakMap<Metadata, TrailMark>();

/** Of metadata that a server keeps; null where no other one can take its place. */
export function trailMarkOf(db: Metadata): TrailMark | null {
  return marks.get(db) ?? null;
}

export function markTrail(db: Metadata, mark: TrailMark): void {
  marks.set(db, mark);
}

/** Compares what is known with what is there, and takes up what others have committed. @throws MetadataUnreachable */
export async function lookAtTrail(db: Metadata): Promise<void> {
  const mark = trailMarkOf(db);
  if (mark === null || mark.lost !== null) return;
  const known = mark.latest;
  const entries = db.selectFrom("audit").select(["seq", "hash"]);
  if (known !== null) {
    const found = await entries.where("seq", "=", known.seq).executeTakeFirst();
    mark.compare(known, found?.hash);
  }
  const last = await entries.orderBy("seq", "desc").limit(1).executeTakeFirst();
  if (last !== undefined) mark.keep(last);
}
