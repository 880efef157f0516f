import { hiddenCharacterIssue } from "#shared/domain/names.ts";

/** How a custom field of a template is entered; types are the account's own words. */
export type CustomFieldEntry = "text" | "lines" | "number" | "date" | "yes-no";

const ENTRIES: readonly (readonly [RegExp, CustomFieldEntry])[] = [
  [/^(bool(ean)?|checkbox|yes-?no)$/, "yes-no"],
  [/^(number|numeric|integer|int|decimal|float|double)$/, "number"],
  [/^date/, "date"],
  [/^(multi-?line(text)?|long-?text|textarea|memo)$/, "lines"],
];

/** @param type the type as the template names it; an unknown one is entered as text */
export function entryFor(type: string): CustomFieldEntry {
  const known = ENTRIES.find(([pattern]) => pattern.test(type.toLowerCase()));
  return known?.[1] ?? "text";
}

/** Why a value cannot stand in a field of this type, or null. Empty is always allowed, and so are blanks, which are not sent. */
export function customFieldIssue(type: string, value: string): string | null {
  if (value.trim() === "") return null;
  const entry = entryFor(type);
  const hidden = hiddenCharacterIssue("This field", value, { mayBreak: entry === "lines" });
  if (hidden !== null) return hidden;
  if (entry === "number" && !Number.isFinite(Number(value))) return "Enter a number.";
  if (entry === "date" && !isDate(value)) return "Enter a date as YYYY-MM-DD.";
  return null;
}

function isDate(text: string): boolean {
  if (!/^\d{4}-\d{2}-\d{2}$/.test(text)) return false;
  const read = new Date(`${text}T00:00:00Z`);
  return !Number.isNaN(read.getTime()) && read.toISOString().startsWith(text);
}
