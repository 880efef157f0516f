import type { Failure } from "#shared/domain/failure.ts";
import styles from "./settings.module.css";

/** What became of the last thing asked for: a failure with what to do about it, or a sentence. */
export type SettingOutcome = { readonly failure: Failure } | { readonly done: string } | null;

export function OutcomeMessage({ outcome }: { readonly outcome: SettingOutcome }) {
  if (outcome === null) return null;
  if ("done" in outcome) {
    return (
      <p role="status" className={styles["done"]}>
        {outcome.done}
      </p>
    );
  }
  return (
    <p ref={intoView} role="alert" className={styles["problem"]}>
      {outcome.failure.message} {outcome.failure.action}
    </p>
  );
}

/** A refusal below the edge of what scrolls would be read by nobody. */
function intoView(element: HTMLElement | null): void {
  element?.scrollIntoView({ block: "nearest" });
}
