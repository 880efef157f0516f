import { defaultRangeExtractor, useVirtualizer } from "@tanstack/react-virtual";
import { useEffect, useMemo, useRef, useState } from "react";
import type { Camera } from "#shared/domain/camera.ts";
import { bidiIsolated } from "#shared/domain/names.ts";
import { withFocusedRow } from "#shared/page/focused-row.ts";
import { Badge, type BadgeTone } from "#design-system/components/badge.tsx";
import { IconButton } from "#design-system/components/button.tsx";
import { FoundAnnouncer } from "#design-system/components/announcer.tsx";
import { Name } from "#design-system/components/name.tsx";
import { SearchField } from "#design-system/components/search-field.tsx";
import { cameraInSentences, cameraWords } from "../../main-process-client/camera-words.ts";
import { cameraMatcher } from "../../main-process-client/searched-cameras.ts";
import { useLogOnState } from "../../main-process-client/operator.ts";
import styles from "./settings.module.css";

const LINE_PX = 34;

interface CameraListProps {
  readonly cameras: readonly Camera[];
  /** A camera that is brought into sight once it stands in the list; null for none. */
  readonly shownId: string | null;
  readonly onEdit: (camera: Camera) => void;
  readonly onRemove: (camera: Camera) => void;
}

/** Every camera with its state, searched by name and area; only the rows in sight are drawn. */
export function CameraList({ cameras, shownId, onEdit, onRemove }: CameraListProps) {
  const scroller = useRef<HTMLDivElement>(null);
  const [text, setText] = useState("");
  const found = useMemo(() => cameras.filter(cameraMatcher(text)), [cameras, text]);
  const virtual = useVirtualizer({
    count: found.length,
    getScrollElement: () => scroller.current,
    estimateSize: () => LINE_PX,
    getItemKey: (index) => found[index]?.id ?? index,
    overscan: 6,
    rangeExtractor: (range) => withFocusedRow(scroller.current, defaultRangeExtractor(range), range.count),
  });
  const shownAt = found.findIndex(({ id }) => id === shownId);
  useEffect(() => {
    if (shownAt >= 0) virtual.scrollToIndex(shownAt);
  }, [shownAt, virtual]);
  return (
    <>
      <SearchField
        label="Search cameras"
        placeholder="Search by name or area"
        value={text}
        onChange={setText}
        onEnterList={() => scroller.current?.querySelector("button")?.focus()}
      />
      <FoundAnnouncer text={text} count={found.length} noun="camera" />
      <div ref={scroller} className={styles["scroller"]}>
        <ul className={styles["cameras"]} aria-label="Cameras" style={{ height: virtual.getTotalSize() }}>
          {virtual.getVirtualItems().map((item) => {
            const camera = found[item.index];
            return camera === undefined ? null : (
              <li
                key={item.key}
                ref={virtual.measureElement}
                tabIndex={-1}
                data-index={item.index}
                aria-setsize={found.length}
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
                      label={`Edit ${bidiIsolated(camera.name)}`}
                      onPress={() => onEdit(camera)}
                    />
                    <IconButton
                      icon="trash"
                      size="small"
                      label={`Remove ${bidiIsolated(camera.name)}`}
                      onPress={() => onRemove(camera)}
                    />
                  </span>
                )}
              </li>
            );
          })}
        </ul>
      </div>
    </>
  );
}

function StateBadge({ camera }: { readonly camera: Camera }) {
  const zone = useLogOnState().value?.siteTimeZone ?? "UTC";
  const words = cameraWords(camera, zone);
  return (
    <span title={cameraInSentences(words)}>
      <Badge tone={toneOf(camera, words.isProblem)} icon={words.icon}>
        {words.short}
      </Badge>
    </span>
  );
}

function toneOf({ state }: Camera, isProblem: boolean): BadgeTone {
  if (isProblem) return "warning";
  return state === "recording" ? "success" : "neutral";
}
