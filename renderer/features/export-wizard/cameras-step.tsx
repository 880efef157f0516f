import { bidiIsolated } from "#shared/domain/names.ts";
import { Name } from "#design-system/components/name.tsx";
import type { Camera } from "#shared/domain/camera.ts";
import { useDeferredValue, useState } from "react";
import { Button, IconButton } from "#design-system/components/button.tsx";
import { formatMoment } from "#shared/words/moments.ts";
import { archiveNow } from "../../main-process-client/holdings.ts";
import { AddCamerasDialog } from "./add-cameras-dialog.tsx";
import { CameraGrid, GridCell, type GridColumn } from "./camera-grid.tsx";
import { useDraftStore } from "./draft-store.ts";
import { additionInWords, type DraftRow, type ExportDraft } from "./export-draft.ts";
import { rowTimesInWords } from "./row-times-in-words.ts";
import { isAsOffered, offerSentence } from "./range-offer.ts";
import { useRowSelection } from "./use-row-selection.ts";
import { Notice } from "./notice.tsx";
import styles from "./steps.module.css";

interface CamerasStepProps {
  readonly draft: ExportDraft;
  readonly cameras: readonly Camera[];
  /** Ids of the cameras that the canvas shows. */
  readonly camerasInTiles: readonly string[];
  readonly timeZone: string;
}

const COLUMNS: readonly GridColumn[] = [
  { title: "Camera", width: "minmax(180px, 2fr)" },
  { title: "Area", width: "minmax(120px, 1fr)" },
  { title: "Start", width: "minmax(150px, 1fr)" },
  { title: "End", width: "minmax(150px, 1fr)" },
  { title: "Actions", width: "56px" },
];

export function CamerasStep({ draft, cameras, camerasInTiles, timeZone }: CamerasStepProps) {
  const [message, setMessage] = useState<string | null>(null);
  const [selection, setSelection] = useRowSelection(draft);
  const { adding } = draft.view;
  // After a reload both dialogs are there at once: the upper one opens second, or the lower one would shut it out.
  const mayOpenDialog = useDeferredValue(true, false);
  const setAdding = (changed: typeof adding) => useDraftStore.getState().look({ adding: changed });
  const present = new Set(draft.rows.map((row) => row.cameraId));
  const byId = new Map(cameras.map((camera) => [camera.id, camera]));
  const inTiles = [...new Set(camerasInTiles)].flatMap((id) => byId.get(id) ?? []);
  const removeRows = (ids: ReadonlySet<string>) => {
    setMessage(null);
    useDraftStore.getState().remove(ids);
  };
  const add = (asked: readonly Camera[]) => {
    const presentNames = useDraftStore.getState().add(asked);
    setMessage(additionInWords(asked.length - presentNames.length, presentNames));
  };
  const offer = offerInWords(draft, timeZone);
  return (
    <div className={styles["step"]}>
      <div className={styles["toolbar"]}>
        <Button icon="plus" onPress={() => setAdding({ text: "", pickedIds: [] })}>
          Add cameras
        </Button>
        <Button icon="add-all" onPress={() => add(inTiles)} isDisabled={inTiles.length === 0}>
          Add all cameras in tiles
        </Button>
      </div>
      {message !== null && <Notice tone="info">{message}</Notice>}
      {offer !== null && (
        <p className={styles["offer"]} data-testid="offered-range">
          {offer}
        </p>
      )}
      <CameraGrid
        rows={draft.rows}
        columns={COLUMNS}
        selection={selection}
        onSelect={setSelection}
        onDelete={removeRows}
        emptyText="No camera. Add at least one to send evidence."
      >
        {(row) => (
          <>
            <GridCell>
              <Name>{row.cameraName}</Name>
            </GridCell>
            <GridCell>
              <AreaName camera={byId.get(row.cameraId)} />
            </GridCell>
            <TimeCells row={row} timeZone={timeZone} />
            <GridCell>
              <IconButton
                icon="trash"
                size="small"
                label={`Remove ${bidiIsolated(row.cameraName)}`}
                onPress={() => removeRows(new Set([row.cameraId]))}
              />
            </GridCell>
          </>
        )}
      </CameraGrid>
      {mayOpenDialog && adding !== null && (
        <AddCamerasDialog
          cameras={cameras}
          presentIds={present}
          adding={adding}
          onChange={setAdding}
          onAdd={add}
          onClose={() => setAdding(null)}
        />
      )}
    </div>
  );
}

/** What was typed and is not understood is shown as it is: nothing of it is lost. */
function TimeCells({ row, timeZone }: { readonly row: DraftRow; readonly timeZone: string }) {
  const words = rowTimesInWords(row, timeZone);
  return (
    <>
      <GridCell>{words.start}</GridCell>
      <GridCell>{words.end}</GridCell>
    </>
  );
}

/** Says what start and end are, for as long as they are those that were offered. */
function offerInWords({ offered, rows }: ExportDraft, timeZone: string): string | null {
  const [first] = rows;
  if (offered === null || first === undefined || !isAsOffered(offered, first)) return null;
  return offerSentence(offered, (utcMs) => formatMoment(utcMs, timeZone, archiveNow()));
}

function AreaName({ camera }: { readonly camera: Camera | undefined }) {
  return camera === undefined ? "No longer in the archive" : <Name>{camera.area}</Name>;
}
