import { bidiIsolated } from "#shared/domain/names.ts";
import type { Camera } from "#shared/domain/camera.ts";
import { useState } from "react";
import { ConfirmDialog } from "#design-system/components/dialog.tsx";
import { useCameras, useRemoveCamera } from "../../main-process-client/cameras.ts";
import { AddCameraForm } from "./add-camera-form.tsx";
import { CameraList } from "./camera-list.tsx";
import { EditCameraDialog } from "./edit-camera-dialog.tsx";
import { DoubtedClock } from "./doubted-clock.tsx";
import { NoticeMessage, type SettingNotice } from "./setting-notice.tsx";
import styles from "./settings.module.css";

export function CameraSettings() {
  const { value: cameras = [], failure } = useCameras();
  const [leaving, setLeaving] = useState<Camera | null>(null);
  const [edited, setEdited] = useState<Camera | null>(null);
  const [addedId, setAddedId] = useState<string | null>(null);
  const areas = [...new Set(cameras.map((camera) => camera.area))];
  const [notice, setNotice] = useState<SettingNotice>(null);
  const remove = useRemoveCamera();
  const removeNow = async (camera: Camera) => {
    setLeaving(null);
    const answer = await remove.run({ cameraId: camera.id });
    setNotice(
      answer.ok
        ? { done: `${bidiIsolated(camera.name)} is no longer recorded; its footage stays.` }
        : { failure: answer.error },
    );
  };
  return (
    <div className={styles["page"]}>
      <DoubtedClock cameras={cameras} />
      <AddCameraForm areas={areas} onAdded={({ id }) => setAddedId(id)} />
      {failure !== null && <NoticeMessage notice={{ failure }} />}
      <NoticeMessage notice={notice} />
      <CameraList cameras={cameras} shownId={addedId} onEdit={setEdited} onRemove={setLeaving} />
      {edited !== null && (
        <EditCameraDialog
          camera={edited}
          areas={areas}
          onClose={() => setEdited(null)}
          onChanged={({ name }) => {
            setEdited(null);
            setNotice({ done: `${bidiIsolated(name)} was changed.` });
          }}
        />
      )}
      <ConfirmDialog
        title={`Remove ${bidiIsolated(leaving?.name ?? "the camera")}?`}
        message="It is no longer recorded. Its footage stays in the archive until retention removes it."
        confirmLabel="Remove"
        isDanger
        isOpen={leaving !== null}
        onConfirm={() => leaving !== null && void removeNow(leaving)}
        onCancel={() => setLeaving(null)}
      />
    </div>
  );
}
