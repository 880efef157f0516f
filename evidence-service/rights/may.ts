/** Whether a caller may do something to an object: asked here, and nowhere else. */
import { type Action, type Level, LEVEL_NAMES, notAllowed, notSeen, ruleOf } from "../http/actions.ts";
import type { Principal } from "../http/principal.ts";
import type { HolderName } from "../storage/account-rights.ts";
import type { Metadata, MetadataTransaction } from "../storage/metadata-tables.ts";
import { type Decision, decide } from "./decide.ts";
import { type ActedObject, reasonsFor } from "./reasons.ts";

/** Where rights are read, and the instant that counts. */
export interface RightsNow {
  readonly db: Metadata | MetadataTransaction;
  /** Milliseconds UTC. */
  readonly now: () => number;
}

const NOBODY: Decision = { isSeen: false, isAllowed: false, because: [] };

/** @param id of the case or the evidence that the action is done to; empty where it is done to neither */
export async function may(
  { db, now }: RightsNow,
  principal: Principal,
  { action, id }: { readonly action: Action; readonly id: string },
): Promise<Decision> {
  if (principal.kind === "anonymous") return NOBODY;
  const asker: HolderName = { kind: principal.kind, id: principal.id };
  return mayHolder({ db, now }, asker, { action, id });
}

/** The same of anybody who can hold a right, for whoever asks why. */
export async function mayHolder(
  { db, now }: RightsNow,
  asker: HolderName,
  { action, id }: { readonly action: Action; readonly id: string },
): Promise<Decision> {
  const rule = ruleOf(action);
  return decide(rule, await reasonsFor(db, { asker, object: { on: rule.on, id }, atUtcMs: now() }));
}

/** The most that a caller has on a case or an evidence; null for nothing. */
export async function levelOn(
  { db, now }: RightsNow,
  principal: Principal,
  object: ActedObject,
): Promise<Level | null> {
  if (principal.kind === "anonymous") return null;
  const asker: HolderName = { kind: principal.kind, id: principal.id };
  const reasons = await reasonsFor(db, { asker, object, atUtcMs: now() });
  return LEVEL_NAMES.findLast((level) => decide({ on: object.on, level }, reasons).isAllowed) ?? null;
}

/** @throws Refusal 404 of what the caller does not see, 403 NOT_ALLOWED */
export async function requireMay(
  rights: RightsNow,
  principal: Principal,
  asked: { readonly action: Action; readonly id: string },
): Promise<void> {
  const { isAllowed, isSeen } = await may(rights, principal, asked);
  if (isAllowed) return;
  if (!isSeen) throw notSeen(ruleOf(asked.action).on);
  throw notAllowed();
}
