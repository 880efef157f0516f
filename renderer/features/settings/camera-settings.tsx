import { isolated } from "#shared/domain/names.ts";
import { Name } from "../../design-system/name.tsx";
import type { Camera } from "#shared/domain/camera.ts";
import { defaultRangeExtractor, useVirtualizer } from "@tanstack/react-virtual";
import { useRef, useState } from "react";
import { withFocusedRow } from "#shared/page/focused-row.ts";
import { Badge, type BadgeTone } from "../../design-system/badge.tsx";
import { IconButton } from "../../design-system/button.tsx";
import { ConfirmDialog } from "../../design-system/dialog.tsx";
import { cameraWords } from "../../main-process-client/camera-words.ts";
import { useSession } from "../../main-process-client/session.ts";
import { useCameras, useRemoveCamera } from "../../main-process-client/cameras.ts";
import { AddCameraForm } from "./add-camera-form.tsx";
import { EditCameraDialog } from "./edit-camera-dialog.tsx";
import { DoubtedClock } from "./doubted-clock.tsx";
import { OutcomeMessage, type SettingOutcome } from "./outcome-message.tsx";
import styles from "./settings.module.css";

const LINE_PX = 34;

export function CameraSettings() {
  const { value: cameras = [], failure } = useCameras();
  const [leaving, setLeaving] = useState<Camera | null>(null);
  const [edited, setEdited] = useState<Camera | null>(null);
  const areas = [...new Set(cameras.map((camera) => camera.area))];
  const [outcome, setOutcome] = useState<SettingOutcome>(null);
  const remove = useRemoveCamera();
  const removeNow = async (camera: Camera) => {
    setLeaving(null);
    const answer = await remove.run({ cameraId: camera.id });
    setOutcome(
      answer.ok
        ? { done: `${isolated(camera.name)} is no longer recorded; its footage stays.` }
        : { failure: answer.error },
    );
  };
  return (
    <div className={styles["page"]}>
      <DoubtedClock cameras={cameras} />
      <AddCameraForm areas={areas} />
      {failure !== null && <OutcomeMessage outcome={{ failure }} />}
      <OutcomeMessage outcome={outcome} />
      <CameraList cameras={cameras} onEdit={setEdited} onRemove={setLeaving} />
      {edited !== null && (
        <EditCameraDialog
          camera={edited}
          areas={areas}
          onClose={() => setEdited(null)}
          onChanged={({ name }) => {
            setEdited(null);
            setOutcome({ done: `${isolated(name)} was changed.` });
          }}
        />
      )}
      <ConfirmDialog
        title={`Remove ${isolated(leaving?.name ?? "the camera")}?`}
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

interface CameraListProps {
  readonly cameras: readonly Camera[];
  readonly onEdit: (camera: Camera) => void;
  readonly onRemove: (camera: Camera) => void;
}

function CameraList({ cameras, onEdit, onRemove }: CameraListProps) {
  const scroller = useRef<HTMLDivElement>(null);
  const virtual = useVirtualizer({
    count: cameras.length,
    getScrollElement: () => scroller.current,
    estimateSize: () => LINE_PX,
    getItemKey: (index) => cameras[index]?.id ?? index,
    overscan: 6,
    rangeExtractor: (range) => withFocusedRow(scroller.current, defaultRangeExtractor(range), range.count),
  });
  return (
    <div ref={scroller} className={styles["scroller"]}>
      <ul className={styles["cameras"]} aria-label="Cameras" style={{ height: virtual.getTotalSize() }}>
        {virtual.getVirtualItems().map((item) => {
          const camera = cameras[item.index];
          return camera === undefined ? null : (
            <li
              key={item.key}
              ref={virtual.measureElement}
              tabIndex={-1}
              data-index={item.index}
              aria-setsize={cameras.length}
              aria-posinset={item.index + 1}
              className={styles["camera"]}
              style={{ transform: `translateY(${item.start}px)` }}
            >
              <span>
                <Name>{camera.name}</Name>
              </span>
              <span className={styles["area"]}>
                <Name>{camera.area}</Name>
              </span>
              <StateBadge camera={camera} />
              {camera.state !== "stopped" && (
                <span className={styles["actions"]}>
                  <IconButton
                    icon="edit"
                    size="small"
                    label={`Edit ${isolated(camera.name)}`}
                    onPress={() => onEdit(camera)}
                  />
                  <IconButton
                    icon="trash"
                    size="small"
                    label={`Remove ${isolated(camera.name)}`}
                    onPress={() => onRemove(camera)}
                  />
                </span>
              )}
            </li>
          );
        })}
      </ul>
    </div>
  );
}

function StateBadge({ camera }: { readonly camera: Camera }) {
  const zone = useSession().value?.siteTimeZone ?? "UTC";
  const { short, sentence, icon, isProblem } = cameraWords(camera, zone);
  return (
    <span title={sentence}>
      <Badge tone={toneOf(camera, isProblem)} icon={icon}>
        {short}
      </Badge>
    </span>
  );
}

function toneOf({ state }: Camera, isProblem: boolean): BadgeTone {
  if (isProblem) return "warning";
  return state === "recording" ? "success" : "neutral";
}
