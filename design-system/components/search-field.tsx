import {
  Button,
  Input,
  Label,
  SearchField as AriaSearchField,
  type SearchFieldProps as AriaSearchFieldProps,
} from "react-aria-components";
import { actionOf, SEARCH_KEYS } from "#shared/page/keys.ts";
import { classNames } from "./class-names.ts";
import styles from "./field.module.css";
import { Icon } from "../icons/icon.tsx";

interface SearchFieldProps extends Omit<
  AriaSearchFieldProps,
  "children" | "className" | "style" | "onKeyDown"
> {
  /** Spoken, not shown; the placeholder shows what is searched. */
  readonly label: string;
  readonly placeholder?: string;
  /** ArrowDown: into the list of what was found, wherever one is searched. */
  readonly onEnterList: () => void;
}

export function SearchField({ label, placeholder, onEnterList, ...rest }: SearchFieldProps) {
  return (
    <AriaSearchField
      {...rest}
      className={classNames(styles["field"], styles["search"])}
      onKeyDown={(event) => {
        if (actionOf(SEARCH_KEYS, event) !== null) onEnterList();
        // The library keeps a key for whoever listens, and Escape would close nothing around the search any more.
        else event.continuePropagation();
      }}
    >
      <Label className={styles["hiddenLabel"]!}>{label}</Label>
      <Icon name="search" size={14} />
      <Input className={styles["control"]!} placeholder={placeholder ?? label} />
      <Button className={styles["clear"]!} aria-label="Clear the search">
        <Icon name="close" size={13} />
      </Button>
    </AriaSearchField>
  );
}

/** The focus to the first entry of a list that can be chosen, to the list itself where there is none. */
export function enterList(list: HTMLElement | null): void {
  const option = list?.querySelector<HTMLElement>("[role=option]:not([aria-disabled=true])");
  (option ?? list)?.focus();
}
