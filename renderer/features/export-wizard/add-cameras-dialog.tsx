import { useRef } from "react";
import type { Camera } from "#shared/domain/camera.ts";
import { CAMERA_TWICE_MESSAGE } from "#shared/domain/export-request.ts";
import { Badge } from "#design-system/components/badge.tsx";
import { Button } from "#design-system/components/button.tsx";
import { Dialog } from "#design-system/components/dialog.tsx";
import { FoundAnnouncer } from "#design-system/components/announcer.tsx";
import { Name } from "#design-system/components/name.tsx";
import { enterList, SearchField } from "#design-system/components/search-field.tsx";
import { formatCount } from "#shared/words/amounts.ts";
import { cameraMatcher } from "../../main-process-client/searched-cameras.ts";
import { CameraPicker } from "./camera-picker.tsx";
import { SEARCH_MAX_CHARACTERS, type DraftView } from "./export-draft.ts";
import { Notice } from "./notice.tsx";
import styles from "./steps.module.css";

type Adding = NonNullable<DraftView["adding"]>;

interface AddCamerasDialogProps {
  readonly cameras: readonly Camera[];
  readonly presentIds: ReadonlySet<string>;
  /** What was searched and picked so far; kept with the draft. */
  readonly adding: Adding;
  readonly onChange: (adding: Adding) => void;
  readonly onAdd: (cameras: readonly Camera[]) => void;
  readonly onClose: () => void;
}

/**
 * Cameras to pick from. Those that are in the export already are checked and stay so: a second range of one needs an
 * export of its own, which is said as long as one of them is in the list.
 */
export function AddCamerasDialog(props: AddCamerasDialogProps) {
  const { cameras, presentIds, adding, onChange, onAdd, onClose } = props;
  const list = useRef<HTMLDivElement>(null);
  const { text } = adding;
  const pickedIds = new Set(adding.pickedIds);
  const found = cameras.filter(cameraMatcher(text));
  const picked = cameras.filter(({ id }) => pickedIds.has(id) && !presentIds.has(id));
  const accept = () => {
    onAdd(picked);
    onClose();
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
          maxLength={SEARCH_MAX_CHARACTERS}
          onChange={(searched) => onChange({ ...adding, text: searched })}
          onEnterList={() => enterList(list.current)}
          autoFocus
        />
        <FoundAnnouncer text={text} count={found.length} noun="camera" />
        {found.some(({ id }) => presentIds.has(id)) && <Notice tone="info">{PRESENT_HINT}</Notice>}
        <CameraPicker
          ref={list}
          cameras={found}
          pickedIds={pickedIds}
          fixedIds={presentIds}
          onPick={(ids) => onChange({ ...adding, pickedIds: [...ids] })}
        >
          {(camera) => <PickableCamera camera={camera} isPresent={presentIds.has(camera.id)} />}
        </CameraPicker>
      </div>
    </Dialog>
  );
}

const PRESENT_HINT = `Checked and marked “In this export”: ${CAMERA_TWICE_MESSAGE}`;

function PickableCamera({ camera, isPresent }: { readonly camera: Camera; readonly isPresent: boolean }) {
  return (
    <span className={styles["pickable"]}>
      <span className={styles["grow"]}>
        <Name>{camera.name}</Name>
      </span>
      {isPresent && <Badge>In this export</Badge>}
      {camera.state === "connecting" && <Badge icon="wait">Connecting</Badge>}
      {camera.state === "no-signal" && (
        <Badge tone="warning" icon="no-signal">
          No signal
        </Badge>
      )}
      <span className={styles["quiet"]}>
        <Name>{camera.area}</Name>
      </span>
    </span>
  );
}

function pickedInWords(count: number): string {
  if (count === 0) return "Nothing selected";
  return `${formatCount(count, "camera")} selected`;
}
