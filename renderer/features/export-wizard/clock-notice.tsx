import { clocksDiffer } from "#shared/domain/clock-difference.ts";
import { differenceInWords } from "#shared/words/clock-difference.ts";
import { useServiceClock } from "../../main-process-client/destination.ts";
import { Notice } from "./notice.tsx";

/** Said before Finish: footage carries this computer's time. */
export function ClockNotice() {
  const difference = useServiceClock().value;
  if (difference === undefined || difference === null || !clocksDiffer(difference)) return null;
  return (
    <Notice tone="info">
      Compared with the evidence service’s, this computer’s clock is {differenceInWords(difference)}. What is
      recorded here carries this computer’s time; the manifest tells the difference. Have the clock set if it
      is the one that is wrong.
    </Notice>
  );
}
