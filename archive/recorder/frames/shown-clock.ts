import type { FrameDater } from "./frame-dater.ts";
import type { PresentationOrder } from "./presentation-order.ts";
import type { PictureClock } from "./sound-relation.ts";

/** How the times of picture and sound go together. */
export interface PictureBesideSound {
  /** Times of the two can be compared. */
  readonly hasSharedTimes: boolean;
  readonly firstMediaUs: () => number | null;
  readonly soundLaterUs: () => number | null;
}

/** What sound is dated by: the picture as it is shown. */
export function shownClock(
  dater: FrameDater,
  order: PresentationOrder,
  beside: PictureBesideSound,
): PictureClock {
  const laterUs = (): number => order.shownUs(0, dater.pace);
  return {
    get pace() {
      return dater.pace;
    },
    get firstMediaUs() {
      return beside.firstMediaUs();
    },
    get soundLaterUs() {
      return beside.soundLaterUs();
    },
    get breaks() {
      return dater.breaks;
    },
    instantAt(mediaUs) {
      const decodedUs = beside.hasSharedTimes ? dater.instantAt(mediaUs) : null;
      return decodedUs === null ? null : decodedUs + laterUs();
    },
    mediaAt: (instantUs) => dater.mediaAt(instantUs - laterUs()),
    comingAt: (arrivalUs) => dater.comingAt(arrivalUs),
  };
}
