/** What is there after many days is what a model of the rules says, on both engines; and the trail explains each difference. */
import fc from "fast-check";
import { afterAll, describe, expect, test } from "vitest";
import { changePolicy } from "../rights/policies.ts";
import { sightOf } from "../rights/sight.ts";
import { newestSeen } from "../storage/access-index.ts";
import { setRights } from "../storage/account-rights.ts";
import type { Metadata } from "../storage/metadata-tables.ts";
import { testEngines } from "../testing/engines.ts";
import {
  BIN_DAYS,
  CATEGORIES,
  CATEGORY_OF,
  DAYS_AT_FIRST,
  type EvidenceName,
  FILED_AT_FIRST,
  endDayOf,
  RetentionModel,
  type RetentionStep,
  retentionSteps,
  type Whereabouts,
} from "../testing/retention-world.ts";
import { CASES, enterWorld, EVIDENCE } from "../testing/rights-world.ts";
import { removeByHand, takeBack } from "./bin-by-hand.ts";
import { dueEvidence } from "./due-evidence.ts";
import { keepRetention } from "./keep-retention.ts";
import { liftProtection, protect } from "./protection.ts";
import { RetentionClock } from "./retention-clock.ts";
import { readRetention } from "./retention-settings.ts";
import { DAY_MS } from "./rule.ts";

const engines = await testEngines();
afterAll(async () => {
  for (const engine of engines) await engine.close();
});

const ANNA = { kind: "user", id: "anna", name: "Anna" } as const;
const MANAGES = { level: "manage", fromUtcMs: null, untilUtcMs: null, recordedFromUtcMs: null } as const;

const TO_ANNA = { principal: ANNA, holder: { kind: "user", id: "anna" }, grant: MANAGES } as const;

class RealWorld {
  readonly db: Metadata;
  #day = 0;
  readonly #clock: RetentionClock;
  /** Of settings, which are one row. */
  #settings = {
    looseDays: null,
    uncategorisedDays: null,
    binDays: BIN_DAYS,
    needsSecondPerson: false,
  } as Record<string, unknown>;

  constructor(db: Metadata) {
    this.db = db;
    const now = this.now;
    this.#clock = new RetentionClock({ db, now, uptimeMs: now });
  }

  readonly now = (): number => this.#day * DAY_MS;

  async enter(): Promise<void> {
    const { db } = this;
    await enterWorld(db);
    for (const id of CATEGORIES)
      await db
        .insertInto("category")
        .values({ categoryId: id, name: id, retentionDays: DAYS_AT_FIRST[id] })
        .execute();
    for (const caseId of CASES) {
      const categoryId = CATEGORY_OF[caseId];
      await db.updateTable("caseFile").set({ categoryId }).where("caseId", "=", caseId).execute();
    }
    for (const evidenceId of EVIDENCE) {
      const endUtcMs = endDayOf(evidenceId) * DAY_MS;
      await db
        .updateTable("evidence")
        .set({ endUtcMs, caseId: FILED_AT_FIRST[evidenceId] ?? null })
        .where("evidenceId", "=", evidenceId)
        .execute();
    }
    await db
      .transaction()
      .execute((transaction) => setRights(transaction, { kind: "user", id: "overseer" }, ["oversee"]));
    for (const id of CASES) await changePolicy(this.#rights, { ...TO_ANNA, scope: { kind: "case", id } });
    for (const id of EVIDENCE)
      await changePolicy(this.#rights, { ...TO_ANNA, scope: { kind: "evidence", id } });
    const { loose: looseDays, uncategorised: uncategorisedDays } = DAYS_AT_FIRST;
    await this.#keepSettings({ looseDays, uncategorisedDays });
  }

  async take(step: RetentionStep): Promise<void> {
    const { db, now } = this;
    const context = { db, now, jobs: NO_JOBS };
    switch (step.do) {
      case "pass":
        this.#day += step.days;
        return keepRetention({ context, clock: this.#clock }, new AbortController().signal);
      case "close":
        return this.#setCase(step.case, { state: "Closed", closedUtcMs: now() });
      case "reopen":
        return this.#setCase(step.case, { state: "Open", closedUtcMs: null });
      case "keep":
        return this.#keep(step);
      case "protect":
        return protect(context, ANNA, { ...step, reason: "court" });
      case "lift":
        return liftProtection(context, ANNA, step);
      case "file":
        await db
          .updateTable("evidence")
          .set({ caseId: step.into })
          .where("evidenceId", "=", step.evidence)
          .execute();
        return;
      case "give anew": {
        const scope = { kind: "case", id: step.case } as const;
        await changePolicy(this.#rights, { ...TO_ANNA, scope, grant: null });
        return changePolicy(this.#rights, { ...TO_ANNA, scope });
      }
      case "take back":
        return takeBack(context, ANNA, { evidenceId: step.evidence, reason: "appeal" });
      case "remove":
        await removeByHand(context, ANNA, step.evidence);
    }
  }

  async whereabouts(): Promise<Record<string, Whereabouts>> {
    const rows = await this.db.selectFrom("evidence").select(["evidenceId", "lifecycleState"]).execute();
    const states = new Map(rows.map(({ evidenceId, lifecycleState }) => [evidenceId, lifecycleState]));
    return everywhere((name) => {
      const state = states.get(name);
      if (state === undefined) return "gone";
      return state === "Deleted" ? "binned" : "there";
    });
  }

  /** What somebody who manages all of it by policies finds in the list. */
  async seen(): Promise<string[]> {
    const sight = await sightOf(this.#rights, ANNA, "evidence");
    if (sight.all) throw new Error("Nobody oversees here.");
    const page = { below: Number.MAX_SAFE_INTEGER, limit: 50, own: null };
    const { rows } = await newestSeen({ kinds: ["filed", "loose"], sight }, page).execute(this.db);
    const named = await this.db.selectFrom("evidence").select(["evidenceId", "seq"]).execute();
    const names = new Map(named.map(({ seq, evidenceId }) => [seq, evidenceId]));
    return rows.map(({ seq }) => names.get(seq) ?? `row ${seq}`).toSorted();
  }

  /** Where the entries of the trail say that each is. */
  async told(): Promise<Record<string, Whereabouts>> {
    const rows = await this.db.selectFrom("audit").select("entryJson").orderBy("seq").execute();
    const said = new Map<string, Whereabouts>();
    for (const { entryJson } of rows) {
      const { action, subject } = JSON.parse(entryJson) as { action: string; subject: string };
      const where = TOLD[action];
      if (where !== undefined) said.set(subject, where);
    }
    return everywhere((name) => said.get(name) ?? "there");
  }

  async due(days: number): Promise<string[]> {
    const untilUtcMs = this.now() + days * DAY_MS;
    const found = await dueEvidence(this.db, await readRetention(this.db), {
      untilUtcMs,
      after: null,
      limit: 50,
    });
    return found.map(({ evidenceId }) => evidenceId).toSorted();
  }

  get #rights() {
    return { db: this.db, now: this.now };
  }

  async #keep({ what, days }: Extract<RetentionStep, { do: "keep" }>): Promise<void> {
    if (what === "loose") return this.#keepSettings({ looseDays: days });
    if (what === "uncategorised") return this.#keepSettings({ uncategorisedDays: days });
    await this.db
      .updateTable("category")
      .set({ retentionDays: days })
      .where("categoryId", "=", what)
      .execute();
  }

  async #keepSettings(change: Record<string, unknown>): Promise<void> {
    this.#settings = { ...this.#settings, ...change };
    const value = JSON.stringify(this.#settings);
    await this.db
      .insertInto("setting")
      .values({ name: "retention", value })
      .onConflict((conflict) => conflict.column("name").doUpdateSet({ value }))
      .execute();
  }

  async #setCase(
    caseId: string,
    change: { readonly state: "Open" | "Closed"; readonly closedUtcMs: number | null },
  ): Promise<void> {
    await this.db.updateTable("caseFile").set(change).where("caseId", "=", caseId).execute();
  }
}

const NO_JOBS = { add: async (): Promise<void> => undefined, wake: (): void => undefined };

const TOLD: Readonly<Record<string, Whereabouts>> = {
  ...{ EVIDENCE_BINNED: "binned", EVIDENCE_TAKEN_BACK: "there", EVIDENCE_REMOVED: "gone" },
};

const everywhere = (where: (name: EvidenceName) => Whereabouts): Record<string, Whereabouts> =>
  Object.fromEntries(EVIDENCE.map((name) => [name, where(name)]));

const RUNS = { SQLite: 40, PostgreSQL: 3 } as const;

describe.each(engines.map((engine) => [engine.name, engine] as const))("in %s", (name, engine) => {
  test(
    "what is there, what is seen, what goes next and what is told agree with the rules",
    { timeout: 600_000 },
    async () => {
      const property = fc.asyncProperty(retentionSteps, async (taken) => {
        const { db, close } = await engine.open();
        const [world, model] = [new RealWorld(db), new RetentionModel()];
        await world.enter();
        for (const step of taken) if (model.take(step)) await world.take(step);
        const is = everywhere((one) => model.where(one));
        expect(await world.whereabouts()).toEqual(is);
        expect(await world.told()).toEqual(is);
        const there = EVIDENCE.filter((one) => is[one] === "there");
        expect(await world.seen()).toEqual(there);
        for (const days of [0, 2, 30]) {
          expect(await world.due(days)).toEqual(there.filter((one) => model.isOver(one, model.day + days)));
        }
        await close();
      });
      const isShort = process.env["EVIDENCE_DESK_LONG_TESTS"] !== "1";
      await fc.assert(property, {
        numRuns: isShort ? (name === "SQLite" ? RUNS.SQLite : RUNS.PostgreSQL) : 500,
      });
    },
  );
});
