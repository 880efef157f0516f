/**
 * People who ask for one thing after another that they do not see: counted, and told once. A link that somebody kept leads
 * to something that is gone now and then; many in little time is somebody who tries.
 */
import { z } from "zod";
import type { RecordRead } from "../http/json-api.ts";
import { actorOf } from "../http/principal.ts";
import { Refusal } from "../http/refusal.ts";
import type { Metadata } from "../storage/metadata-tables.ts";
import { recordAudit } from "./audit-chain.ts";

const MANY = 5;
const WITHIN_MS = 10 * 60_000;
/** Somebody who goes on is told of once within it. */
const TOLD_EVERY_MS = 60 * 60_000;
/** At a time: what is counted stays small, whoever asks. */
const MOST_PEOPLE = 1_000;
const MOST_OF_ONE = 100;

const namedSchema = z.object({ evidenceId: z.string().optional(), caseId: z.string().optional() });

interface Asked {
  readonly actor: string;
  /** When each was first asked for, in time that nobody sets. */
  readonly things: Map<string, number>;
  toldMs: number;
}

export class HiddenAsked {
  readonly #db: Metadata;
  readonly #clock: { readonly now: () => number; readonly passedMs: () => number };
  readonly #asked = new Map<string, Asked>();

  constructor(db: Metadata, clock: { readonly now: () => number; readonly passedMs: () => number }) {
    this.#db = db;
    this.#clock = clock;
  }

  /** Told of every request that failed; consoles and programs ask for what was purged meanwhile, and are left out. */
  note(request: Parameters<RecordRead>[0], error: unknown): void {
    if (!(error instanceof Refusal) || error.code !== "NOT_FOUND") return;
    const { principal, params } = request;
    if (principal?.kind !== "user") return;
    const { evidenceId, caseId } = namedSchema.safeParse(params).data ?? {};
    const thing = evidenceId ?? caseId;
    const known = this.#asked.get(principal.id);
    if (thing === undefined || (known === undefined && this.#asked.size >= MOST_PEOPLE)) return;
    const asked = known ?? { actor: actorOf(principal), things: new Map(), toldMs: Number.NEGATIVE_INFINITY };
    this.#asked.set(principal.id, asked);
    if (asked.things.size < MOST_OF_ONE && !asked.things.has(thing))
      asked.things.set(thing, this.#clock.passedMs());
  }

  /** Writes of whom it is many, and forgets what is long ago. */
  async tell(): Promise<void> {
    const nowMs = this.#clock.passedMs();
    for (const [username, asked] of this.#asked) {
      for (const [thing, atMs] of asked.things) if (atMs < nowMs - WITHIN_MS) asked.things.delete(thing);
      const isTold = asked.toldMs > nowMs - TOLD_EVERY_MS;
      if (asked.things.size === 0 && !isTold) this.#asked.delete(username);
      if (asked.things.size < MANY || isTold) continue;
      asked.toldMs = nowMs;
      const by = { atUtcMs: this.#clock.now(), actor: asked.actor, subject: username };
      const detail = { things: asked.things.size, minutes: WITHIN_MS / 60_000 };
      await recordAudit(this.#db, { ...by, action: "HIDDEN_ASKED", detail });
    }
  }
}
