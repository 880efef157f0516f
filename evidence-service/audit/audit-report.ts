/** `--verify-audit`: whether the audit trail is whole, is the one whose heads were signed, and tells of the rows there are. */
import { createHash } from "node:crypto";
import { join } from "node:path";
import SqliteDatabase from "better-sqlite3";
import { formatCount } from "#shared/words/amounts.ts";
import { formatUtc } from "#shared/words/instants.ts";
import { readAuditKeys } from "../site/service-keys.ts";
import { metadataPlaceOf, openMetadataForReading } from "../site/metadata-place.ts";
import { AUDIT_HEADS_FILE, KEYS_FILE } from "../site/site-folder.ts";
import { StartRefusal } from "../site/start-refusal.ts";
import type { Metadata } from "../storage/metadata-tables.ts";
import { walkChain } from "./audit-chain.ts";
import { type AuditHead, type ReadHead, readHeads } from "./audit-heads.ts";
import { rowDifferences } from "./compare-rows.ts";
import { IndexComparison } from "./index-differences.ts";
import { restorationIn, type ToldRestoration } from "./restorations.ts";
import { ToldState } from "./told-state.ts";

export interface AuditReport {
  readonly lines: readonly string[];
  readonly isWhole: boolean;
}

/**
 * Reads a service's folder, whether the service runs or not, and changes nothing in it.
 * @throws StartRefusal NO_SERVICE for a folder that holds none, and what `openMetadataForReading` throws
 */
export async function auditReport(dir: string): Promise<AuditReport> {
  const publicKeys = await readAuditKeys(join(dir, KEYS_FILE));
  if (publicKeys === null) throw noService(dir);
  // Before the chain: what is signed while that is read is not missed in it.
  const { heads, faults } = await readHeads(join(dir, AUDIT_HEADS_FILE), publicKeys);
  const db = await openForReading(dir);
  try {
    // One transaction: the rows are those of the instant at which the chain is read.
    const seen = await db
      .transaction()
      .setIsolationLevel("repeatable read")
      .setAccessMode("read only")
      .execute((transaction) => compare(transaction, heads));
    const findings = [...faults, ...seen.findings];
    const since = seen.entries - seen.signedEntries;
    const known = publicKeys.map((key) => String(key["kid"]));
    const signers = known.filter((keyId) => heads.some((head) => head.keyId === keyId));
    const keyIds = signers.length === 0 ? known.slice(0, 1) : signers;
    const facts = [
      `${seen.agreeing} entries agree; ${heads.length} signed heads; ${Math.max(since, 0)} entries since the last one.`,
      `The heads are signed with ${keyIds.join(", then ")}.`,
      ...publicKeys.filter((key) => keyIds.includes(String(key["kid"]))).map(keyWords),
      ...seen.restorations,
    ];
    const verdict = findings.length === 0 ? "The audit trail is whole." : "THE AUDIT TRAIL IS NOT WHOLE.";
    return { lines: [...facts, ...findings, verdict], isWhole: findings.length === 0 };
  } finally {
    await db.destroy();
  }
}

/** By it whoever has a signed file knows the key in it, without this service. */
function keyWords(key: Record<string, unknown>): string {
  const raw = Buffer.from(String(key["x"]), "base64url");
  return `The public key of ${String(key["kid"])} has the SHA-256 ${createHash("sha256").update(raw).digest("hex")}.`;
}

interface Comparison {
  readonly entries: number;
  readonly agreeing: number;
  /** How many of them the latest head covers. */
  readonly signedEntries: number;
  /** A sentence for each restoration from a backup. */
  readonly restorations: readonly string[];
  readonly findings: readonly string[];
}

async function compare(db: Metadata, heads: readonly ReadHead[]): Promise<Comparison> {
  const told = new ToldState();
  const findings: string[] = [];
  const restorations: ToldRestoration[] = [];
  const signed = new Set(heads.map(({ seq }) => seq));
  const hashes = new Map<number, string>();
  const index = new IndexComparison(db);
  let entries = 0;
  let agreeing = 0;
  for await (const { seq, hash, entryJson, agrees } of walkChain(db)) {
    entries = seq;
    if (!agrees) {
      findings.push(`Entry ${seq} does not agree with the one before it.`);
      break; // Nothing after it says anything.
    }
    agreeing = seq;
    if (signed.has(seq)) hashes.set(seq, hash);
    const restoration = restorationIn(seq, entryJson);
    if (restoration !== null) restorations.push(restoration);
    await index.take(seq, entryJson);
    if (!told.take(entryJson)) findings.push(`Entry ${seq} cannot be understood.`);
  }
  const sorted = headsOfNow(heads, restorations);
  findings.push(...headFaults(sorted.now, hashes, { entries, agreeing }));
  if (entries > 0 && heads.length === 0) findings.push("No head of this trail was ever signed.");
  if (agreeing === entries) {
    findings.push(...(await rowDifferences(db, told)), ...(await index.findings()));
  }
  const signedEntries = sorted.now.at(-1)?.seq ?? 0;
  return { entries, agreeing, signedEntries, restorations: sorted.sentences, findings };
}

/** Heads of entries that a restoration took back are told with it; what is left is compared with the trail. */
function headsOfNow(
  heads: readonly ReadHead[],
  restorations: readonly ToldRestoration[],
): { readonly now: readonly ReadHead[]; readonly sentences: readonly string[] } {
  let now = heads;
  const sentences = restorations.map(({ seq, atUtcMs, backupUtcMs, lastHead }, index) => {
    const upTo = heads.find(({ line }) => line === lastHead)?.number ?? 0;
    // Each of several services says it of the heads in its folder, and the first who does so writes the entry there was no more.
    const saidBefore = restorations.slice(0, index);
    const isOfBefore = (head: ReadHead): boolean =>
      head.seq >= seq ||
      saidBefore.some((said) => head.seq >= said.seq && Date.parse(head.atUtc) < said.atUtcMs);
    const takenBack = now.filter((head) => head.number <= upTo && isOfBefore(head));
    now = now.filter((head) => !takenBack.includes(head));
    const when = `Restored on ${formatUtc(atUtcMs)} from a backup of ${formatUtc(backupUtcMs)}, after entry ${seq - 1}`;
    if (takenBack.length === 0) return `${when}.`;
    return `${when}; ${formatCount(takenBack.length, "signed head")} of entries that this took back.`;
  });
  return { now, sentences };
}

function headFaults(
  heads: readonly ReadHead[],
  hashes: ReadonlyMap<number, string>,
  { entries, agreeing }: Pick<Comparison, "entries" | "agreeing">,
): string[] {
  const faults: string[] = [];
  let longest = 0;
  for (const head of heads) {
    const { seq, hash, number } = head;
    if (seq <= longest) faults.push(`The signed head ${number} is not longer than the one before it.`);
    else if (hashes.has(seq) && hashes.get(seq) !== hash) faults.push(notTheOneSigned(head));
    longest = Math.max(longest, seq);
  }
  const cut = heads.findLast(({ seq }) => seq > entries);
  if (cut !== undefined && agreeing === entries) {
    faults.push(`${cut.seq} entries were signed on ${cut.atUtc}; there are only ${entries}.`);
  }
  return faults;
}

function notTheOneSigned({ seq, atUtc }: AuditHead): string {
  return `Entry ${seq} is not the one that was signed on ${atUtc}: the chain was computed anew.`;
}

async function openForReading(dir: string): Promise<Metadata> {
  try {
    return await openMetadataForReading(await metadataPlaceOf(dir));
  } catch (error) {
    if (error instanceof SqliteDatabase.SqliteError) throw noService(dir);
    throw error;
  }
}

function noService(dir: string): StartRefusal {
  return new StartRefusal(
    "NO_SERVICE",
    `${dir} is not the folder of an evidence service, or of one that never ran with signed heads.`,
  );
}
