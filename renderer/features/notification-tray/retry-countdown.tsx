import { useEffect, useState } from "react";
import { formatDuration } from "#shared/words/durations.ts";
import { mainSteadyNow } from "../../main-process-client/steady-clock.ts";
import styles from "./export-card.module.css";

const TICK_MS = 1_000;

/** @param nextRetryAtMs by the clock of the main process that only goes forward */
export function RetryCountdown({ nextRetryAtMs }: { readonly nextRetryAtMs: number }) {
  useTick();
  const leftMs = nextRetryAtMs - mainSteadyNow();
  const wholeSecondsMs = Math.ceil(leftMs / TICK_MS) * TICK_MS;
  return (
    <p className={styles["countdown"]}>
      {leftMs > 0 ? `Next attempt in ${formatDuration(wholeSecondsMs)}` : "Trying again now"}
    </p>
  );
}

/** Draws again every second. */
function useTick(): void {
  const [, setTicks] = useState(0);
  useEffect(() => {
    const timer = setInterval(() => setTicks((ticks) => ticks + 1), TICK_MS);
    return () => clearInterval(timer);
  }, []);
}
