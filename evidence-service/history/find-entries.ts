/** Entries of the audit trail, found by its index and read from the trail. */
import { setImmediate as othersFirst } from "node:timers/promises";
import { z } from "zod";
import { auditActionKind, SUSPICIOUS_ACTIONS } from "#shared/web-api/audit-actions.ts";
import type { AuditFilter } from "#shared/web-api/audit-api.ts";
import type { AuditIndexTable, Metadata } from "../storage/metadata-tables.ts";
import { readJson } from "../storage/read-json.ts";
import { actorsNamed, type Names, namesOf } from "./names.ts";

const detailSchema = z.object({
  detail: z.record(z.string(), z.union([z.string(), z.number(), z.null()])).optional(),
});

export interface FoundEntry extends AuditIndexTable {
  readonly hash: string;
  readonly detail: Readonly<Record<string, string | number | null>>;
}

export interface Asked extends AuditFilter {
  /** Whose history; null for the whole trail. */
  readonly scope: string | null;
  /** Entries with a lower number alone. */
  readonly below: number;
  readonly limit: number;
}

export interface FoundPage {
  readonly entries: readonly FoundEntry[];
  readonly names: Names;
}

interface Found extends FoundPage {
  /** What to ask for next as `below`; null where there is nothing more. */
  readonly goesOnBelow: number | null;
}

/** Entries in which a text is looked for at a time, and at the most for one answer. */
const WINDOW = 500;
const LOOKED_THROUGH_MOST = 10_000;

export async function findEntries(db: Metadata, asked: Asked): Promise<Found> {
  const actors = asked.actor === undefined ? null : await actorsNamed(db, asked.actor);
  if (actionsOf(asked)?.length === 0) return { entries: [], names: await namesOf(db, []), goesOnBelow: null };
  if (asked.text === undefined) return found(db, await select(db, asked, actors), asked.limit);
  return findText(db, asked, { actors, text: folded(asked.text) });
}

/** @param rows up to one more than the limit */
async function found(db: Metadata, rows: readonly FoundEntry[], limit: number): Promise<Found> {
  const entries = rows.slice(0, limit);
  const last = entries.at(-1);
  const goesOnBelow = rows.length > limit && last !== undefined ? last.seq : null;
  return { entries, names: await namesOf(db, entries), goesOnBelow };
}

/** Names are no columns of the index: entries are read and looked at, newest first, until there are enough. */
async function findText(
  db: Metadata,
  asked: Asked,
  { actors, text }: { readonly actors: readonly string[] | null; readonly text: string },
): Promise<Found> {
  const kept: FoundEntry[] = [];
  let { below } = asked;
  let isEnd = false;
  for (
    let looked = 0;
    looked < LOOKED_THROUGH_MOST && kept.length <= asked.limit && !isEnd;
    looked += WINDOW
  ) {
    const rows = await select(db, { ...asked, below, limit: WINDOW - 1 }, actors);
    const names = await namesOf(db, rows);
    kept.push(...rows.filter((row) => matches(row, names, text)));
    isEnd = rows.length < WINDOW;
    below = rows.at(-1)?.seq ?? below;
    await othersFirst();
  }
  if (kept.length > asked.limit || isEnd) return found(db, kept, asked.limit);
  return { entries: kept, names: await namesOf(db, kept), goesOnBelow: below };
}

const folded = (text: string): string => text.normalize("NFKC").toLocaleLowerCase("en");

function matches(row: FoundEntry, names: Names, text: string): boolean {
  const said = [row.subject, row.evidenceId, row.caseId, names.subjectOf(row), names.evidenceOf(row)];
  return (
    said.some((one) => one !== null && folded(one).includes(text)) || folded(detailText(row)).includes(text)
  );
}

/** Of what is gone, its last entry may have the name. */
const detailText = ({ detail }: FoundEntry): string => String(detail["name"] ?? "");

async function select(
  db: Metadata,
  { scope, below, limit, ...filter }: Asked,
  actors: readonly string[] | null,
): Promise<FoundEntry[]> {
  let query = db
    .selectFrom("auditIndex")
    .innerJoin("audit", "audit.seq", "auditIndex.seq")
    .selectAll("auditIndex")
    .select(["audit.entryJson", "audit.hash"])
    .where("auditIndex.seq", "<", below)
    .limit(limit + 1);
  const actions = actionsOf(filter);
  if (actions !== null) query = query.where("action", "in", actions);
  if (actors !== null) query = query.where("actor", "in", actors);
  if (filter.fromUtc !== undefined) query = query.where("atUtcMs", ">=", Date.parse(filter.fromUtc));
  if (filter.untilUtc !== undefined) query = query.where("atUtcMs", "<", Date.parse(filter.untilUtc));
  const rows =
    scope === null
      ? await query.orderBy("auditIndex.seq", "desc").execute()
      : await query
          .innerJoin("auditScope", "auditScope.seq", "auditIndex.seq")
          .where("scope", "=", scope)
          .where("auditScope.seq", "<", below)
          .orderBy("auditScope.seq", "desc")
          .execute();
  return rows.map(({ entryJson, ...row }) => ({
    ...row,
    detail: readJson(detailSchema, entryJson)?.detail ?? {},
  }));
}

function actionsOf({ action, suspicious }: AuditFilter): readonly string[] | null {
  if (suspicious !== true) return action === undefined ? null : [action];
  if (action === undefined) return SUSPICIOUS_ACTIONS;
  return auditActionKind(action)?.suspicion === undefined ? [] : [action];
}
