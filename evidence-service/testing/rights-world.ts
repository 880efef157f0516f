/** People, cases, evidence and policies as a test makes them up, and who sees what of it: told without a database. */
import { randomUUID } from "node:crypto";
import fc from "fast-check";
import { LEVELS, type Level } from "../http/actions.ts";
import type { Grant, Scope } from "../rights/policy.ts";
import type { HolderName } from "../storage/account-rights.ts";
import type { Metadata } from "../storage/metadata-tables.ts";
import { searchTextOf } from "../storage/search-words.ts";

export const USERS = ["anna", "ben", "cleo"] as const;
export const GROUPS = ["patrol", "detectives"] as const;
export const CASES = ["case-1", "case-2", "case-3"] as const;
export const EVIDENCE = ["e-1", "e-2", "e-3", "e-4", "e-5", "e-6"] as const;
/** Ends of recordings, and the instants of policies, all within this. */
const HORIZON_MS = 10;

type Name<T extends readonly string[]> = T[number];

export type Step =
  | { readonly do: "grant"; readonly scope: Scope; readonly holder: HolderName; readonly grant: Grant | null }
  | {
      readonly do: "file";
      readonly evidence: Name<typeof EVIDENCE>;
      readonly into: Name<typeof CASES> | null;
    }
  | { readonly do: "join"; readonly user: Name<typeof USERS>; readonly group: Name<typeof GROUPS> }
  | { readonly do: "leave"; readonly user: Name<typeof USERS>; readonly group: Name<typeof GROUPS> };

const instant = fc.option(fc.integer({ min: 1, max: HORIZON_MS }), { nil: null });
const holder: fc.Arbitrary<HolderName> = fc.oneof(
  fc.constantFrom(...USERS).map((id) => ({ kind: "user" as const, id })),
  fc.constantFrom(...GROUPS).map((id) => ({ kind: "group" as const, id })),
  fc.constant({ kind: "everyone" as const, id: "" }),
);
const scope: fc.Arbitrary<Scope> = fc.oneof(
  fc.constantFrom(...CASES).map((id) => ({ kind: "case" as const, id })),
  fc.constantFrom(...EVIDENCE).map((id) => ({ kind: "evidence" as const, id })),
);
const grant: fc.Arbitrary<Grant> = fc
  .record({
    level: fc.constantFrom(...(Object.keys(LEVELS) as Level[])),
    fromUtcMs: instant,
    untilUtcMs: instant,
    recordedFromUtcMs: instant,
  })
  .filter(({ fromUtcMs, untilUtcMs }) => fromUtcMs === null || untilUtcMs === null || fromUtcMs < untilUtcMs);

export const steps: fc.Arbitrary<Step[]> = fc.array(
  fc.oneof(
    {
      weight: 4,
      arbitrary: fc.record({
        do: fc.constant("grant" as const),
        scope,
        holder,
        grant: fc.option(grant, { nil: null }),
      }),
    },
    {
      weight: 2,
      arbitrary: fc.record({
        do: fc.constant("file" as const),
        evidence: fc.constantFrom(...EVIDENCE),
        into: fc.option(fc.constantFrom(...CASES), { nil: null }),
      }),
    },
    {
      weight: 1,
      arbitrary: fc.record({
        do: fc.constantFrom("join" as const, "leave" as const),
        user: fc.constantFrom(...USERS),
        group: fc.constantFrom(...GROUPS),
      }),
    },
  ),
  { maxLength: 25 },
);

/** When an evidence's recording ends. */
export const endOf = (evidence: Name<typeof EVIDENCE>): number => EVIDENCE.indexOf(evidence) + 3;

/** The world without a database: what relations there are, and what follows from them. */
export class ModelWorld {
  readonly #grants = new Map<string, Grant>();
  readonly #caseOf = new Map<string, string>();
  readonly #groupsOf = new Map<string, Set<string>>();

  take(step: Step): void {
    switch (step.do) {
      case "grant": {
        const key = `${step.scope.kind}:${step.scope.id}#${step.holder.kind}:${step.holder.id}`;
        if (step.grant === null) this.#grants.delete(key);
        else this.#grants.set(key, step.grant);
        return;
      }
      case "file":
        if (step.into === null) this.#caseOf.delete(step.evidence);
        else this.#caseOf.set(step.evidence, step.into);
        return;
      case "join":
        this.#groups(step.user).add(step.group);
        return;
      case "leave":
        this.#groups(step.user).delete(step.group);
    }
  }

  caseOf(evidence: string): string | null {
    return this.#caseOf.get(evidence) ?? null;
  }

  /** The most that somebody has on a case; 0 for nothing. */
  onCase(user: string, caseId: string, atUtcMs: number): number {
    return this.#most(user, `case:${caseId}`, { atUtcMs, endUtcMs: Infinity });
  }

  onEvidence(user: string, evidence: Name<typeof EVIDENCE>, atUtcMs: number): number {
    const caseId = this.caseOf(evidence);
    const at = { atUtcMs, endUtcMs: endOf(evidence) };
    return this.#most(user, caseId === null ? `evidence:${evidence}` : `case:${caseId}`, at);
  }

  #groups(user: string): Set<string> {
    const found = this.#groupsOf.get(user) ?? new Set();
    this.#groupsOf.set(user, found);
    return found;
  }

  #most(user: string, object: string, { atUtcMs, endUtcMs }: { atUtcMs: number; endUtcMs: number }): number {
    const holders = [
      `user:${user}`,
      "everyone:",
      ...[...this.#groups(user)].map((group) => `group:${group}`),
    ];
    const levels = holders.flatMap((name) => {
      const found = this.#grants.get(`${object}#${name}`);
      if (found === undefined) return [];
      const { fromUtcMs, untilUtcMs, recordedFromUtcMs, level } = found;
      const hasBegun = (fromUtcMs ?? 0) <= atUtcMs;
      const hasEnded = atUtcMs >= (untilUtcMs ?? Infinity);
      const isRecorded = endUtcMs > (recordedFromUtcMs ?? -Infinity);
      return hasBegun && !hasEnded && isRecorded ? [LEVELS[level]] : [];
    });
    return Math.max(0, ...levels);
  }
}

/** Enters the people, groups, cases and evidence of the world, with no policy on any of them. */
export async function enterWorld(db: Metadata): Promise<void> {
  await db.insertInto("department").values({ departmentId: "department", name: "Department" }).execute();
  for (const username of USERS) {
    await db.insertInto("webUser").values({ username, fullName: username, passwordHash: "" }).execute();
  }
  for (const groupId of GROUPS)
    await db.insertInto("personGroup").values({ groupId, name: groupId }).execute();
  for (const caseId of CASES) await db.insertInto("caseFile").values(caseRow(caseId)).execute();
  for (const evidenceId of EVIDENCE) {
    await db
      .insertInto("evidence")
      .values(evidenceRow(evidenceId, endOf(evidenceId)))
      .execute();
  }
}

function caseRow(caseId: string) {
  return {
    ...{ caseId, principalId: "nobody", externalId: caseId, name: caseId, departmentId: "department" },
    ...{ categoryId: null, recordNumber: "", incidentNumber: "", incidentStartUtcMs: null },
    ...{ incidentEndUtcMs: null, description: "", location: "", tagsJson: "[]", customFieldsJson: "[]" },
    ...{ state: "Open" as const, createdBy: "nobody", createdOnBehalfOf: null, createdUtcMs: 0 },
    searchText: searchTextOf(`found ${caseId}`),
  };
}

function evidenceRow(evidenceId: string, endUtcMs: number) {
  return {
    ...{ evidenceId, principalId: "nobody", externalId: randomUUID(), name: evidenceId, description: "" },
    ...{ startUtcMs: 0, endUtcMs, caseId: null, deviceJson: "{}", createdBy: "nobody" },
    ...{ createdOnBehalfOf: null, createdUtcMs: 0, lifecycleState: "Available" as const },
    ...{ lifecycleDetail: null, completionJson: null, searchText: searchTextOf(`found ${evidenceId}`) },
  };
}
