import { memo } from "react";
import { bidiIsolated } from "#shared/domain/names.ts";
import { LongName } from "#design-system/components/name.tsx";
import { Icon, type IconName } from "#design-system/icons/icon.tsx";
import { cameraInSentences, type CameraWords, cameraWords } from "../../main-process-client/camera-words.ts";
import type { AreaRow } from "./area-tree.ts";
import styles from "./area-view.module.css";

interface AreaTreeRowProps {
  readonly id: string;
  readonly row: AreaRow;
  readonly topPx: number;
  readonly isActive: boolean;
  readonly dragKind: string;
  readonly siteTimeZone: string;
  readonly onPick: (row: AreaRow) => void;
  readonly onAct: (row: AreaRow) => void;
}

/** While the list is scrolled, rows that were in sight already are not drawn anew. */
export const AreaTreeRow = memo(function AreaTreeRow({
  id,
  row,
  topPx,
  isActive,
  dragKind,
  siteTimeZone,
  onPick,
  onAct,
}: AreaTreeRowProps) {
  const common = {
    id,
    role: "treeitem",
    "aria-level": row.kind === "area" ? 1 : 2,
    "aria-posinset": row.place,
    "aria-setsize": row.siblings,
    "aria-selected": isActive,
    className: styles["row"],
    style: { transform: `translateY(${topPx}px)` },
    onPointerDown: () => onPick(row),
  } as const;
  if (row.kind === "area") {
    return (
      <div
        {...common}
        aria-label={bidiIsolated(row.name)}
        aria-expanded={row.isOpen}
        data-kind="area"
        onClick={() => onAct(row)}
      >
        <Icon name={row.isOpen ? "chevron-down" : "chevron-right"} size={13} />
        <span className={styles["name"]}>
          <LongName>{row.name}</LongName>
        </span>
        <span className={styles["count"]} data-text={row.cameras} />
      </div>
    );
  }
  const { camera } = row;
  const words = cameraWords(camera, siteTimeZone);
  const inFull = cameraInSentences(words);
  return (
    <div
      {...common}
      aria-label={bidiIsolated(camera.name)}
      aria-description={inFull}
      data-kind="camera"
      data-state={camera.state}
      data-problem={words.isProblem || undefined}
      draggable
      onDragStart={(event) => {
        event.dataTransfer.setData(dragKind, camera.id);
        event.dataTransfer.effectAllowed = "copy";
      }}
      onDoubleClick={() => onAct(row)}
    >
      <Icon name={iconOf(words)} size={15} />
      <span className={styles["name"]} title={bidiIsolated(camera.name)}>
        <LongName>{camera.name}</LongName>
      </span>
      {words.icon === "record" ? (
        <span className={styles["dot"]} title={inFull} />
      ) : (
        <span className={styles["state"]} title={inFull} data-text={words.short} />
      )}
    </div>
  );
});

/** A camera that records is the rule and only has its dot; everything else is drawn and said in words too. */
function iconOf({ icon }: CameraWords): IconName {
  if (icon === "record") return "camera";
  return icon === "cancel" ? "no-signal" : icon;
}
