import type { Camera } from "#shared/domain/camera.ts";
import { useState } from "react";
import { Badge } from "../../design-system/badge.tsx";
import { Button } from "../../design-system/button.tsx";
import { Dialog } from "../../design-system/dialog.tsx";
import { SearchField } from "../../design-system/search-field.tsx";
import { CameraPicker } from "./camera-picker.tsx";
import { refusalSentence } from "./export-draft.ts";
import { Notice } from "./notice.tsx";
import styles from "./steps.module.css";

interface AddCamerasDialogProps {
  readonly cameras: readonly Camera[];
  readonly presentIds: ReadonlySet<string>;
  /** @returns why some were refused, or null */
  readonly onAdd: (cameras: readonly Camera[]) => string | null;
  readonly onClose: () => void;
}

/** Cameras to pick from. One that is in the export already can be picked, and OK says why it cannot be added twice. */
export function AddCamerasDialog({ cameras, presentIds, onAdd, onClose }: AddCamerasDialogProps) {
  const [text, setText] = useState("");
  const [pickedIds, setPickedIds] = useState<ReadonlySet<string>>(new Set());
  const [refusal, setRefusal] = useState<string | null>(null);
  const found = cameras.filter((camera) => matches(camera, text));
  const picked = cameras.filter((camera) => pickedIds.has(camera.id));
  const accept = () => {
    const already = picked.filter((camera) => presentIds.has(camera.id)).map((camera) => camera.name);
    const message = already.length > 0 ? refusalSentence(already) : onAdd(picked);
    setRefusal(message);
    if (message === null) onClose();
  };
  const pick = (ids: ReadonlySet<string>) => {
    setRefusal(null);
    setPickedIds(ids);
  };
  return (
    <Dialog
      title="Add cameras"
      isOpen
      onClose={onClose}
      footerStart={<span className={styles["quiet"]}>{pickedInWords(picked.length)}</span>}
      footer={
        <>
          <Button onPress={onClose}>Cancel</Button>
          <Button variant="primary" isDisabled={picked.length === 0} onPress={accept}>
            OK
          </Button>
        </>
      }
    >
      <div className={styles["picker"]}>
        <SearchField
          label="Search cameras"
          placeholder="Name or area"
          value={text}
          onChange={setText}
          autoFocus
        />
        {refusal !== null && <Notice tone="danger">{refusal}</Notice>}
        <CameraPicker cameras={found} pickedIds={pickedIds} onPick={pick}>
          {(camera) => (
            <span className={styles["pickable"]}>
              <span className={styles["grow"]}>{camera.name}</span>
              {presentIds.has(camera.id) && <Badge>In this export</Badge>}
              {camera.state === "connecting" && <Badge icon="wait">Connecting</Badge>}
              {camera.state === "no-signal" && (
                <Badge tone="warning" icon="no-signal">
                  No signal
                </Badge>
              )}
              <span className={styles["quiet"]}>{camera.area}</span>
            </span>
          )}
        </CameraPicker>
      </div>
    </Dialog>
  );
}

function matches(camera: Camera, text: string): boolean {
  const words = text.toLocaleLowerCase().split(/\s+/);
  const searched = `${camera.name} ${camera.area}`.toLocaleLowerCase();
  return words.every((word) => searched.includes(word));
}

function pickedInWords(count: number): string {
  if (count === 0) return "Nothing selected";
  return count === 1 ? "1 camera selected" : `${count} cameras selected`;
}
