import type { ReactNode } from "react";
import { BusyRing } from "./busy-ring.tsx";
import { classNames } from "./class-names.ts";
import styles from "./message.module.css";

interface MessageProps {
  readonly title: string;
  readonly tone?: "plain" | "problem";
  /** Something is going on: a turning ring, and screen readers are told of changes. */
  readonly busy?: boolean;
  readonly children?: ReactNode;
}

/** A sentence in place of a page's content: loading, nothing found, or what went wrong and what to do. */
export function Message({ title, tone = "plain", busy = false, children }: MessageProps) {
  return (
    <div
      className={classNames(styles["message"], styles[tone])}
      role={tone === "problem" ? "alert" : "status"}
    >
      {busy && <BusyRing />}
      <p className={styles["title"]}>{title}</p>
      {children}
    </div>
  );
}
