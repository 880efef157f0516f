import type { WebFrames } from "#shared/web-api/web-api.ts";
import type { HlsTimeline } from "./hls-timeline.ts";

/** So many on either side: half a minute of stepping with a key held down. */
const MOST_ON_A_SIDE = 250;

/**
 * When the frames around a position begin, so that a step is one frame where frames are not evenly apart: rates change,
 * cameras drop frames, footage is missing.
 * @param aroundS seconds from the first shown frame
 */
export function framesAround(hls: HlsTimeline, aroundS: number): WebFrames {
  const { mediaSegments } = hls;
  const middle = Math.max(
    0,
    mediaSegments.findLastIndex(({ mediaStartS }) => mediaStartS <= aroundS),
  );
  // Frames near a media segment's ends may be decoded with its neighbours.
  const [from, to] = [Math.max(0, middle - 1), Math.min(mediaSegments.length, middle + 2)];
  const times = mediaSegments
    .slice(from, to)
    .flatMap((mediaSegment) => hls.shownTimesS(mediaSegment))
    .toSorted((a, b) => a - b);
  const place = times.findLastIndex((startS) => startS <= aroundS);
  const [first, last] = [Math.max(0, place - MOST_ON_A_SIDE), place + MOST_ON_A_SIDE];
  return {
    startsS: times.slice(first, last),
    isFromFirst: from === 0 && first === 0,
    isToLast: to === mediaSegments.length && last >= times.length,
  };
}
