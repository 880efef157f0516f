import fc from "fast-check";
import { describe, expect, it } from "vitest";
import {
  clockSegments,
  footageBefore,
  instantAtMedia,
  lastInstant,
  mediaAtInstant,
  nextFootage,
  playlistFromMemory,
} from "./playback-playlist.ts";

const NINE = Date.UTC(2026, 10, 23, 9);
/** Two segments from 09:00:00, a hole, and one from 09:01:00. */
const PLAYLIST = [
  "#EXTM3U",
  "#EXT-X-VERSION:7",
  '#EXT-X-MAP:URI="segments/a/init.mp4"',
  "#EXT-X-PROGRAM-DATE-TIME:2026-11-23T09:00:00.000Z",
  "#EXTINF:4.000000,",
  "segments/a/0.m4s",
  "#EXTINF:3.500000,",
  "segments/a/1.m4s",
  "#EXT-X-DISCONTINUITY",
  "#EXT-X-PROGRAM-DATE-TIME:2026-11-23T09:01:00.000Z",
  "#EXTINF:4.000000,",
  "segments/b/0.m4s",
  "#EXT-X-ENDLIST",
  "",
].join("\n");
const segments = clockSegments(PLAYLIST);

describe("a playlist of footage", () => {
  it("stands on the wall clock, hole included", () => {
    expect(segments.map(({ startUtcMs }) => startUtcMs - NINE)).toEqual([0, 4_000, 60_000]);
    expect(lastInstant(segments)).toBe(NINE + 64_000);
    expect(instantAtMedia(segments, 7.5)).toBe(NINE + 60_000);
    expect(mediaAtInstant(segments, NINE + 30_000)).toBeNull();
    expect(nextFootage(segments, NINE + 30_000)).toBe(NINE + 60_000);
    expect(nextFootage(segments, NINE + 64_000)).toBeNull();
    expect(footageBefore(segments, NINE + 30_000)).toBe(NINE + 7_499);
    expect(footageBefore(segments, NINE - 1)).toBeNull();
  });

  it("shows at a media time the instant that it was asked for", () => {
    fc.assert(
      fc.property(fc.integer({ min: 0, max: 11_499 }), (milliseconds) => {
        const utcMs = instantAtMedia(segments, milliseconds / 1000)!;
        expect(mediaAtInstant(segments, utcMs)!).toBeCloseTo(milliseconds / 1000, 6);
      }),
    );
  });

  it("taken from memory keeps its addresses and starts where it was asked", () => {
    const text = playlistFromMemory(PLAYLIST, "http://127.0.0.1:1/cameras/c/playlist.m3u8?from=1&to=2", 5.25);
    expect(text).toContain("#EXT-X-START:TIME-OFFSET=5.250,PRECISE=YES");
    expect(text).toContain('URI="http://127.0.0.1:1/cameras/c/segments/a/init.mp4"');
    expect(text).toContain("\nhttp://127.0.0.1:1/cameras/c/segments/b/0.m4s\n");
  });
});
