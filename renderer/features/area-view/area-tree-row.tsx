import type { CameraState } from "#shared/domain/camera.ts";
import { Icon } from "../../design-system/icon.tsx";
import type { AreaRow } from "./area-tree.ts";
import styles from "./area-view.module.css";

interface AreaTreeRowProps {
  readonly id: string;
  readonly row: AreaRow;
  readonly topPx: number;
  readonly isActive: boolean;
  readonly dragKind: string;
  readonly onPick: () => void;
  readonly onAct: () => void;
}

/** A camera that records is the rule and only has its dot; everything else is said in words too. */
const STATE_WORDS: Readonly<Record<CameraState, string>> = {
  recording: "Recording",
  "no-signal": "No signal",
  stopped: "Not recorded",
};

export function AreaTreeRow({ id, row, topPx, isActive, dragKind, onPick, onAct }: AreaTreeRowProps) {
  const common = {
    id,
    role: "treeitem",
    "aria-level": row.kind === "area" ? 1 : 2,
    "aria-posinset": row.place,
    "aria-setsize": row.siblings,
    "aria-selected": isActive,
    className: styles["row"],
    style: { transform: `translateY(${topPx}px)` },
    onPointerDown: onPick,
  } as const;
  if (row.kind === "area") {
    return (
      <div {...common} aria-label={row.name} aria-expanded={row.isOpen} data-kind="area" onClick={onAct}>
        <Icon name={row.isOpen ? "chevron-down" : "chevron-right"} size={13} />
        <span className={styles["name"]}>{row.name}</span>
        <span className={styles["count"]} data-text={row.cameras} />
      </div>
    );
  }
  const { camera } = row;
  return (
    <div
      {...common}
      aria-label={camera.name}
      aria-description={STATE_WORDS[camera.state]}
      data-kind="camera"
      data-state={camera.state}
      draggable
      onDragStart={(event) => {
        event.dataTransfer.setData(dragKind, camera.id);
        event.dataTransfer.effectAllowed = "copy";
      }}
      onDoubleClick={onAct}
    >
      <Icon name={camera.state === "recording" ? "camera" : "no-signal"} size={15} />
      <span className={styles["name"]} title={camera.name}>
        {camera.name}
      </span>
      {camera.state === "recording" ? (
        <span className={styles["dot"]} title={STATE_WORDS.recording} />
      ) : (
        <span className={styles["state"]} data-text={STATE_WORDS[camera.state]} />
      )}
    </div>
  );
}
