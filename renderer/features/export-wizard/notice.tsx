import type { ReactNode } from "react";
import { classNames } from "#design-system/components/class-names.ts";
import { Icon } from "#design-system/icons/icon.tsx";
import styles from "./notice.module.css";

interface NoticeProps {
  readonly tone: "info" | "danger";
  readonly children: ReactNode;
}

/** A sentence that is spoken when it appears: a refusal at once, anything else when there is time. */
export function Notice({ tone, children }: NoticeProps) {
  return (
    <div role={tone === "danger" ? "alert" : "status"} className={classNames(styles["notice"], styles[tone])}>
      <Icon name={tone === "danger" ? "warning" : "info"} size={14} />
      <div>{children}</div>
    </div>
  );
}
