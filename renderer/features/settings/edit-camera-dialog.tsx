import type { Camera } from "#shared/domain/camera.ts";
import { bidiIsolated } from "#shared/domain/names.ts";
import { useState, type FormEvent } from "react";
import { Button } from "#design-system/components/button.tsx";
import { Dialog } from "#design-system/components/dialog.tsx";
import { useCameraSource, useChangeCamera } from "../../main-process-client/cameras.ts";
import {
  areNamesFit,
  CameraLogOnFields,
  CameraNameFields,
  type CameraLogOn,
  type CameraNames,
} from "./camera-fields.tsx";
import { logOnOf, newSource } from "./edited-source.ts";
import { useLeaveQuestion } from "./leave-question.tsx";
import { NoticeMessage, type SettingNotice } from "./setting-notice.tsx";
import styles from "./settings.module.css";
import { differencesOf } from "./typed-entries.tsx";

interface EditCameraDialogProps {
  readonly camera: Camera;
  readonly areas: readonly string[];
  readonly onClose: () => void;
  readonly onChanged: (camera: Camera) => void;
}

const FORM = "edit-camera";

/** Changes a camera; its footage stays its own. */
export function EditCameraDialog({ camera, areas, onClose, onChanged }: EditCameraDialogProps) {
  const { value: source, failure } = useCameraSource(camera.id);
  const [edited, setEdited] = useState<Partial<CameraNames & CameraLogOn>>({});
  const [notice, setNotice] = useState<SettingNotice>(null);
  const change = useChangeCamera();
  const names = { name: camera.name, area: camera.area, ...edited };
  const known = logOnOf(source);
  const logOn = known === null ? null : { ...known, ...edited };
  const edit = (part: Partial<CameraNames & CameraLogOn>) => {
    setNotice(null);
    setEdited({ ...edited, ...part });
  };
  const kept = { name: camera.name, area: camera.area, ...known };
  const isChanged = Object.keys(differencesOf<object>(kept, { ...kept, ...edited })).length > 0;
  const { question, leave } = useLeaveQuestion(isChanged ? ["this camera"] : [], onClose);
  const isComplete =
    source !== undefined && areNamesFit(names) && (logOn === null || logOn.address.trim() !== "");
  const save = async () => {
    const answer = await change.run({
      ...{ cameraId: camera.id, name: names.name.trim(), area: names.area.trim() },
      source: newSource(known, logOn),
    });
    if (!answer.ok) return setNotice({ failure: answer.error });
    onChanged(answer.value);
  };
  const submit = (event: FormEvent) => {
    event.preventDefault();
    if (isComplete && !change.isRunning) void save();
  };
  return (
    <Dialog
      title={`Edit ${bidiIsolated(camera.name)}`}
      isOpen
      onClose={leave}
      footer={
        <>
          <Button onPress={leave}>Cancel</Button>
          <Button variant="primary" type="submit" form={FORM} isDisabled={!isComplete}>
            Save
          </Button>
        </>
      }
    >
      <form id={FORM} className={styles["section"]} onSubmit={submit} aria-label="Camera">
        <div className={styles["fields"]}>
          <CameraNameFields value={names} areas={areas} onChange={edit} />
          {logOn !== null && (
            <CameraLogOnFields
              value={logOn}
              hasPassword={source?.kind === "rtsp" && source.hasPassword}
              onChange={edit}
            />
          )}
        </div>
        <p className={styles["hint"]}>Its footage stays with it, whatever is changed.</p>
        <NoticeMessage notice={failure === null ? notice : { failure }} />
      </form>
      {question}
    </Dialog>
  );
}
