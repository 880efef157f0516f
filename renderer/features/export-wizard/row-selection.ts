/**
 * Which rows of a list are selected, as lists of the desktop do it: a click selects one, Ctrl adds
 * or takes one away, Shift selects from the anchor (the row last clicked without Shift) to the row.
 */
export interface RowSelection {
  readonly selectedIds: ReadonlySet<string>;
  readonly anchorId: string | null;
}

export interface HeldKeys {
  readonly shift: boolean;
  readonly ctrl: boolean;
}

export const NOTHING_SELECTED: RowSelection = { selectedIds: new Set(), anchorId: null };

/**
 * @param ids all rows in the order of the list
 * @param id the row that was clicked, or reached by the keyboard with Shift
 */
export function selectRow(
  selection: RowSelection,
  ids: readonly string[],
  id: string,
  held: HeldKeys,
): RowSelection {
  if (held.shift) return extendTo(selection, ids, id, held.ctrl);
  if (!held.ctrl) return { selectedIds: new Set([id]), anchorId: id };
  const selectedIds = new Set(selection.selectedIds);
  if (!selectedIds.delete(id)) selectedIds.add(id);
  return { selectedIds, anchorId: id };
}

function extendTo(
  selection: RowSelection,
  ids: readonly string[],
  id: string,
  keepOthers: boolean,
): RowSelection {
  const anchorId = selection.anchorId !== null && ids.includes(selection.anchorId) ? selection.anchorId : id;
  const [first, last] = [ids.indexOf(anchorId), ids.indexOf(id)].toSorted((a, b) => a - b) as [
    number,
    number,
  ];
  const span = ids.slice(first, last + 1);
  return { selectedIds: new Set(keepOthers ? [...selection.selectedIds, ...span] : span), anchorId };
}

export function selectAll(ids: readonly string[]): RowSelection {
  return { selectedIds: new Set(ids), anchorId: ids[0] ?? null };
}

/** Drops what is no longer in the list. */
export function withoutMissing(selection: RowSelection, ids: readonly string[]): RowSelection {
  const present = new Set(ids);
  return {
    selectedIds: new Set([...selection.selectedIds].filter((id) => present.has(id))),
    anchorId: selection.anchorId !== null && present.has(selection.anchorId) ? selection.anchorId : null,
  };
}

/** The row that an arrow, Home or End key leads to; null for any other key. */
export function rowReachedBy(
  move: "down" | "up" | "first" | "last",
  ids: readonly string[],
  currentId: string,
): string | null {
  const current = ids.indexOf(currentId);
  const last = ids.length - 1;
  switch (move) {
    case "down":
      return ids[Math.min(current + 1, last)] ?? null;
    case "up":
      return ids[Math.max(current - 1, 0)] ?? null;
    case "first":
      return ids[0] ?? null;
    case "last":
      return ids[last] ?? null;
  }
}
