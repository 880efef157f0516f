/** What canonical JSON can say here; every number in a manifest is a whole number. */
export type CanonicalValue =
  string | number | boolean | null | readonly CanonicalValue[] | { readonly [name: string]: CanonicalValue };

/**
 * The JSON Canonicalization Scheme (RFC 8785) for values whose numbers are whole: members in the order of
 * their names' UTF-16 code units, no spaces, shortest escapes. The same value always gives the same bytes.
 * @throws RangeError for a number that is not a safe integer, and for text that is not well-formed Unicode
 *   (RFC 8785, 3.2.2.2): neither has one spelling that every reader agrees on
 */
export function canonicalJson(value: CanonicalValue): string {
  if (typeof value === "string") return canonicalText(value);
  if (typeof value === "number") return canonicalNumber(value);
  if (value === null || typeof value === "boolean") return String(value);
  if (isList(value)) return `[${value.map(canonicalJson).join(",")}]`;
  const members = Object.entries(value)
    .toSorted(([a], [b]) => (a < b ? -1 : 1))
    .map(([name, member]) => `${canonicalText(name)}:${canonicalJson(member)}`);
  return `{${members.join(",")}}`;
}

function isList(value: object): value is readonly CanonicalValue[] {
  return Array.isArray(value);
}

function canonicalText(text: string): string {
  if (!text.isWellFormed()) throw new RangeError("Canonical JSON cannot hold half a character.");
  return JSON.stringify(text);
}

function canonicalNumber(number: number): string {
  if (!Number.isSafeInteger(number)) throw new RangeError(`${number} is not a whole number.`);
  return JSON.stringify(number);
}
