/** What a caller sees of lists: which rows, as part of the query that reads them. */
import { sql } from "kysely";
import type { Principal } from "../http/principal.ts";
import type { Sight } from "../storage/access-index.ts";
import type { RightsNow } from "./may.ts";
import { holdersOf } from "./reasons.ts";

/** What shows all rows of a list. */
const SHOWS_ALL = {
  cases: ["oversee", "pick-cases"],
  evidence: ["oversee"],
} as const;

/** @returns what the caller sees of one of the lists */
export async function sightOf(
  { db, now }: RightsNow,
  principal: Principal,
  list: keyof typeof SHOWS_ALL,
): Promise<Sight> {
  const atUtcMs = now();
  const nothing = { all: false, holders: [], sentBy: null, isTimed: false, atUtcMs } as const;
  if (principal.kind === "anonymous") return nothing;
  const asker = { kind: principal.kind, id: principal.id };
  const { rows } = await sql<{ holder: number; code: string | null; timed: number }>`
    WITH mine AS (${holdersOf(asker)})
    SELECT mine."holder", r."code", CASE WHEN EXISTS (SELECT 1 FROM "accessPolicy" p
        WHERE p."holder" = mine."holder" AND (p."fromUtcMs" IS NOT NULL OR p."untilUtcMs" IS NOT NULL
          OR p."recordedFromUtcMs" IS NOT NULL)) THEN 1 ELSE 0 END AS "timed"
    FROM mine LEFT JOIN "accountRight" r ON r."holder" = mine."holder"`.execute(db);
  const showing = new Set<string>(SHOWS_ALL[list]);
  if (rows.some(({ code }) => code !== null && showing.has(code))) return { all: true };
  const holders = [...new Set(rows.map(({ holder }) => holder))];
  const isTimed = rows.some(({ timed }) => timed === 1);
  const sentBy = principal.kind === "service" ? principal.id : null;
  return { ...nothing, holders, sentBy, isTimed };
}
