import type { ReactNode, Ref } from "react";
import {
  FieldError,
  Input,
  Label,
  Text,
  TextArea as AriaTextArea,
  TextField as AriaTextField,
  type TextFieldProps as AriaTextFieldProps,
} from "react-aria-components";
import { classNames } from "./class-names.ts";
import styles from "./field.module.css";

export interface TextFieldProps extends Omit<
  AriaTextFieldProps,
  "children" | "className" | "style" | "isInvalid"
> {
  readonly label: string;
  /** The label is only spoken, e.g. in a table whose column head shows it. */
  readonly isLabelHidden?: boolean;
  readonly description?: ReactNode;
  /** Why the value is refused; nothing while it is fine. */
  readonly errorMessage?: string | null | undefined;
  readonly placeholder?: string;
  readonly inputRef?: Ref<HTMLInputElement>;
}

export function TextField(props: TextFieldProps) {
  const { placeholder, inputRef, ...rest } = props;
  return (
    <FieldFrame {...rest}>
      <Input dir="auto" className={styles["control"]!} placeholder={placeholder} ref={inputRef} />
    </FieldFrame>
  );
}

export interface TextAreaProps extends Omit<TextFieldProps, "inputRef"> {
  readonly rows?: number;
}

export function TextArea({ placeholder, rows = 3, ...rest }: TextAreaProps) {
  return (
    <FieldFrame {...rest}>
      <AriaTextArea
        dir="auto"
        className={classNames(styles["control"], styles["area"])}
        placeholder={placeholder}
        rows={rows}
      />
    </FieldFrame>
  );
}

function FieldFrame(
  props: Omit<TextFieldProps, "placeholder" | "inputRef"> & { readonly children: ReactNode },
) {
  const { label, isLabelHidden = false, description, errorMessage, children, ...rest } = props;
  const labelLook = isLabelHidden ? styles["hiddenLabel"] : styles["label"];
  return (
    <AriaTextField
      // A browser keeps what was typed in its own files, for the next time: addresses with passwords, pasted keys.
      autoComplete="off"
      {...rest}
      isInvalid={Boolean(errorMessage)}
      validationBehavior="aria"
      className={styles["field"]!}
    >
      <Label className={classNames(labelLook, rest.isRequired === true && styles["required"])}>{label}</Label>
      {children}
      {description !== undefined && (
        <Text slot="description" className={styles["hint"]!}>
          {description}
        </Text>
      )}
      <FieldError className={styles["error"]!}>{errorMessage}</FieldError>
    </AriaTextField>
  );
}
