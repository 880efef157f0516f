import { useVirtualizer } from "@tanstack/react-virtual";
import {
  useCallback,
  useDeferredValue,
  useEffect,
  useId,
  useMemo,
  useRef,
  useState,
  type KeyboardEvent,
  type RefObject,
} from "react";
import { answerKey } from "#shared/page/keys.ts";
import type { Camera } from "#shared/domain/camera.ts";
import type { Failure } from "#shared/domain/failure.ts";
import { EmptyState } from "#design-system/components/empty-state.tsx";
import { FoundAnnouncer } from "#design-system/components/announcer.tsx";
import { SearchField } from "#design-system/components/search-field.tsx";
import { areaRows, parentRow, rowAtStep, rowByLetter, type AreaRow } from "./area-tree.ts";
import { usePreferences, useUpdatePreferences } from "../../main-process-client/preferences.ts";
import { TREE_KEYS } from "./area-view-keys.ts";
import styles from "./area-view.module.css";
import { WidthSeparator } from "./width-separator.tsx";
import { CameraAnnouncer } from "./camera-announcer.tsx";
import { AreaTreeRow } from "./area-tree-row.tsx";

const ROW_HEIGHT_PX = 26;
/** As far as the keys for a page go. */
const PAGE_ROWS = 12;
/** Until the operator's own is known. */
const USUAL_WIDTH_PX = 252;

interface AreaViewProps {
  readonly cameras: readonly Camera[];
  /** False while the archive has not told its cameras. */
  readonly isKnown: boolean;
  /** Why there are none, or null. */
  readonly failure: Failure | null;
  readonly isPending: boolean;
  readonly siteTimeZone: string;
  /** Kind of what is dragged; the canvas takes the same. */
  readonly cameraDragKind: string;
  /** Enter or double-click on a camera. */
  readonly onPutCamera: (cameraId: string) => void;
}

/** Areas and cameras of the site; only the rows in sight are in the page. */
export function AreaView(props: AreaViewProps) {
  const [text, setText] = useState("");
  const [chosen, setChosen] = useState<ChosenRow | null>(null);
  const tree = useRef<HTMLDivElement>(null);
  const [closedAreas, setClosedAreas] = useState<ReadonlySet<string>>(new Set());
  const searched = useDeferredValue(text);
  const width = useAreaViewWidth();
  const rows = useMemo(
    () => areaRows(props.cameras, searched, closedAreas),
    [props.cameras, searched, closedAreas],
  );
  const toggle = useCallback(
    (area: string) =>
      setClosedAreas((closed) => (closed.has(area) ? without(closed, area) : new Set([...closed, area]))),
    [],
  );
  // Who searched wants a camera, not the area above it.
  const enterTree = () => {
    const index = text === "" ? activeRow(rows, chosen) : rows.findIndex(({ kind }) => kind === "camera");
    if (rows[index] !== undefined) setChosen({ id: rows[index].id, index });
    tree.current?.focus();
  };
  return (
    <section className={styles["view"]} aria-label="Area view" style={{ width: width.px }}>
      <CameraAnnouncer cameras={props.isKnown ? props.cameras : undefined} />
      <div className={styles["head"]}>
        <h2 className={styles["title"]}>Area view</h2>
        <span className={styles["count"]}>{props.cameras.length}</span>
      </div>
      <div className={styles["search"]}>
        <SearchField label="Search cameras" value={text} onChange={setText} onEnterList={enterTree} />
        <FoundAnnouncer
          text={searched}
          count={rows.filter(({ kind }) => kind === "camera").length}
          noun="camera"
        />
      </div>
      {rows.length === 0 ? (
        <NoRows {...props} text={text} />
      ) : (
        <AreaTree {...props} {...{ rows, chosen }} ref={tree} onChosen={setChosen} onToggle={toggle} />
      )}
      <WidthSeparator widthPx={width.px} onWidth={width.show} onChosen={width.choose} />
    </section>
  );
}

/** Long names want a wider view; each operator has their own. */
function useAreaViewWidth() {
  const remembered = usePreferences().value?.areaViewWidthPx ?? USUAL_WIDTH_PX;
  const update = useUpdatePreferences();
  const [draggedPx, setDragged] = useState<number | null>(null);
  return {
    px: draggedPx ?? remembered,
    show: setDragged,
    choose: (areaViewWidthPx: number) => {
      setDragged(areaViewWidthPx);
      void update.run({ areaViewWidthPx });
    },
  };
}

function without(set: ReadonlySet<string>, item: string): ReadonlySet<string> {
  return new Set([...set].filter((each) => each !== item));
}

function NoRows({ isPending, failure, text }: AreaViewProps & { readonly text: string }) {
  if (failure !== null) {
    return (
      <EmptyState icon="warning" title={failure.message}>
        <p>{failure.action}</p>
      </EmptyState>
    );
  }
  if (isPending) return <EmptyState icon="wait" title="Reading cameras…" />;
  if (text !== "") return <EmptyState icon="search" title="No camera has this name." />;
  return <EmptyState icon="camera" title="No cameras yet" />;
}

interface AreaTreeProps extends AreaViewProps {
  readonly rows: readonly AreaRow[];
  readonly chosen: ChosenRow | null;
  readonly onChosen: (chosen: ChosenRow) => void;
  readonly onToggle: (area: string) => void;
  readonly ref: RefObject<HTMLDivElement | null>;
}

function AreaTree(props: AreaTreeProps) {
  const {
    rows,
    chosen,
    onChosen,
    onToggle,
    onPutCamera,
    cameraDragKind,
    siteTimeZone,
    ref: scroller,
  } = props;
  const treeId = useId();
  const virtual = useVirtualizer({
    count: rows.length,
    getScrollElement: () => scroller.current,
    estimateSize: () => ROW_HEIGHT_PX,
    overscan: 12,
  });
  const active = activeRow(rows, chosen);
  const goTo = (index: number) => {
    onChosen({ id: rows[index]!.id, index });
    virtual.scrollToIndex(index, { align: "auto" });
  };
  const pick = usePick(rows, onChosen);
  const act = useCallback(
    (row: AreaRow) => (row.kind === "area" ? onToggle(row.name) : onPutCamera(row.camera.id)),
    [onToggle, onPutCamera],
  );
  const press = (event: KeyboardEvent) => {
    const row = rows[active];
    if (row === undefined) return;
    const step = (by: number) => goTo(rowAtStep(rows, active, by));
    const isArea = row.kind === "area";
    answerKey(TREE_KEYS, event, {
      act: () => act(row),
      down: () => step(1),
      up: () => step(-1),
      "page-down": () => step(PAGE_ROWS),
      "page-up": () => step(-PAGE_ROWS),
      first: () => step(-Infinity),
      last: () => step(Infinity),
      out: () => (isArea && row.isOpen ? onToggle(row.name) : goTo(parentRow(rows, active))),
      in: () => (isArea && !row.isOpen ? onToggle(row.name) : step(isArea ? 1 : 0)),
      letter: () => goTo(rowByLetter(rows, active, event.key)),
    });
  };
  return (
    <div
      ref={scroller}
      className={styles["tree"]}
      role="tree"
      aria-label="Areas and cameras"
      tabIndex={0}
      aria-activedescendant={`${treeId}-${active}`}
      onKeyDown={press}
    >
      <div role="presentation" style={{ height: virtual.getTotalSize(), position: "relative" }}>
        {virtual.getVirtualItems().map(({ index, start }) => (
          <AreaTreeRow
            key={rows[index]!.id}
            id={`${treeId}-${index}`}
            row={rows[index]!}
            topPx={start}
            isActive={index === active && chosen !== null}
            dragKind={cameraDragKind}
            siteTimeZone={siteTimeZone}
            onPick={pick}
            onAct={act}
          />
        ))}
      </div>
    </div>
  );
}

/** Stays the same function while rows change, so that those in sight are not drawn anew. */
function usePick(rows: readonly AreaRow[], onChosen: (chosen: ChosenRow) => void) {
  const latest = useRef(rows);
  useEffect(() => {
    latest.current = rows;
  });
  return useCallback(
    (row: AreaRow) => onChosen({ id: row.id, index: latest.current.indexOf(row) }),
    [onChosen],
  );
}

/** The row of the keyboard, and where it stood. */
interface ChosenRow {
  readonly id: string;
  readonly index: number;
}

/** A row that is gone leaves its place to the one that stands there now. */
function activeRow(rows: readonly AreaRow[], chosen: ChosenRow | null): number {
  const index = rows.findIndex(({ id }) => id === chosen?.id);
  return index >= 0 ? index : Math.min(chosen?.index ?? 0, rows.length - 1);
}
