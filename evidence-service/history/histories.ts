/** The four histories: whose they are, and that reading one is an entry of the trail itself. */
import type { ServiceContext } from "../context/service-context.ts";
import { extendIndex, missingInIndex } from "../audit/audit-index.ts";
import { Readings } from "../audit/readings.ts";
import { caseScope, evidenceScope, personScope } from "../audit/indexed-entry.ts";
import { actorOf, type Principal } from "../http/principal.ts";
import { notFound } from "../http/refusal.ts";
import { recordAudit } from "../audit/audit-chain.ts";

/** Whoever pages through a history, or looks at it again soon, has read it once. */
const ONE_READING_MS = 5 * 60_000;
/** So many entries that the index lacks are taken up before the answer; more are left to its job. */
const CAUGHT_UP_MOST = 200;

export type HistoryKind = "trail" | "case" | "evidence" | "person";

export interface History {
  readonly kind: HistoryKind;
  /** Of the case, the evidence or the person; empty for the whole trail. */
  readonly id: string;
}

export function scopeOf({ kind, id }: History): string | null {
  if (kind === "trail") return null;
  if (kind === "case") return caseScope(id);
  return kind === "evidence" ? evidenceScope(id) : personScope(id);
}

export class HistoryReadings {
  readonly #context: ServiceContext;
  readonly #readings: Readings;

  constructor(context: ServiceContext) {
    const { db, now, passedMs } = context;
    this.#context = context;
    this.#readings = new Readings({ db, now, passedMs, windowMs: ONE_READING_MS });
  }

  /** Before an answer: it is written down, and is part of what is answered. @returns how many entries cannot be found yet */
  async begin(principal: Principal, history: History): Promise<number> {
    await this.#readings.record({ actor: actorOf(principal), ...entryOf(history, "read") });
    return caughtUp(this.#context);
  }

  /** Each export is an entry. */
  async beginExport(principal: Principal, history: History, format: string): Promise<void> {
    const { db, now } = this.#context;
    const entry = { atUtcMs: now(), actor: actorOf(principal), ...entryOf(history, "exported") };
    await recordAudit(db, { ...entry, detail: { format } });
    while ((await caughtUp(this.#context)) > 0);
  }
}

const ACTIONS_OF_READING = {
  read: { action: "AUDIT_READ", actionOfPerson: "AUDIT_READ_OF_PERSON" },
  exported: { action: "AUDIT_EXPORTED", actionOfPerson: "AUDIT_EXPORTED_OF_PERSON" },
} as const;

function entryOf(
  { kind, id }: History,
  done: keyof typeof ACTIONS_OF_READING,
): { action: string; subject: string } {
  const { action, actionOfPerson } = ACTIONS_OF_READING[done];
  return { action: kind === "person" ? actionOfPerson : action, subject: kind === "trail" ? "trail" : id };
}

async function caughtUp({ db }: Pick<ServiceContext, "db">): Promise<number> {
  const missing = await missingInIndex(db);
  return missing === 0 || missing > CAUGHT_UP_MOST ? Math.max(missing, 0) : extendIndex(db, CAUGHT_UP_MOST);
}

/** @throws Refusal 404 for what is not there, and never was */
export async function requireHistory({ db }: Pick<ServiceContext, "db">, history: History): Promise<void> {
  const scope = scopeOf(history);
  if (scope === null) return;
  const entry = db.selectFrom("auditScope").select("seq").where("scope", "=", scope).limit(1);
  if ((await entry.executeTakeFirst()) === undefined) throw notFound(history.kind);
}
