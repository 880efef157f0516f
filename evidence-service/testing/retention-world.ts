/** A department's evidence over many days as a test makes it up, and what has to be there at the end: told without a database. */
import fc from "fast-check";
import { CASES, EVIDENCE } from "./rights-world.ts";

export type CaseName = (typeof CASES)[number];
export type EvidenceName = (typeof EVIDENCE)[number];

/** Of the third case there is none. */
export const CATEGORY_OF: Readonly<Record<CaseName, string | null>> = {
  ...{ "case-1": "theft", "case-2": "damage", "case-3": null },
};
export const CATEGORIES = ["theft", "damage"] as const;

/** What it begins with, so that few steps are enough for much to happen. */
export const FILED_AT_FIRST: Readonly<Partial<Record<EvidenceName, CaseName>>> = {
  ...{ "e-1": "case-1", "e-2": "case-2", "e-3": "case-3", "e-4": "case-1" },
};
export const DAYS_AT_FIRST: Readonly<
  Record<(typeof CATEGORIES)[number] | "uncategorised" | "loose", number>
> = {
  ...{ theft: 2, damage: 1, uncategorised: 1, loose: 4 },
};

export const BIN_DAYS = 3;
/** The days on which recordings end. */
export const endDayOf = (evidence: EvidenceName): number => EVIDENCE.indexOf(evidence);

export type RetentionStep =
  | { readonly do: "pass"; readonly days: number }
  | { readonly do: "close" | "reopen"; readonly case: CaseName }
  | { readonly do: "keep"; readonly what: string; readonly days: number | null }
  | { readonly do: "protect" | "lift"; readonly kind: "case" | "evidence"; readonly id: string }
  | { readonly do: "file"; readonly evidence: EvidenceName; readonly into: CaseName }
  /** The right to a case is taken from somebody and given again. */
  | { readonly do: "give anew"; readonly case: CaseName }
  | { readonly do: "take back" | "remove"; readonly evidence: EvidenceName };

const evidence = fc.constantFrom(...EVIDENCE);
const oneCase = fc.constantFrom(...CASES);

export const retentionSteps: fc.Arbitrary<RetentionStep[]> = fc.array(
  fc.oneof(
    {
      weight: 5,
      arbitrary: fc.record({ do: fc.constant("pass" as const), days: fc.integer({ min: 0, max: 4 }) }),
    },
    {
      weight: 3,
      arbitrary: fc.record({ do: fc.constantFrom("close" as const, "reopen" as const), case: oneCase }),
    },
    {
      weight: 3,
      arbitrary: fc.record({
        do: fc.constant("keep" as const),
        what: fc.constantFrom(...CATEGORIES, "uncategorised", "loose"),
        days: fc.option(fc.integer({ min: 1, max: 6 }), { nil: null, freq: 4 }),
      }),
    },
    {
      weight: 2,
      arbitrary: fc
        .tuple(fc.constantFrom("protect" as const, "lift" as const), fc.boolean(), oneCase, evidence)
        .map(([step, isCase, ofCase, ofEvidence]): RetentionStep => ({
          ...{ do: step, kind: isCase ? "case" : "evidence", id: isCase ? ofCase : ofEvidence },
        })),
    },
    { weight: 3, arbitrary: fc.record({ do: fc.constant("file" as const), evidence, into: oneCase }) },
    { weight: 1, arbitrary: fc.record({ do: fc.constant("give anew" as const), case: oneCase }) },
    {
      weight: 1,
      arbitrary: fc.record({ do: fc.constantFrom("take back" as const, "remove" as const), evidence }),
    },
  ),
  { maxLength: 30, size: "max" },
);

export type Whereabouts = "there" | "binned" | "gone";

/** What the rules say, one day after the other. */
export class RetentionModel {
  day = 0;
  readonly #days = new Map<string, number | null>(Object.entries(DAYS_AT_FIRST));
  readonly #closed = new Map<CaseName, number>();
  readonly #protected = new Set<string>();
  readonly #caseOf = new Map(
    EVIDENCE.flatMap((name) => {
      const filed = FILED_AT_FIRST[name];
      return filed === undefined ? [] : [[name, filed] as const];
    }),
  );
  readonly #binned = new Map<EvidenceName, number>();
  readonly #gone = new Set<EvidenceName>();

  /** @returns whether the step can be taken at all */
  take(step: RetentionStep): boolean {
    switch (step.do) {
      case "pass":
        this.day += step.days;
        this.#run();
        return true;
      case "close":
        if (this.#closed.has(step.case)) return false;
        this.#closed.set(step.case, this.day);
        return true;
      case "reopen":
        return this.#closed.delete(step.case);
      case "keep":
        this.#days.set(step.what, step.days);
        return true;
      case "give anew":
        return true;
      case "protect":
        if (step.kind === "evidence" && this.where(step.id as EvidenceName) !== "there") return false;
        if (this.#protected.has(step.id)) return false;
        this.#protected.add(step.id);
        return true;
      case "lift":
        if (step.kind === "evidence" && this.where(step.id as EvidenceName) !== "there") return false;
        return this.#protected.delete(step.id);
      case "file": {
        const from = this.#caseOf.get(step.evidence);
        if (this.where(step.evidence) !== "there" || this.#closed.has(step.into)) return false;
        if (from !== undefined && this.#closed.has(from)) return false;
        this.#caseOf.set(step.evidence, step.into);
        return true;
      }
      case "take back":
        if (!this.#binned.delete(step.evidence)) return false;
        this.#protected.add(step.evidence);
        return true;
      case "remove": {
        const isHeld = this.#protected.has(this.#caseOf.get(step.evidence) ?? "");
        if (isHeld || !this.#binned.delete(step.evidence)) return false;
        this.#gone.add(step.evidence);
        return true;
      }
    }
  }

  where(name: EvidenceName): Whereabouts {
    if (this.#gone.has(name)) return "gone";
    return this.#binned.has(name) ? "binned" : "there";
  }

  /** Whether nothing keeps it on a day any more. */
  isOver(name: EvidenceName, day: number): boolean {
    const filed = this.#caseOf.get(name);
    if (this.#protected.has(name) || (filed !== undefined && this.#protected.has(filed))) return false;
    const from = filed === undefined ? endDayOf(name) : this.#closed.get(filed);
    const category = filed === undefined ? "loose" : (CATEGORY_OF[filed] ?? "uncategorised");
    const days = this.#days.get(category) ?? null;
    return from !== undefined && days !== null && day >= from + days;
  }

  #run(): void {
    for (const [name, since] of this.#binned) {
      if (!this.isOver(name, this.day)) this.#binned.delete(name);
      else if (this.day >= since + BIN_DAYS) {
        this.#binned.delete(name);
        this.#gone.add(name);
      }
    }
    for (const name of EVIDENCE) {
      if (this.where(name) === "there" && this.isOver(name, this.day)) this.#binned.set(name, this.day);
    }
  }
}
