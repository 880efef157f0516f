import type { ReactNode } from "react";
import { classNames } from "./class-names.ts";
import styles from "./text.module.css";

interface TextProps {
  readonly children: ReactNode;
}

/** What is read digit by digit: an identifier, a checksum, a path. */
export function Mono({ children }: TextProps) {
  return <span className={styles["mono"]}>{children}</span>;
}

/** Beside what matters: a count, a hint. */
export function Quiet({ children }: TextProps) {
  return <span className={styles["quiet"]}>{children}</span>;
}

/** In place of a value that there is not. */
export function NoValue() {
  return <Quiet>–</Quiet>;
}

interface StatusTextProps extends TextProps {
  readonly tone: "quiet" | "danger";
}

/** A sentence that is spoken when it changes. */
export function StatusText({ tone, children }: StatusTextProps) {
  return (
    <span role="status" className={classNames(styles["status"], styles[tone])}>
      {children}
    </span>
  );
}
