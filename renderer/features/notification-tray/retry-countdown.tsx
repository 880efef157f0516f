import { formatDuration } from "../../design-system/instant-format.ts";
import styles from "./export-card.module.css";
import { useNow } from "./use-now.ts";

const TICK_MS = 1_000;

export function RetryCountdown({ nextRetryUtcMs }: { readonly nextRetryUtcMs: number }) {
  const leftMs = nextRetryUtcMs - useNow(TICK_MS);
  const wholeSecondsMs = Math.ceil(leftMs / TICK_MS) * TICK_MS;
  return (
    <p className={styles["countdown"]}>
      {leftMs > 0 ? `Next attempt in ${formatDuration(wholeSecondsMs)}` : "Trying again now"}
    </p>
  );
}
