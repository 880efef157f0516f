/**
 * Where the index of the audit trail says something else than the trail. Pages find entries by it: one that was taken out
 * of the index would be there, and shown to nobody.
 */
import { sql } from "kysely";
import type { AuditIndexTable, Metadata } from "../storage/metadata-tables.ts";
import { lastIndexed } from "./audit-index.ts";
import { type EarlierEntries, type IndexedEntry, indexedEntry, type KnownSubject } from "./indexed-entry.ts";

const BATCH = 200;

/** Told of every entry of the trail, in order. */
export class IndexComparison {
  readonly #db: Metadata;
  readonly #earlier: EarlierTold;
  #waiting: IndexedEntry[] = [];
  #scopes = 0;
  /** The last entry that the index has; null before it was asked. */
  #upTo: number | null = null;
  /** The first entry of which the index says something else; null while there is none. */
  #differing: number | null = null;

  constructor(db: Metadata) {
    this.#db = db;
    this.#earlier = new EarlierTold(db);
  }

  async take(seq: number, entryJson: string): Promise<void> {
    if (this.#differing !== null) return;
    const entry = await indexedEntry(seq, entryJson, this.#earlier);
    this.#earlier.remember(entry.row);
    this.#waiting.push(entry);
    if (this.#waiting.length === BATCH) await this.#compare();
  }

  /** After the last entry. @returns sentences */
  async findings(): Promise<string[]> {
    await this.#compare();
    if (this.#differing === null && (await this.#hasMore())) {
      return ["The index of the trail has entries that the trail has not. What the pages show is wrong."];
    }
    if (this.#differing === null) return [];
    return [
      `The index of the trail differs from the trail at entry ${this.#differing}. What the pages show is not all.`,
    ];
  }

  async #compare(): Promise<void> {
    const told = this.#waiting;
    this.#waiting = [];
    const [first, last] = [told[0]?.row.seq, told.at(-1)?.row.seq];
    if (first === undefined || last === undefined) return;
    this.#upTo ??= await lastIndexed(this.#db);
    const upTo = this.#upTo;
    const rows = await this.#db
      .selectFrom("auditIndex")
      .selectAll()
      .where("seq", ">=", first)
      .where("seq", "<=", last)
      .orderBy("seq")
      .execute();
    const scoped = await this.#scopesThere(told);
    const bySeq = new Map(rows.map((row) => [row.seq, row]));
    for (const { row, scopes } of told) {
      const found = bySeq.get(row.seq);
      // What the index has yet to take up it does not hide.
      if (row.seq > upTo) return;
      const isSame = found !== undefined && says(found, row) && scopes.every(has(scoped, row.seq));
      if (!isSame) {
        this.#differing = row.seq;
        return;
      }
      this.#scopes += scopes.length;
    }
  }

  async #scopesThere(told: readonly IndexedEntry[]): Promise<ReadonlySet<string>> {
    const wanted = told.flatMap(({ row: { seq }, scopes }) => scopes.map((scope) => ({ scope, seq })));
    if (wanted.length === 0) return new Set();
    const values = wanted.map(({ scope, seq }) => sql`(${scope}, ${sql.lit(seq)})`);
    const rows = await this.#db
      .selectFrom("auditScope")
      .selectAll()
      .where(sql<boolean>`("scope", "seq") IN (VALUES ${sql.join(values)})`)
      .execute();
    return new Set(rows.map(({ scope, seq }) => nameOf(scope, seq)));
  }

  async #hasMore(): Promise<boolean> {
    const { rows } = await sql<{
      scopes: number;
    }>`SELECT count(*) AS scopes FROM ${sql.table("auditScope")}`.execute(this.#db);
    return Number(rows[0]?.scopes) > this.#scopes;
  }
}

const nameOf = (scope: string, seq: number): string => `${seq} ${scope}`;
const has =
  (scoped: ReadonlySet<string>, seq: number) =>
  (scope: string): boolean =>
    scoped.has(nameOf(scope, seq));

function says(found: AuditIndexTable, told: AuditIndexTable): boolean {
  const names = Object.keys(told) as (keyof AuditIndexTable)[];
  // Which evidence a file was of may be known from rows that are gone by now.
  return names.every((name) => found[name] === told[name] || (told[name] === null && found[name] !== null));
}

/** What the trail has said so far. */
class EarlierTold implements EarlierEntries {
  readonly #db: Metadata;
  readonly #latest = new Map<string, KnownSubject>();

  constructor(db: Metadata) {
    this.#db = db;
  }

  remember({ subject, about, evidenceId, caseId }: AuditIndexTable): void {
    this.#latest.set(subject, { about, evidenceId, caseId });
  }

  async latest(subject: string): Promise<KnownSubject | null> {
    return this.#latest.get(subject) ?? null;
  }

  async evidenceOf(fileId: string): Promise<string | null> {
    const row = await this.#db
      .selectFrom("resource")
      .select("evidenceId")
      .where("resourceId", "=", fileId)
      .executeTakeFirst();
    return row?.evidenceId ?? null;
  }
}
