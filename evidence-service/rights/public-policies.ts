/** Access policies as the public API tells them, to whoever manages what they are for. */
import type { ServiceContext } from "../context/service-context.ts";
import type { Principal } from "../http/principal.ts";
import { isoInstantOrNull } from "../storage/iso-instant.ts";
import { nameHolders } from "./holder-names.ts";
import { levelOn } from "./may.ts";
import { policiesOf } from "./policies.ts";
import type { Scope } from "./policy.ts";

/** Field names as the maker's guide has them. */
type PublicPolicy = {
  readonly PrincipalType: string;
  readonly PrincipalId: string;
  readonly Username: string;
  readonly Permissions: string;
  readonly ExpirationDateUtc: string | null;
  /** Ours: the right begins then, and is for recordings from then on. */
  readonly StartDateUtc: string | null;
  readonly RecordedFromUtc: string | null;
};

/** @returns none to whoever does not manage it */
export async function publicPolicies(
  context: ServiceContext,
  principal: Principal,
  { evidenceId, caseId }: { readonly evidenceId: string; readonly caseId: string | null },
): Promise<PublicPolicy[]> {
  if ((await levelOn(context, principal, { on: "evidence", id: evidenceId })) !== "manage") return [];
  const scope: Scope = caseId === null ? { kind: "evidence", id: evidenceId } : { kind: "case", id: caseId };
  const policies = await policiesOf(context.db, scope);
  const named = await nameHolders(
    context.db,
    policies.map(({ holder }) => holder),
  );
  return policies.map(({ holder, level, fromUtcMs, untilUtcMs, recordedFromUtcMs }, index) => ({
    PrincipalType: holder.kind,
    PrincipalId: holder.id,
    Username: named[index]?.name ?? holder.id,
    Permissions: level,
    ExpirationDateUtc: isoInstantOrNull(untilUtcMs),
    StartDateUtc: isoInstantOrNull(fromUtcMs),
    RecordedFromUtc: isoInstantOrNull(recordedFromUtcMs),
  }));
}
