import { useDraftStore } from "./draft-store.ts";
import type { ExportDraft } from "./export-draft.ts";
import { withoutMissing, type RowSelection } from "./row-selection.ts";

/** The selected cameras of a step; they are kept with the draft and are others at the next step. */
export function useRowSelection({
  rows,
  view,
}: ExportDraft): readonly [RowSelection, (selection: RowSelection) => void] {
  const chosen = { selectedIds: new Set(view.selectedIds), anchorId: view.anchorId };
  const select = ({ selectedIds, anchorId }: RowSelection) =>
    useDraftStore.getState().look({ selectedIds: [...selectedIds], anchorId });
  return [
    withoutMissing(
      chosen,
      rows.map((row) => row.cameraId),
    ),
    select,
  ];
}
