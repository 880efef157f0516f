import { visibleName } from "#shared/domain/names.ts";
import type { Unreadable, UnreadableCode } from "../decryption/unreadable.ts";
import type { ResourceRow } from "../storage/metadata-rows.ts";

/** A segment that is not in the consolidated video; the others are. */
export interface DamagedSegment {
  readonly row: ResourceRow;
  readonly code: UnreadableCode;
  /** A sentence that names the file. */
  readonly detail: string;
}

export function damagedSegment(row: ResourceRow, { code, message }: Unreadable): DamagedSegment {
  const name = visibleName(row.name);
  return { row, code, detail: message.includes(name) ? message : `“${name}” cannot be read: ${message}` };
}

/** Of files that are in order and cannot stand in one video with the others. */
const LEFT_OUT: ReadonlySet<UnreadableCode> = new Set(["FORMAT_CHANGED", "TIMES_APART"]);

export function isLeftOut({ code }: DamagedSegment): boolean {
  return LEFT_OUT.has(code);
}

/** Of files that stand in a sentence; the page has all of them. */
const TOLD = 3;

/** What is said of an evidence that is available without some of its segments; null where none is missing. */
export function damageText(damaged: readonly DamagedSegment[], segments: number): string | null {
  if (damaged.length === 0) return null;
  const told = damaged.slice(0, TOLD).map(({ detail }) => detail);
  const more = damaged.length - told.length;
  const isAre = damaged.length === 1 ? "is" : "are";
  const what = damaged.some(isLeftOut) ? "not" : "damaged and not";
  const count = `${damaged.length} of ${segments} files ${isAre} ${what} in the consolidated video.`;
  return [count, ...told, ...(more > 0 ? [`And ${more} more.`] : [])].join(" ");
}
