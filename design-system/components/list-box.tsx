import type { ReactNode, Ref } from "react";
import { ListBox as AriaListBox, ListBoxItem, type Selection } from "react-aria-components";
import { classNames } from "./class-names.ts";
import styles from "./list.module.css";
import { TickBox } from "./tick-box.tsx";

interface ListBoxProps<Item extends { readonly id: string }> {
  readonly label: string;
  readonly items: readonly Item[];
  /** The name by which an item is spoken and found when its first letters are typed. */
  readonly nameOf: (item: Item) => string;
  readonly children?: (item: Item) => ReactNode;
  readonly selectionMode?: "none" | "single" | "multiple";
  readonly selectedIds?: ReadonlySet<string>;
  readonly disabledIds?: readonly string[];
  readonly onSelect?: (ids: ReadonlySet<string>) => void;
  /** Double-click or Enter. */
  readonly onAction?: (id: string) => void;
  readonly emptyText?: string;
  readonly className?: string | undefined;
  readonly ref?: Ref<HTMLDivElement>;
}

/**
 * What is picked is picked by a press, Enter or Space: whoever goes through the list by Tab or arrows on the way to
 * something else picks nothing. Escape is left to what the list stands in: it closes a dialog, and takes nothing back.
 */
export function ListBox<Item extends { readonly id: string }>({ ref, ...props }: ListBoxProps<Item>) {
  const { items, nameOf, children = nameOf, selectionMode = "none", onAction } = props;
  const select = (selection: Selection) =>
    props.onSelect?.(
      selection === "all" ? new Set(items.map((item) => item.id)) : new Set([...selection].map(String)),
    );
  const hasBoxes = selectionMode === "multiple";
  return (
    <AriaListBox
      aria-label={props.label}
      ref={ref ?? null}
      className={classNames(styles["list"], props.className)}
      items={items}
      dependencies={[children, hasBoxes]}
      selectionMode={selectionMode}
      escapeKeyBehavior="none"
      selectionBehavior="toggle"
      disallowEmptySelection={selectionMode === "single"}
      selectedKeys={props.selectedIds ?? []}
      disabledKeys={props.disabledIds ?? []}
      onSelectionChange={select}
      {...(onAction === undefined ? {} : { onAction: (key) => onAction(String(key)) })}
      renderEmptyState={() => <div className={styles["empty"]}>{props.emptyText ?? "Nothing here."}</div>}
    >
      {(item) => (
        <ListBoxItem className={styles["item"]!} textValue={nameOf(item)}>
          {hasBoxes && <TickBox />}
          <div className={styles["grow"]}>{children(item)}</div>
        </ListBoxItem>
      )}
    </AriaListBox>
  );
}
