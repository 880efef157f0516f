import type { ReactNode } from "react";
import { Icon } from "#design-system/icons/icon.tsx";
import styles from "./coverage-bar.module.css";

/** What is to be known of a camera's range, and what can be done about it. */
export function Warning({ text, children }: { readonly text: string; readonly children?: ReactNode }) {
  return (
    <span className={styles["warning"]}>
      <Icon name="warning" size={12} />
      <span className={styles["warningText"]}>{text}</span>
      {children !== undefined && <span className={styles["answers"]}>{children}</span>}
    </span>
  );
}
