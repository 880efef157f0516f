import type { Failure } from "#shared/domain/failure.ts";
import styles from "./settings.module.css";

/** What became of the last thing asked for: a failure with what to do about it, or a sentence. */
export type SettingNotice = { readonly failure: Failure } | { readonly done: string } | null;

export function NoticeMessage({ notice }: { readonly notice: SettingNotice }) {
  if (notice === null) return null;
  if ("done" in notice) {
    return (
      <p role="status" className={styles["done"]}>
        {notice.done}
      </p>
    );
  }
  return (
    <p ref={intoView} role="alert" className={styles["problem"]}>
      {notice.failure.message} {notice.failure.action}
    </p>
  );
}

/** A refusal below the edge of what scrolls would be read by nobody. */
function intoView(element: HTMLElement | null): void {
  element?.scrollIntoView({ block: "nearest" });
}
