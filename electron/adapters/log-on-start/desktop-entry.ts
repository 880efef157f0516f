/**
 * Entries of a desktop as freedesktop.org describes them ("Desktop Entry Specification", 1.5): as much as starts a
 * program.
 */

/** Of words that a desktop reads; the first is the program. */
export function execLine(words: readonly string[]): string {
  return words.map((word) => inString(quoted(word))).join(" ");
}

/** "If an argument contains a reserved character the argument must be quoted." `%` begins a field code. */
function quoted(word: string): string {
  return `"${word.replace(/["`$\\]/g, "\\$&").replaceAll("%", "%%")}"`;
}

/** As every value of the type string: a backslash that is meant is written twice. */
const inString = (text: string): string => text.replaceAll("\\", "\\\\");

/**
 * What no entry can hold: a control character; a program with `=`, which would be taken for a variable; one with `%`,
 * which GLib looks for as it is written here, doubled.
 */
export function cannotBeStarted(words: readonly string[]): boolean {
  return words.some((word) => /\p{Cc}/u.test(word)) || /[=%]/.test(words[0] ?? "");
}

/** @param fields of the group `Desktop Entry`, in their order; values are written as they are */
export function desktopEntry(fields: Readonly<Record<string, string>>): string {
  const lines = Object.entries(fields).map(([name, value]) => `${name}=${value}`);
  return ["[Desktop Entry]", ...lines, ""].join("\n");
}

/** A name for people, as a value: on one line. */
export const nameValue = (name: string): string => inString(name.replace(/\p{Cc}+/gu, " ").trim());

/** The fields of the group `Desktop Entry`, as they are written. */
export function fieldsOf(text: string): ReadonlyMap<string, string> {
  const fields = new Map<string, string>();
  let group = "";
  for (const line of text.split(/\r?\n/)) {
    if (line.startsWith("[")) group = line.trim();
    const at = line.indexOf("=");
    if (group !== "[Desktop Entry]" || line.startsWith("#") || at < 1) continue;
    fields.set(line.slice(0, at).trim(), line.slice(at + 1).trim());
  }
  return fields;
}
