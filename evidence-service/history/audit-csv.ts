/** Entries of the trail as a table (RFC 4180), for programs that calculate with tables. */
import type { FoundEntry } from "./find-entries.ts";
import type { Names } from "./names.ts";
import { shownEntry } from "./shown-entry.ts";

const COLUMNS = [
  ...["Number", "Time (UTC)", "Who", "Account", "What", "Action", "Of what", "Id", "Evidence", "Evidence id"],
  ...["Case id", "Details", "Suspicion", "SHA-256 of the entry"],
] as const;

/** By it programs know that the text is UTF-8. */
const BYTE_ORDER_MARK = "\uFEFF";

export const csvHeader = (): string => BYTE_ORDER_MARK + line(COLUMNS);

export function csvRow(entry: FoundEntry, names: Names): string {
  const { seq, atUtc, actor, words, action, subject, evidenceName, evidenceId, caseId, suspicion } =
    shownEntry(entry, names);
  const details = Object.entries(entry.detail).map(([name, value]) => `${name}: ${value ?? "none"}`);
  return line([
    ...[String(seq), atUtc, actor.name, actor.id, words, action, subject.name ?? "", subject.id],
    ...[evidenceName ?? "", evidenceId ?? "", caseId ?? "", details.join("; "), suspicion ?? "", entry.hash],
  ]);
}

function line(cells: readonly string[]): string {
  return `${cells.map(csvCell).join(",")}\r\n`;
}

/** A cell that begins with one of these is a formula to programs that calculate, and may do what its writer wants. */
const FORMULA = /^[=+\-@\t\r\n\uFF0B\uFF0D\uFF1D\uFF20]/;

export function csvCell(text: string): string {
  const safe = FORMULA.test(text) ? `'${text}` : text;
  return `"${safe.replaceAll('"', '""')}"`;
}
