/** Pictures that are looked at; among so many, two stand next to each other. */
const PICTURES = 12;

/** Pictures that are left out make distances longer, a clock that is put right shorter. */
const USUAL = 0.25;

/**
 * Measures the distance between the first pictures that a video shows: the length of a frame.
 * @param onMeasured takes milliseconds, once; never called for a video that shows no two pictures
 */
export function measureFrameLength(video: HTMLVideoElement, onMeasured: (ms: number) => void): void {
  let before: number | null = null;
  const distances: number[] = [];
  let left = PICTURES;
  const measure = (_now: number, { mediaTime }: { readonly mediaTime: number }) => {
    const seconds = before === null ? 0 : mediaTime - before;
    if (seconds > 0.005 && seconds < 0.5) distances.push(seconds);
    before = mediaTime;
    left -= 1;
    if (left > 0) video.requestVideoFrameCallback(measure);
    else if (distances.length > 0) onMeasured(usual(distances) * 1000);
  };
  video.requestVideoFrameCallback(measure);
}

const usual = (distances: readonly number[]): number =>
  distances.toSorted((a, b) => a - b)[Math.floor(distances.length * USUAL)]!;
