/**
 * What the index of the audit trail says of an entry: it follows from the entry and from those before it, and holds
 * nothing that the trail does not say.
 */
import { type AuditAbout, auditActionKind } from "#shared/web-api/audit-actions.ts";
import { z } from "zod";
import type { AuditIndexTable } from "../storage/metadata-tables.ts";

export interface IndexedEntry {
  readonly row: AuditIndexTable;
  /** Whose history it belongs to: `case:ID`, `evidence:ID`, and persons and accounts as the trail names who acts. */
  readonly scopes: readonly string[];
}

/** What the latest earlier entry about a subject is indexed as. */
export type KnownSubject = Pick<AuditIndexTable, "about" | "evidenceId" | "caseId">;

export interface EarlierEntries {
  /** @returns null where none was about it */
  latest(subject: string): Promise<KnownSubject | null>;
  /** Of a file whose making no entry tells; null where nobody knows. */
  evidenceOf(fileId: string): Promise<string | null>;
}

const entrySchema = z.object({
  atUtcMs: z.number(),
  actor: z.string(),
  action: z.string(),
  subject: z.string(),
  detail: z.record(z.string(), z.unknown()).optional(),
});
type Entry = z.infer<typeof entrySchema>;

/** Of an entry that nobody can read: it has a place, and is found by nothing. */
const UNREADABLE: Entry = { atUtcMs: 0, actor: "", action: "", subject: "" };

export const caseScope = (caseId: string): string => `case:${caseId}`;
export const evidenceScope = (evidenceId: string): string => `evidence:${evidenceId}`;
export const personScope = (username: string): string => `user:${username}`;

export async function indexedEntry(
  seq: number,
  entryJson: string,
  earlier: EarlierEntries,
): Promise<IndexedEntry> {
  const { detail = {}, ...entry } = readEntry(entryJson);
  const said = await subjectOf(entry, detail, earlier);
  const row = { seq, ...entry, ...said };
  return { row, scopes: scopesOf(row, detail) };
}

function readEntry(entryJson: string): Entry {
  try {
    return entrySchema.safeParse(JSON.parse(entryJson)).data ?? UNREADABLE;
  } catch (error) {
    if (error instanceof SyntaxError) return UNREADABLE;
    throw error;
  }
}

type Detail = Readonly<Record<string, unknown>>;

async function subjectOf(
  { action, subject }: Entry,
  detail: Detail,
  earlier: EarlierEntries,
): Promise<KnownSubject> {
  const told = { evidenceId: textOf(detail["evidenceId"]), caseId: textOf(detail["caseId"]) };
  const about: AuditAbout = auditActionKind(action)?.about ?? "record";
  switch (about) {
    case "case":
      return { about, evidenceId: null, caseId: subject };
    case "evidence":
      return { about, evidenceId: subject, caseId: await caseOf(subject, detail, earlier) };
    case "file": {
      const evidenceId =
        told.evidenceId ?? (await earlier.latest(subject))?.evidenceId ?? (await earlier.evidenceOf(subject));
      return { about, evidenceId, caseId: await caseOf(evidenceId, {}, earlier) };
    }
    case "record": {
      const known = (await earlier.latest(subject)) ?? { about, ...told };
      if (known.about !== "file" && known.about !== "record") return known;
      const evidenceId = known.evidenceId ?? (await earlier.evidenceOf(subject));
      if (evidenceId === null) return known;
      return { about: "file", evidenceId, caseId: await caseOf(evidenceId, {}, earlier) };
    }
    case "person":
    case "account":
    case "service":
      return { about, ...told };
  }
}

/** An entry that says in which case an evidence is, is believed; else it is where it was. */
async function caseOf(
  evidenceId: string | null,
  detail: Detail,
  earlier: EarlierEntries,
): Promise<string | null> {
  if ("caseId" in detail) return textOf(detail["caseId"]);
  if (evidenceId === null) return null;
  return (await earlier.latest(evidenceId))?.caseId ?? null;
}

function scopesOf({ actor, subject, about, evidenceId, caseId }: AuditIndexTable, detail: Detail): string[] {
  const scopes = new Set<string>();
  if (/^(user|service):/.test(actor)) scopes.add(actor);
  if (about === "person") scopes.add(personScope(subject));
  if (about === "account") scopes.add(`service:${subject}`);
  if (evidenceId !== null) scopes.add(evidenceScope(evidenceId));
  // Which case an evidence left is part of that one's history.
  for (const id of [caseId, textOf(detail["before"])]) {
    if (id !== null && (id === caseId || about === "evidence")) scopes.add(caseScope(id));
  }
  return [...scopes].toSorted();
}

function textOf(value: unknown): string | null {
  return typeof value === "string" ? value : null;
}
