import {
  Button,
  Input,
  Label,
  SearchField as AriaSearchField,
  type SearchFieldProps as AriaSearchFieldProps,
} from "react-aria-components";
import { classNames } from "./class-names.ts";
import styles from "./field.module.css";
import { Icon } from "./icon.tsx";

interface SearchFieldProps extends Omit<AriaSearchFieldProps, "children" | "className" | "style"> {
  /** Spoken, not shown; the placeholder shows what is searched. */
  readonly label: string;
  readonly placeholder?: string;
}

export function SearchField({ label, placeholder, ...rest }: SearchFieldProps) {
  return (
    <AriaSearchField {...rest} className={classNames(styles["field"], styles["search"])}>
      <Label className={styles["hiddenLabel"]!}>{label}</Label>
      <Icon name="search" size={14} />
      <Input className={styles["control"]!} placeholder={placeholder ?? label} />
      <Button className={styles["clear"]!} aria-label="Clear the search">
        <Icon name="close" size={13} />
      </Button>
    </AriaSearchField>
  );
}
