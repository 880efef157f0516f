/** What reasons allow: the whole of the decision, without a database. */
import { type ActionRule, type Level, LEVELS } from "../http/actions.ts";
import type { AccountRight } from "../storage/account-rights.ts";
import type { Reason } from "./reasons.ts";

export interface Decision {
  /** The object is there, and the asker may know that. */
  readonly isSeen: boolean;
  readonly isAllowed: boolean;
  /** Those that allow it; empty where nothing does. */
  readonly because: readonly Reason[];
}

const REFUSED: Decision = { isSeen: false, isAllowed: false, because: [] };

/** Whoever manages all needs nothing on a single one. */
const OVERSEE: AccountRight = "oversee";

/** Refused unless the rule says that it is allowed. */
export function decide(rule: ActionRule, reasons: readonly Reason[]): Decision {
  const byRight = (right: AccountRight | undefined): readonly Reason[] =>
    reasons.filter(({ source, code }) => source === "account" && code === right && right !== undefined);
  const ofAccount = rule.right === undefined ? null : byRight(rule.right);
  const hasRight = ofAccount === null || ofAccount.length > 0;
  if (rule.on !== "case" && rule.on !== "evidence") {
    return { isSeen: true, isAllowed: hasRight, because: hasRight ? (ofAccount ?? []) : [] };
  }
  if (!reasons.some(({ source }) => source === "there")) return REFUSED;
  const atLeast = (level: Level): readonly Reason[] => [
    ...reasons.filter(({ source, level: has }) => source === "policy" && has >= LEVELS[level]),
    ...byRight(OVERSEE),
  ];
  const sent = reasons.filter(({ source }) => source === "sent");
  const onObject = [
    ...(rule.level === undefined ? [] : atLeast(rule.level)),
    ...(rule.own === true ? sent : []),
    ...byRight(rule.orRight),
  ];
  const isAllowed = hasRight && onObject.length > 0;
  const isSeen = isAllowed || atLeast("view").length > 0 || sent.length > 0 || hasPick(rule, byRight);
  return { isSeen, isAllowed, because: isAllowed ? [...(ofAccount ?? []), ...onObject] : [] };
}

/** Whoever may pick a case reads the facts of every one. */
function hasPick(rule: ActionRule, byRight: (right: AccountRight) => readonly Reason[]): boolean {
  return rule.on === "case" && byRight("pick-cases").length > 0;
}
