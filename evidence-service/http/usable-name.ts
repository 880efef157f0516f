import { hiddenCharacterIssue } from "#shared/domain/names.ts";
import { withPlainBlanks } from "#shared/domain/names-alike.ts";
import { Refusal } from "./refusal.ts";

/**
 * A name as people and administrators give one, with plain blanks.
 * @param called how a refusal begins: “The name”
 * @throws Refusal 400 NAME_NOT_USABLE
 */
export function usableName(called: string, given: string): string {
  const name = withPlainBlanks(given);
  const issue = name === "" ? `${called} must not be empty.` : hiddenCharacterIssue(called, name);
  if (issue !== null) throw new Refusal("NAME_NOT_USABLE", issue);
  return name;
}
