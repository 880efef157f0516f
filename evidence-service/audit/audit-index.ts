/**
 * The index of the audit trail, by which pages find entries. It holds the first entries of the trail, without a gap: an
 * entry joins it in its own transaction where all before it are there, and else with them, in small bits. It is never
 * believed: what is shown of an entry is read from the trail.
 */
import type { AuditIndexTable, Metadata, MetadataTransaction } from "../storage/metadata-tables.ts";
import { type EarlierEntries, type IndexedEntry, indexedEntry, type KnownSubject } from "./indexed-entry.ts";

/** What one transaction adds: others wait for it to end. */
const BIT = 50;

/** Enters an entry that was just appended. @param seq its number @param entryJson as the trail has it */
export async function enterInIndex(
  transaction: MetadataTransaction,
  seq: number,
  entryJson: string,
): Promise<void> {
  if ((await lastIndexed(transaction)) !== seq - 1) return;
  await insert(transaction, [await indexedEntry(seq, entryJson, new EarlierRows(transaction))]);
}

/** How many entries the index has yet to take up. */
export async function missingInIndex(db: Metadata): Promise<number> {
  return (await lastOf(db, "audit")) - (await lastIndexed(db));
}

/**
 * Takes up the next few entries.
 * @returns how many are left
 */
export async function extendIndex(db: Metadata, bit = BIT): Promise<number> {
  return db.transaction().execute(async (transaction) => {
    const [last, indexed] = [await lastOf(transaction, "audit"), await lastIndexed(transaction)];
    // The trail went back with a backup.
    if (indexed > last) await removeAfter(transaction, last);
    const entries = await transaction
      .selectFrom("audit")
      .select(["seq", "entryJson"])
      .where("seq", ">", indexed)
      .orderBy("seq")
      .limit(bit)
      .execute();
    const earlier = new EarlierRows(transaction);
    const added: IndexedEntry[] = [];
    for (const { seq, entryJson } of entries) {
      const entry = await indexedEntry(seq, entryJson, earlier);
      earlier.remember(entry.row);
      added.push(entry);
    }
    await insert(transaction, added);
    return Math.max(last - (added.at(-1)?.row.seq ?? last), 0);
  });
}

async function insert(transaction: MetadataTransaction, entries: readonly IndexedEntry[]): Promise<void> {
  if (entries.length === 0) return;
  await transaction
    .insertInto("auditIndex")
    .values(entries.map(({ row }) => row))
    .execute();
  const scopes = entries.flatMap(({ row: { seq }, scopes: of }) => of.map((scope) => ({ scope, seq })));
  if (scopes.length > 0) await transaction.insertInto("auditScope").values(scopes).execute();
}

async function removeAfter(transaction: MetadataTransaction, seq: number): Promise<void> {
  await transaction.deleteFrom("auditScope").where("seq", ">", seq).execute();
  await transaction.deleteFrom("auditIndex").where("seq", ">", seq).execute();
}

export function lastIndexed(db: Metadata): Promise<number> {
  return lastOf(db, "auditIndex");
}

async function lastOf(db: Metadata, table: "audit" | "auditIndex"): Promise<number> {
  const row = await db.selectFrom(table).select("seq").orderBy("seq", "desc").limit(1).executeTakeFirst();
  return row?.seq ?? 0;
}

/** What the index has, and what this transaction is about to add. */
class EarlierRows implements EarlierEntries {
  readonly #transaction: MetadataTransaction;
  readonly #added = new Map<string, KnownSubject>();

  constructor(transaction: MetadataTransaction) {
    this.#transaction = transaction;
  }

  remember({ subject, about, evidenceId, caseId }: AuditIndexTable): void {
    this.#added.set(subject, { about, evidenceId, caseId });
  }

  async latest(subject: string): Promise<KnownSubject | null> {
    const added = this.#added.get(subject);
    if (added !== undefined) return added;
    const row = await this.#transaction
      .selectFrom("auditIndex")
      .select(["about", "evidenceId", "caseId"])
      .where("subject", "=", subject)
      .orderBy("seq", "desc")
      .limit(1)
      .executeTakeFirst();
    return row ?? null;
  }

  async evidenceOf(fileId: string): Promise<string | null> {
    const row = await this.#transaction
      .selectFrom("resource")
      .select("evidenceId")
      .where("resourceId", "=", fileId)
      .executeTakeFirst();
    return row?.evidenceId ?? null;
  }
}
