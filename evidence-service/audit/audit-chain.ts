/**
 * The audit trail: a hash chain. Entry n carries the hash of entry n-1, so that altering, removing
 * or reordering one is found. Appended in the transaction of the change it tells of.
 */
import { createHash } from "node:crypto";
import { enterInIndex } from "./audit-index.ts";
import type { Metadata, MetadataTransaction } from "../storage/metadata-tables.ts";

export interface AuditEntry {
  readonly atUtcMs: number;
  /** Who: `user:NAME`, `service:ID` or `system`. */
  readonly actor: string;
  /** What was done: SIGNED_IN, VIEWED, PLAYED, DOWNLOADED, CASE_CREATED… */
  readonly action: string;
  readonly subject: string;
  readonly detail?: Readonly<Record<string, string | number | null>>;
}

const FIRST_PREV_HASH = "0".repeat(64);

/**
 * JSON with sorted keys and no spaces: the same value gives the same text. The hashes of every trail are over it, so it
 * stays as it is; it is not the canonical JSON of manifests (RFC 8785), which refuses what it cannot say exactly.
 */
export function sortedJson(value: unknown): string {
  if (Array.isArray(value)) return `[${value.map(sortedJson).join(",")}]`;
  if (typeof value !== "object" || value === null) return JSON.stringify(value) ?? "null";
  const members = Object.entries(value)
    .filter(([, member]) => member !== undefined)
    .toSorted(([a], [b]) => (a < b ? -1 : 1))
    .map(([name, member]) => `${JSON.stringify(name)}:${sortedJson(member)}`);
  return `{${members.join(",")}}`;
}

function entryHash(seq: number, prevHash: string, entryJson: string): string {
  return createHash("sha256").update(`${seq}\n${prevHash}\n${entryJson}`).digest("hex");
}

/** @returns the entry's number */
export async function appendAudit(transaction: MetadataTransaction, entry: AuditEntry): Promise<number> {
  const last = await transaction
    .selectFrom("audit")
    .select(["seq", "hash"])
    .orderBy("seq", "desc")
    .limit(1)
    .executeTakeFirst();
  const seq = (last?.seq ?? 0) + 1;
  const prevHash = last?.hash ?? FIRST_PREV_HASH;
  const entryJson = sortedJson(entry);
  const hash = entryHash(seq, prevHash, entryJson);
  await transaction.insertInto("audit").values({ seq, prevHash, entryJson, hash }).execute();
  await enterInIndex(transaction, seq, entryJson);
  return seq;
}

/** Appends an entry of something that changes no other row (a view, a download). */
export async function recordAudit(db: Metadata, entry: AuditEntry): Promise<void> {
  await db.transaction().execute((transaction) => appendAudit(transaction, entry));
}

const PAGE = 1_000;

/** An entry of the chain, and whether it agrees with the one before it. */
export interface ChainEntry {
  readonly seq: number;
  readonly hash: string;
  readonly entryJson: string;
  readonly agrees: boolean;
}

/** Walks the whole chain up to the first entry that does not agree, that one included. */
export async function* walkChain(db: Metadata): AsyncGenerator<ChainEntry> {
  let checked = 0;
  let prevHash = FIRST_PREV_HASH;
  for (;;) {
    const page = await db
      .selectFrom("audit")
      .selectAll()
      .where("seq", ">", checked)
      .orderBy("seq")
      .limit(PAGE)
      .execute();
    for (const { seq, hash, entryJson, ...row } of page) {
      const isNext = seq === checked + 1 && row.prevHash === prevHash;
      const agrees = isNext && hash === entryHash(seq, prevHash, entryJson);
      yield { seq: checked + 1, hash, entryJson, agrees };
      if (!agrees) return;
      checked = seq;
      prevHash = hash;
    }
    if (page.length < PAGE) return;
  }
}
