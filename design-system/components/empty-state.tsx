import type { ReactNode } from "react";
import styles from "./empty-state.module.css";
import { Icon, type IconName } from "../icons/icon.tsx";

interface EmptyStateProps {
  readonly icon: IconName;
  readonly title: string;
  /** What can be done about it. */
  readonly children?: ReactNode;
}

export function EmptyState({ icon, title, children }: EmptyStateProps) {
  return (
    <div className={styles["empty"]}>
      <Icon name={icon} size={26} />
      <p className={styles["title"]}>{title}</p>
      {children}
    </div>
  );
}
