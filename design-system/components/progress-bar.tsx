import { ProgressBar as AriaProgressBar } from "react-aria-components";
import { classNames } from "./class-names.ts";
import styles from "./progress-bar.module.css";

interface ProgressBarProps {
  readonly label: string;
  /** 0 to 1, or null while the end is not known. */
  readonly value: number | null;
  /** What is spoken, e.g. "1.2 GB of 4 GB". */
  readonly valueText?: string;
  readonly tone?: "accent" | "danger" | "success" | "warning";
}

export function ProgressBar({ label, value, valueText, tone = "accent" }: ProgressBarProps) {
  return (
    <AriaProgressBar
      aria-label={label}
      className={styles["track"]!}
      isIndeterminate={value === null}
      minValue={0}
      maxValue={1}
      {...(value === null ? {} : { value })}
      {...(valueText === undefined ? {} : { valueLabel: valueText })}
    >
      <div
        className={classNames(styles["bar"], styles[tone], value === null && styles["unknown"])}
        style={{ width: value === null ? "30%" : `${Math.min(1, Math.max(0, value)) * 100}%` }}
      />
    </AriaProgressBar>
  );
}
