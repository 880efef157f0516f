/**
 * What was refused for want of a right, in the audit trail: counted, and told together. Whoever tries one address after
 * another cannot fill the trail.
 */
import type { RecordRead } from "../http/json-api.ts";
import { z } from "zod";
import { actorOf } from "../http/principal.ts";
import { Refusal } from "../http/refusal.ts";
import type { Metadata } from "../storage/metadata-tables.ts";
import { recordAudit } from "./audit-chain.ts";

/** Of those that are told one by one. */
const MOST_SUBJECTS = 100;
const OTHERS = "others";

const namedSchema = z.object({ evidenceId: z.string().optional(), caseId: z.string().optional() });

interface Refused {
  readonly actor: string;
  readonly subject: string;
  readonly method: string;
  readonly route: string;
  tries: number;
}

export class RefusedRights {
  readonly #db: Metadata;
  readonly #now: () => number;
  #refused = new Map<string, Refused>();

  constructor(db: Metadata, now: () => number) {
    this.#db = db;
    this.#now = now;
  }

  /** Told of every request that failed; what was no refusal of a right is nothing to it. */
  note(request: Parameters<RecordRead>[0], error: unknown): void {
    if (!(error instanceof Refusal) || error.code !== "NOT_ALLOWED") return;
    const { principal, params, method } = request;
    // Before it was known who asks there is nobody to name.
    if (principal?.kind !== "user" && principal?.kind !== "service") return;
    const { evidenceId, caseId } = namedSchema.safeParse(params).data ?? {};
    const route = request.routeOptions.url ?? "";
    const isFull = this.#refused.size >= MOST_SUBJECTS;
    const subject = isFull ? OTHERS : (evidenceId ?? caseId ?? route);
    const actor = actorOf(principal);
    const key = `${actor} ${subject}`;
    const known = this.#refused.get(key) ?? { actor, subject, method, route, tries: 0 };
    known.tries += 1;
    this.#refused.set(key, known);
  }

  /** Writes what was counted since the last time. */
  async tell(): Promise<void> {
    const told = this.#refused;
    this.#refused = new Map();
    for (const { actor, subject, ...detail } of told.values()) {
      const entry = { atUtcMs: this.#now(), actor, action: "RIGHT_REFUSED", subject };
      await recordAudit(this.#db, { ...entry, detail });
    }
  }
}
