import type { FrameDater } from "./frame-dater.ts";
import type { PresentationOrder } from "./presentation-order.ts";
import type { PictureClock } from "./sound-relation.ts";

/** How picture and sound begin. */
export interface Beginnings {
  readonly firstMediaUs: () => number | null;
  readonly soundLaterUs: () => number | null;
}

/** What sound is dated by: the picture as it is shown. @param hasSharedTimes times of the two can be compared */
export function shownClock(
  dater: FrameDater,
  order: PresentationOrder,
  hasSharedTimes: boolean,
  begin: Beginnings,
): PictureClock {
  const laterUs = (): number => order.shownUs(0, dater.pace);
  return {
    get pace() {
      return dater.pace;
    },
    get firstMediaUs() {
      return begin.firstMediaUs();
    },
    get soundLaterUs() {
      return begin.soundLaterUs();
    },
    get breaks() {
      return dater.breaks;
    },
    instantAt(mediaUs) {
      const decodedUs = hasSharedTimes ? dater.instantAt(mediaUs) : null;
      return decodedUs === null ? null : decodedUs + laterUs();
    },
    mediaAt: (instantUs) => dater.mediaAt(instantUs - laterUs()),
    comingAt: (arrivalUs) => dater.comingAt(arrivalUs),
  };
}
