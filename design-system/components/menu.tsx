import { useRef } from "react";
import { Menu, MenuItem, MenuTrigger, Popover, Separator, Text } from "react-aria-components";
import { Button } from "./button.tsx";
import { classNames } from "./class-names.ts";
import { Icon, type IconName } from "../icons/icon.tsx";
import styles from "./list.module.css";

export interface MenuEntry {
  readonly id: string;
  readonly label: string;
  readonly icon?: IconName;
  /** Shown at the right; pressing it is the business of who owns the menu. */
  readonly keys?: string;
  readonly isDanger?: boolean;
  readonly isDisabled?: boolean;
  /** A line above this entry. */
  readonly startsGroup?: boolean;
  readonly onAction: () => void;
}

interface MenuEntriesProps {
  readonly label: string;
  readonly entries: readonly MenuEntry[];
  readonly columns?: 1 | 2;
}

function MenuEntries({ label, entries, columns = 1 }: MenuEntriesProps) {
  return (
    <Menu
      aria-label={label}
      className={classNames(styles["menu"], columns === 2 && styles["twoColumns"])}
      autoFocus="first"
    >
      {entries.flatMap((entry) => [
        ...(entry.startsGroup === true
          ? [<Separator key={`above ${entry.id}`} className={styles["separator"]!} />]
          : []),
        <MenuItem
          key={entry.id}
          id={entry.id}
          textValue={entry.label}
          aria-label={entry.label}
          isDisabled={entry.isDisabled ?? false}
          onAction={entry.onAction}
          className={classNames(styles["item"], entry.isDanger === true && styles["danger"])}
        >
          {entry.icon !== undefined && <Icon name={entry.icon} />}
          <Text slot="label" className={styles["grow"]!}>
            {entry.label}
          </Text>
          {entry.keys !== undefined && <span className={styles["key"]} data-keys={entry.keys} />}
        </MenuItem>,
      ])}
    </Menu>
  );
}

interface MenuButtonProps {
  /** What the button shows. */
  readonly text: string;
  /** Name of the button and of the menu. */
  readonly label: string;
  readonly icon?: IconName;
  readonly size?: "medium" | "small";
  readonly entries: readonly MenuEntry[];
  /** Two columns are filled row by row. */
  readonly columns?: 1 | 2;
}

export function MenuButton({ text, label, icon, size = "medium", entries, columns = 1 }: MenuButtonProps) {
  return (
    <MenuTrigger>
      <Button variant="quiet" size={size} aria-label={label} {...(icon === undefined ? {} : { icon })}>
        {text}
      </Button>
      <Popover className={styles["popup"]!} offset={3}>
        <MenuEntries label={label} entries={entries} columns={columns} />
      </Popover>
    </MenuTrigger>
  );
}

interface ContextMenuProps {
  readonly label: string;
  /** Where it opens, in pixels of the window; null while it is closed. */
  readonly at: { readonly x: number; readonly y: number } | null;
  readonly entries: readonly MenuEntry[];
  readonly onClose: () => void;
}

/** A menu at a point of the window, in HTML so that scripts can drive it. */
export function ContextMenu({ label, at, entries, onClose }: ContextMenuProps) {
  const anchor = useRef<HTMLSpanElement>(null);
  if (at === null) return null;
  return (
    <>
      <span ref={anchor} style={{ position: "fixed", left: at.x, top: at.y, width: 1, height: 1 }} />
      <Popover
        className={styles["popup"]!}
        triggerRef={anchor}
        isOpen
        onOpenChange={(isOpen) => !isOpen && onClose()}
        placement="bottom start"
        offset={0}
        aria-label={label}
      >
        <MenuEntries
          label={label}
          entries={entries.map((entry) => ({
            ...entry,
            onAction: () => {
              onClose();
              entry.onAction();
            },
          }))}
        />
      </Popover>
    </>
  );
}
