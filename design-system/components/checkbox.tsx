import type { ReactNode } from "react";
import { Checkbox as AriaCheckbox, type CheckboxProps as AriaCheckboxProps } from "react-aria-components";
import styles from "./choice.module.css";
import { classNames } from "./class-names.ts";
import { Icon } from "../icons/icon.tsx";

interface CheckboxProps extends Omit<AriaCheckboxProps, "children" | "className" | "style"> {
  readonly children?: ReactNode;
}

export function Checkbox({ children, ...rest }: CheckboxProps) {
  return (
    <AriaCheckbox {...rest} className={styles["choice"]!}>
      <span className={classNames(styles["mark"], styles["square"])}>
        <Icon name="check" size={12} />
      </span>
      {children !== undefined && <span>{children}</span>}
    </AriaCheckbox>
  );
}
