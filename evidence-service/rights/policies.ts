/** Access policies: what they are, what a new case begins with, and their changes, each of which is an entry of the trail. */
import { appendAudit } from "../audit/audit-chain.ts";
import { holderFacts, policyFacts } from "../audit/recorded-facts.ts";
import { levelOf, LEVELS } from "../http/actions.ts";
import { actorOf, type Principal } from "../http/principal.ts";
import { notFound, Refusal } from "../http/refusal.ts";
import { EVERYONE, type HolderName, holderOf } from "../storage/account-rights.ts";
import type { AccessPolicyTable, HolderKind } from "../storage/access-tables.ts";
import type { Metadata, MetadataTransaction } from "../storage/metadata-tables.ts";
import { forgetRows, indexRows } from "./index-access.ts";
import type { RightsNow } from "./may.ts";
import type { Grant, Scope } from "./policy.ts";

/** What an evidence that is in no case begins with. */
export const UNFILED: Scope = { kind: "unfiled", id: "" };

export interface Policy extends Grant {
  readonly holder: HolderName;
}

/** In the order in which they were given rights. */
export async function policiesOf(db: Metadata | MetadataTransaction, { kind, id }: Scope): Promise<Policy[]> {
  const rows = await db
    .selectFrom("accessPolicy")
    .innerJoin("rightHolder", "rightHolder.holder", "accessPolicy.holder")
    .selectAll("accessPolicy")
    .select(["rightHolder.kind", "rightHolder.id"])
    .where("scopeKind", "=", kind)
    .where("scopeId", "=", id)
    .orderBy("accessPolicy.holder")
    .execute();
  return rows.map(({ level, fromUtcMs, untilUtcMs, recordedFromUtcMs, kind: holderKind, id: holderId }) => ({
    holder: { kind: holderKind, id: holderId },
    ...{ level: levelOf(level), fromUtcMs, untilUtcMs, recordedFromUtcMs },
  }));
}

/**
 * Gives a case or an evidence that is about to be entered the policies of what it comes from; a person who makes it
 * manages it. A service account gets none: its key lies on a console.
 */
export async function beginPolicies(
  transaction: MetadataTransaction,
  scope: Scope,
  { from, creator }: { readonly from: Scope; readonly creator: Principal },
): Promise<BegunAccess> {
  const rows = await transaction
    .selectFrom("accessPolicy")
    .selectAll()
    .where("scopeKind", "=", from.kind)
    .where("scopeId", "=", from.id)
    .execute();
  const begun = new Map(
    rows.map((row) => [row.holder, { ...row, scopeKind: scope.kind, scopeId: scope.id }]),
  );
  if (creator.kind === "user") {
    const holder = await holderOf(transaction, { kind: "user", id: creator.id });
    const open = { fromUtcMs: null, untilUtcMs: null, recordedFromUtcMs: null };
    begun.set(holder, { scopeKind: scope.kind, scopeId: scope.id, holder, level: LEVELS.manage, ...open });
  }
  if (begun.size === 0) return {};
  await transaction
    .insertInto("accessPolicy")
    .values([...begun.values()])
    .execute();
  return { access: await begunFacts(transaction, [...begun.values()]) };
}

/** What the entry of a creation says of who sees it: JSON, by holder; nothing where nobody was given anything. */
interface BegunAccess {
  readonly access?: string;
}

async function begunFacts(
  transaction: MetadataTransaction,
  rows: readonly AccessPolicyTable[],
): Promise<string> {
  const named = await transaction
    .selectFrom("rightHolder")
    .selectAll()
    .where(
      "holder",
      "in",
      rows.map(({ holder }) => holder),
    )
    .execute();
  const names = new Map(named.map((row) => [row.holder, holderFacts(row)]));
  return JSON.stringify(
    Object.fromEntries(rows.map((row) => [names.get(row.holder) ?? "", policyFacts(row)])),
  );
}

interface Change {
  readonly principal: Principal;
  readonly scope: Scope;
  readonly holder: HolderName;
  /** Null takes the policy away. */
  readonly grant: Grant | null;
}

/**
 * Gives a holder a policy, another one than before, or none. It holds from the next request on.
 * @throws Refusal 404 for a holder that is not there, 400 ENDS_BEFORE_IT_BEGINS, 409 NOBODY_MANAGES
 */
export async function changePolicy({ db, now }: RightsNow & { db: Metadata }, change: Change): Promise<void> {
  const { scope, grant } = change;
  if (grant !== null) checkSpan(grant);
  await db.transaction().execute(async (transaction) => {
    await checkHolder(transaction, change.holder);
    const isChanged = await changeIn(transaction, { ...change, atUtcMs: now() });
    const isOfOne = scope.kind !== "department" && scope.kind !== "unfiled";
    if (isChanged && isOfOne) await checkManaged(transaction, scope);
  });
}

interface DatedChange extends Change {
  readonly atUtcMs: number;
}

/** @returns whether it changed anything */
async function changeIn(
  transaction: MetadataTransaction,
  { principal, scope, grant, holder: name, atUtcMs }: DatedChange,
): Promise<boolean> {
  const holder = await holderOf(transaction, name);
  const before = await readPolicy(transaction, scope, holder);
  if (JSON.stringify(before) === JSON.stringify(grant)) return false;
  const row = { scope, holder };
  if (before !== null) {
    await forgetRows(transaction, row);
    await transaction
      .deleteFrom("accessPolicy")
      .where("scopeKind", "=", scope.kind)
      .where("scopeId", "=", scope.id)
      .where("holder", "=", holder)
      .execute();
  }
  if (grant !== null) {
    const values = { scopeKind: scope.kind, scopeId: scope.id, holder, ...grant, level: LEVELS[grant.level] };
    await transaction.insertInto("accessPolicy").values(values).execute();
  }
  await indexRows(transaction, row, grant);
  await appendAudit(transaction, {
    atUtcMs,
    actor: actorOf(principal),
    action: "ACCESS_CHANGED",
    subject: scope.id === "" ? scope.kind : scope.id,
    detail: {
      scope: scope.kind,
      holder: holderFacts(name),
      before: before === null ? null : policyFacts({ ...before, level: LEVELS[before.level] }),
      after: grant === null ? null : policyFacts({ ...grant, level: LEVELS[grant.level] }),
    },
  });
  return true;
}

/** Gives a case or an evidence the policies of another, and takes away those that it has beside them. */
export async function takeOverPolicies(
  transaction: MetadataTransaction,
  { from, ...change }: Omit<DatedChange, "holder" | "grant"> & { readonly from: Scope },
): Promise<void> {
  const had = await policiesOf(transaction, change.scope);
  const wanted = await policiesOf(transaction, from);
  for (const { holder, ...grant } of wanted) await changeIn(transaction, { ...change, holder, grant });
  const kept = new Set(wanted.map(({ holder }) => holderFacts(holder)));
  for (const { holder } of had) {
    if (!kept.has(holderFacts(holder))) await changeIn(transaction, { ...change, holder, grant: null });
  }
}

function checkSpan({ fromUtcMs, untilUtcMs }: Grant): void {
  if (fromUtcMs === null || untilUtcMs === null || fromUtcMs < untilUtcMs) return;
  throw new Refusal("ENDS_BEFORE_IT_BEGINS", "The right ends before it begins.");
}

async function readPolicy(
  transaction: MetadataTransaction,
  { kind, id }: Scope,
  holder: number,
): Promise<Grant | null> {
  const row = await transaction
    .selectFrom("accessPolicy")
    .select(["level", "fromUtcMs", "untilUtcMs", "recordedFromUtcMs"])
    .where("scopeKind", "=", kind)
    .where("scopeId", "=", id)
    .where("holder", "=", holder)
    .executeTakeFirst();
  return row === undefined ? null : { ...row, level: levelOf(row.level) };
}

/** @throws Refusal 404 */
async function checkHolder(transaction: MetadataTransaction, { kind, id }: HolderName): Promise<void> {
  const isThere = await HOLDERS[kind](transaction, id);
  if (!isThere) throw notFound("person or group");
}

const HOLDERS: Readonly<
  Record<HolderKind, (transaction: MetadataTransaction, id: string) => Promise<boolean>>
> = {
  everyone: async (_transaction, id) => id === EVERYONE.id,
  user: async (transaction, id) =>
    (await transaction.selectFrom("webUser").select("username").where("username", "=", id).execute()).length >
    0,
  group: async (transaction, id) =>
    (await transaction.selectFrom("personGroup").select("groupId").where("groupId", "=", id).execute())
      .length > 0,
  service: async (transaction, id) =>
    (
      await transaction
        .selectFrom("serviceAccount")
        .select("principalId")
        .where("principalId", "=", id)
        .execute()
    ).length > 0,
  guest: async () => false,
};

/** Somebody has to be able to give rights on it: by a policy without an end, or as one who oversees all. */
async function checkManaged(transaction: MetadataTransaction, scope: Scope): Promise<void> {
  const policies = await policiesOf(transaction, scope);
  const isManaged = policies.some(({ level, untilUtcMs }) => level === "manage" && untilUtcMs === null);
  if (isManaged) return;
  const overseer = await transaction
    .selectFrom("accountRight")
    .innerJoin("rightHolder", "rightHolder.holder", "accountRight.holder")
    .select("accountRight.holder")
    .where("code", "=", "oversee")
    .where("kind", "in", ["user", "group"])
    .limit(1)
    .executeTakeFirst();
  if (overseer !== undefined) return;
  throw new Refusal("NOBODY_MANAGES", "Nobody could give rights on this any more.");
}
