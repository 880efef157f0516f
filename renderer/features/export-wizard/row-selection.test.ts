import fc from "fast-check";
import { describe, expect, it } from "vitest";
import {
  NOTHING_SELECTED,
  rowReachedBy,
  selectRow,
  withoutMissing,
  type RowSelection,
} from "./row-selection.ts";

const ids = ["a", "b", "c", "d", "e"];
const plain = { shift: false, ctrl: false };
const shift = { shift: true, ctrl: false };
const ctrl = { shift: false, ctrl: true };
const selected = (selection: RowSelection) => [...selection.selectedIds].toSorted().join("");

describe("selecting rows", () => {
  it("takes the whole span from the first click to the Shift-click, in either direction", () => {
    const click = fc.tuple(fc.constantFrom(...ids), fc.constantFrom(...ids));
    fc.assert(
      fc.property(click, ([first, last]) => {
        const after = selectRow(selectRow(NOTHING_SELECTED, ids, first, plain), ids, last, shift);
        const [from, to] = [first, last].toSorted() as [string, string];
        expect(selected(after)).toBe(ids.filter((id) => id >= from && id <= to).join(""));
        expect(after.anchorId).toBe(first);
      }),
    );
  });

  it("adds and takes away single rows with Ctrl", () => {
    let selection = selectRow(NOTHING_SELECTED, ids, "a", plain);
    selection = selectRow(selection, ids, "c", ctrl);
    expect(selected(selection)).toBe("ac");
    expect(selected(selectRow(selection, ids, "a", ctrl))).toBe("c");
  });

  it("keeps the anchor while Shift is held, so that a span can shrink again", () => {
    let selection = selectRow(NOTHING_SELECTED, ids, "b", plain);
    selection = selectRow(selection, ids, "e", shift);
    expect(selected(selectRow(selection, ids, "c", shift))).toBe("bc");
  });

  it("forgets rows that were removed", () => {
    const selection = selectRow(NOTHING_SELECTED, ids, "b", plain);
    expect(withoutMissing(selection, ["a"])).toEqual({ selectedIds: new Set(), anchorId: null });
  });

  it("stays within the list when keys move", () => {
    expect(rowReachedBy("down", ids, "e")).toBe("e");
    expect(rowReachedBy("up", ids, "b")).toBe("a");
    expect(rowReachedBy("last", ids, "a")).toBe("e");
    expect(rowReachedBy("first", [], "a")).toBeNull();
  });
});
