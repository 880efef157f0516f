import { expect, it } from "vitest";
import type { ClockedMediaSegment } from "./archive-video/playback-playlist.ts";
import { ShownFrame } from "./shown-frame.ts";

type Drawn = (now: number, frame: { readonly mediaTime: number }) => void;

/** A video that draws when it is told to. */
class ModelVideo {
  drawn: Drawn | null = null;
  requestVideoFrameCallback(drawn: Drawn): number {
    this.drawn = drawn;
    return 1;
  }
  cancelVideoFrameCallback(): void {
    this.drawn = null;
  }
  draw(mediaTime: number): void {
    this.drawn?.(0, { mediaTime });
  }
}

const mediaSegment = (index: number): ClockedMediaSegment => ({
  ...{ mediaSeconds: index * 4, seconds: 4, startUtcMs: 1_000_000 + index * 10_000 },
});

function followed(initial: readonly ClockedMediaSegment[]) {
  const video = new ModelVideo();
  const open = { mediaSegments: initial, reads: 0 };
  const frame = new ShownFrame(video as unknown as HTMLVideoElement, () => {
    open.reads += 1;
    return open.mediaSegments;
  });
  return { video, frame, open };
}

it("is the recorded instant of the frame that was drawn last, across breaks of the recording", () => {
  const { video, frame, open } = followed([mediaSegment(0), mediaSegment(1)]);
  expect(frame.utcMs).toBeNull();
  video.draw(3.9);
  expect(frame.utcMs).toBe(1_003_900);
  video.draw(4);
  expect(frame.utcMs).toBe(1_010_000);
  for (let drawn = 0; drawn < 30; drawn += 1) video.draw(4 + drawn / 10);
  expect(open.reads).toBe(2);
});

it("takes the first frame of a media segment for its own, though its place is a sum of rounded lengths", () => {
  const { video, frame } = followed([mediaSegment(0), mediaSegment(1)]);
  video.draw(3.999_99);
  expect(frame.utcMs).toBeCloseTo(1_010_000, 0);
});

it("stays what it is while the picture stands still and the playlist goes on without it", () => {
  const { video, frame, open } = followed([mediaSegment(0)]);
  video.draw(2);
  open.mediaSegments = [mediaSegment(7), mediaSegment(8)];
  expect(frame.utcMs).toBe(1_002_000);
});

it("is nothing once another source is opened, until that has drawn one", () => {
  const { video, frame, open } = followed([mediaSegment(0)]);
  video.draw(2);
  frame.forget();
  expect(frame.utcMs).toBeNull();
  open.mediaSegments = [{ mediaSeconds: 0, seconds: 4, startUtcMs: 5_000_000 }];
  video.draw(2);
  expect(frame.utcMs).toBe(5_002_000);
});
