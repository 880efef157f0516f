import { expect, test } from "vitest";
import { lastingUntil, LIVE_FRAGMENT } from "#shared/archive-api/live-stream.ts";
import type { Track } from "#media/track.ts";
import { CameraFeed, FRAME_LENGTH_US, KEPT_MAX_BYTES, KEPT_MAX_FRAMES } from "./camera-feed.ts";

const sampleEntry = Buffer.alloc(86);
sampleEntry.writeUInt32BE(86);
sampleEntry.write("avc1", 4, "latin1");
const PICTURE: Track = {
  ...{ trackId: 1, handler: "vide", timescale: 90_000, codec: "avc1", width: 96, height: 64, sampleEntry },
};

const START_US = 1_790_000_000_000_000;
const FRAME_US = 100_000;

/** Feeds frames, a key frame each so many. */
function fed(frames: number, group: number, bytes = 10): CameraFeed {
  const feed = new CameraFeed(() => undefined);
  for (let frame = 0; frame < frames; frame++) {
    const instantUs = START_US + frame * FRAME_US;
    const dated = { instantUs, isSync: frame % group === 0, bytes: Buffer.alloc(bytes) };
    if (frame === 0) feed.begin(PICTURE, dated);
    feed.frame(dated);
  }
  return feed;
}

/** Numbers of all frames that a reader gets from here on. */
function readFrom(feed: CameraFeed, sequence: number): number[] {
  const read: number[] = [];
  for (let next = sequence; ;) {
    const frame = feed.frameFrom(next);
    if (frame === null) return read;
    read.push(frame.sequence);
    next = frame.sequence + 1;
  }
}

test("who comes gets everything since the newest key frame, at its instant", () => {
  const feed = fed(25, 10);
  expect(readFrom(feed, feed.joinSequence)).toEqual([21, 22, 23, 24, 25]);
  expect(feed.frameFrom(21)).toMatchObject({ isKey: true, shownUtcMs: (START_US + 20 * FRAME_US) / 1000 });
});

test("a fragment says when its frame is decoded and how long it lasts where viewers look for it", () => {
  const feed = fed(3, 10);
  const fragments = [1, 2].map((sequence) => {
    const { header, bytes } = feed.frameFrom(sequence)!;
    return Buffer.concat([header, bytes]);
  });
  const lengthUs = (bytes: Uint8Array): number => Buffer.from(bytes).readUInt32BE(LIVE_FRAGMENT.lengthAt);
  expect(lengthUs(fragments[0]!)).toBe(FRAME_LENGTH_US);
  expect(lengthUs(lastingUntil(fragments[0]!, fragments[1]!))).toBe(FRAME_US);
});

test("who is a little late misses nothing at a key frame, and who is far behind goes on at the newest", () => {
  const feed = fed(25, 10);
  expect(readFrom(feed, 18)).toEqual([18, 19, 20, 21, 22, 23, 24, 25]);
  expect(readFrom(feed, 3)).toEqual([21, 22, 23, 24, 25]);
});

test("of too many frames behind one key frame the key frame stays; a reader waits for the next one behind the hole", () => {
  const feed = fed(KEPT_MAX_FRAMES * 3, Infinity);
  expect(feed.keptBytes).toBeLessThanOrEqual((KEPT_MAX_FRAMES + 1) * 10);
  expect(readFrom(feed, feed.joinSequence)).toEqual([1]);
  // Who was there all along goes on.
  expect(readFrom(feed, KEPT_MAX_FRAMES * 3 - 2)).toHaveLength(3);
  const instantUs = START_US + KEPT_MAX_FRAMES * 3 * FRAME_US;
  feed.frame({ instantUs, isSync: true, bytes: Buffer.alloc(10) });
  expect(readFrom(feed, 2)).toEqual([KEPT_MAX_FRAMES * 3 + 1]);
});

test("what is kept is bounded in bytes, too", () => {
  const feed = fed(100, Infinity, 1024 * 1024);
  expect(feed.keptBytes).toBeLessThanOrEqual(KEPT_MAX_BYTES + 1024 * 1024);
  expect(readFrom(feed, 100)).toEqual([100]);
});

test("frames that are decoded in another order than shown keep both orders", () => {
  const feed = new CameraFeed(() => undefined);
  const shown = [0, 3, 1, 2, 6, 4, 5];
  const frames = shown.map((place, at) => ({
    ...{ instantUs: START_US + place * FRAME_US, decodeUs: START_US + at * FRAME_US },
    ...{ isSync: at === 0, bytes: Buffer.alloc(4) },
  }));
  feed.begin(PICTURE, frames[0]!);
  for (const frame of frames) feed.frame(frame);
  const shownMs = shown.map((_, at) => feed.frameFrom(at + 1)!.shownUtcMs - START_US / 1000);
  expect(shownMs).toEqual(shown.map((place) => place * 100));
});

test("a camera that has gone leaves nothing that could be taken for live", () => {
  const feed = fed(5, 10);
  feed.end();
  expect([feed.start, feed.frameFrom(1), feed.keptBytes]).toEqual([null, null, 0]);
});
