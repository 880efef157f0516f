import type { ReactNode } from "react";
import { classNames } from "./class-names.ts";
import styles from "./facts.module.css";
import { Name } from "./name.tsx";
import { NoValue } from "./text.tsx";

export interface Fact {
  readonly label: string;
  /** Shown as a dash when empty; a text may be anybody's and keeps to itself. */
  readonly value: ReactNode;
}

interface FactsProps {
  readonly facts: readonly Fact[];
  /** In as many columns as there is room for. */
  readonly isAcross?: boolean;
}

/** Labels with their values, aligned in two columns. */
export function Facts({ facts, isAcross = false }: FactsProps) {
  return (
    <dl className={classNames(styles["facts"], isAcross && styles["across"])}>
      {facts.map(({ label, value }, place) => (
        <div key={`${place} ${label}`} className={styles["fact"]}>
          <dt className={styles["label"]}>
            <Name>{label}</Name>
          </dt>
          <dd className={styles["value"]}>{shown(value)}</dd>
        </div>
      ))}
    </dl>
  );
}

function shown(value: ReactNode): ReactNode {
  if (value === "" || value === null) return <NoValue />;
  return typeof value === "string" ? <Name mayBreak>{value}</Name> : value;
}
