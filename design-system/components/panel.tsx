import { useId, type ReactNode } from "react";
import styles from "./panel.module.css";

interface PanelProps {
  readonly title: string;
  /** Stands right of the title. */
  readonly aside?: ReactNode;
  readonly children: ReactNode;
}

/** A titled part of a page; a region for screen readers. */
export function Panel({ title, aside, children }: PanelProps) {
  const id = useId();
  return (
    <section className={styles["panel"]} aria-labelledby={id}>
      <header className={styles["header"]}>
        <h2 id={id} className={styles["title"]}>
          {title}
        </h2>
        {aside}
      </header>
      {children}
    </section>
  );
}
