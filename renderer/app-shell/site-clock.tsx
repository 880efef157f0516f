import { useEffect, useState } from "react";
import { formatDate, formatOffset, formatTime } from "#shared/words/instants.ts";
import styles from "./top-bar.module.css";

/** The time at the site, which is not always the time of this machine. */
export function SiteClock({ zone }: { readonly zone: string }) {
  const [now, setNow] = useState(Date.now);
  useEffect(() => {
    const timer = setInterval(() => setNow(Date.now()), 1_000);
    return () => clearInterval(timer);
  }, []);
  return (
    <time className={styles["clock"]} aria-label="Time at the site">
      <span>{formatDate(now, zone)}</span>
      <strong>{formatTime(now, zone)}</strong>
      <span>{formatOffset(now, zone)}</span>
    </time>
  );
}
