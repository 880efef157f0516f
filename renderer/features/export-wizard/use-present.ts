import { useEffect, useState } from "react";
import { SECOND_MS } from "#shared/domain/time-range.ts";
import { archiveNow } from "../../main-process-client/holdings.ts";

/** The archive's present, milliseconds UTC; it moves on while the wizard is open. */
export function usePresent(): number {
  const [nowUtcMs, setNow] = useState(archiveNow);
  useEffect(() => {
    const timer = setInterval(() => setNow(archiveNow()), SECOND_MS);
    return () => clearInterval(timer);
  }, []);
  return nowUtcMs;
}
