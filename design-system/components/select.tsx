import {
  Button,
  FieldError,
  Label,
  ListBox,
  ListBoxItem,
  Popover,
  Select as AriaSelect,
  SelectValue,
} from "react-aria-components";
import { classNames } from "./class-names.ts";
import fieldStyles from "./field.module.css";
import { Icon } from "../icons/icon.tsx";
import styles from "./list.module.css";

export interface SelectOption {
  readonly id: string;
  readonly name: string;
}

interface SelectProps {
  readonly label: string;
  readonly isLabelHidden?: boolean;
  readonly options: readonly SelectOption[];
  /** The chosen option's id, or null for none. */
  readonly value: string | null;
  readonly onChange: (id: string) => void;
  readonly placeholder?: string;
  readonly isRequired?: boolean;
  readonly isDisabled?: boolean;
  readonly errorMessage?: string | null | undefined;
}

export function Select(props: SelectProps) {
  const { label, isLabelHidden = false, options, value, onChange, errorMessage } = props;
  const labelLook = isLabelHidden ? fieldStyles["hiddenLabel"] : fieldStyles["label"];
  return (
    <AriaSelect
      className={fieldStyles["field"]!}
      value={value}
      onChange={(key) => {
        if (key !== null) onChange(String(key));
      }}
      placeholder={props.placeholder ?? "Select…"}
      isRequired={props.isRequired ?? false}
      isDisabled={props.isDisabled ?? false}
      isInvalid={Boolean(errorMessage)}
      validationBehavior="aria"
    >
      <Label className={classNames(labelLook, props.isRequired === true && fieldStyles["required"])}>
        {label}
      </Label>
      <Button
        className={classNames(
          fieldStyles["control"],
          styles["trigger"],
          errorMessage && fieldStyles["invalid"],
        )}
      >
        <SelectValue className={styles["value"]!} />
        <Icon name="chevron-down" size={13} />
      </Button>
      <FieldError className={fieldStyles["error"]!}>{errorMessage}</FieldError>
      <Popover className={styles["popup"]!} offset={3}>
        <ListBox className={styles["list"]!} items={options}>
          {(option) => <ListBoxItem className={styles["item"]!}>{option.name}</ListBoxItem>}
        </ListBox>
      </Popover>
    </AriaSelect>
  );
}
