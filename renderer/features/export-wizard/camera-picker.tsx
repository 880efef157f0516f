import { bidiIsolated } from "#shared/domain/names.ts";
import type { Camera } from "#shared/domain/camera.ts";
import type { FocusEvent, ReactNode, Ref } from "react";
import { ListBox, ListBoxItem, ListLayout, Virtualizer, type Selection } from "react-aria-components";
import { TickBox } from "#design-system/components/tick-box.tsx";
import { enterList } from "#design-system/components/search-field.tsx";
import styles from "./camera-picker.module.css";

interface CameraPickerProps {
  readonly cameras: readonly Camera[];
  readonly pickedIds: ReadonlySet<string>;
  /** Shown as picked, and nobody can change it. */
  readonly fixedIds: ReadonlySet<string>;
  readonly onPick: (ids: ReadonlySet<string>) => void;
  readonly children: (camera: Camera) => ReactNode;
  readonly ref: Ref<HTMLDivElement>;
}

/** Of a row on one line; a long name takes more. */
const ROW_HEIGHT_PX = 30;

/**
 * The library goes to the first camera that is checked, and where nobody can change that one, to none: the focus would
 * be on the list, where nobody sees it.
 */
function enterFromList({ target, currentTarget: list }: FocusEvent) {
  if (target !== list) return;
  requestAnimationFrame(() => {
    if (document.activeElement === list && list instanceof HTMLElement) enterList(list);
  });
}

/** A list of thousands of cameras with a check box each; Shift and the keyboard pick ranges. Escape is the dialog's. */
export function CameraPicker({ cameras, pickedIds, fixedIds, onPick, children, ref }: CameraPickerProps) {
  const pick = (selection: Selection) => {
    const ids = selection === "all" ? cameras.map(({ id }) => id) : [...selection].map(String);
    onPick(new Set(ids.filter((id) => !fixedIds.has(id))));
  };
  return (
    <Virtualizer layout={ListLayout} layoutOptions={{ estimatedRowHeight: ROW_HEIGHT_PX, padding: 4 }}>
      <ListBox
        ref={ref}
        aria-label="Cameras"
        className={styles["list"]!}
        items={cameras}
        dependencies={[children]}
        selectionMode="multiple"
        escapeKeyBehavior="none"
        onFocus={enterFromList}
        selectedKeys={[...pickedIds, ...fixedIds]}
        disabledKeys={fixedIds}
        onSelectionChange={pick}
        renderEmptyState={() => (
          <div className={styles["empty"]}>No camera has this in its name or area.</div>
        )}
      >
        {(camera) => (
          <ListBoxItem className={styles["item"]!} textValue={bidiIsolated(camera.name)}>
            <TickBox />
            {children(camera)}
          </ListBoxItem>
        )}
      </ListBox>
    </Virtualizer>
  );
}
