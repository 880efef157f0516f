import fc from "fast-check";
import { describe, expect, it } from "vitest";
import {
  clockMediaSegments,
  footageBefore,
  instantAtMedia,
  lastInstant,
  mediaAtInstant,
  nextFootage,
  PARSED_PLAYLIST_TYPE,
  parsedPlaylistSource,
} from "./playback-playlist.ts";

const NINE = Date.UTC(2026, 10, 23, 9);
/** Two media segments from 09:00:00, a hole, and one from 09:01:00. */
const PLAYLIST = [
  "#EXTM3U",
  "#EXT-X-VERSION:7",
  "#EXT-X-TARGETDURATION:4",
  "#EXT-X-DISCONTINUITY-SEQUENCE:0",
  '#EXT-X-MAP:URI="segments/a/init.mp4"',
  "#EXT-X-PROGRAM-DATE-TIME:2026-11-23T09:00:00.000Z",
  "#EXTINF:4.000000,",
  "segments/a/0.m4s",
  "#EXTINF:3.500000,",
  "segments/a/1.m4s",
  "#EXT-X-DISCONTINUITY",
  '#EXT-X-MAP:URI="segments/b/init.mp4"',
  "#EXT-X-PROGRAM-DATE-TIME:2026-11-23T09:01:00.000Z",
  "#EXTINF:4.000000,",
  "segments/b/0.m4s",
  "#EXT-X-ENDLIST",
  "",
].join("\n");
const mediaSegments = clockMediaSegments(PLAYLIST);

describe("a playlist of footage", () => {
  it("stands on the wall clock, hole included", () => {
    expect(mediaSegments.map(({ startUtcMs }) => startUtcMs - NINE)).toEqual([0, 4_000, 60_000]);
    expect(lastInstant(mediaSegments)).toBe(NINE + 64_000);
    expect(instantAtMedia(mediaSegments, 7.5)).toBe(NINE + 60_000);
    expect(mediaAtInstant(mediaSegments, NINE + 30_000)).toBeNull();
    expect(nextFootage(mediaSegments, NINE + 30_000)).toBe(NINE + 60_000);
    expect(nextFootage(mediaSegments, NINE + 64_000)).toBeNull();
    expect(footageBefore(mediaSegments, NINE + 30_000)).toBe(NINE + 7_499);
    expect(footageBefore(mediaSegments, NINE - 1)).toBeNull();
  });

  it("shows at a media time the instant that it was asked for", () => {
    fc.assert(
      fc.property(fc.integer({ min: 0, max: 11_499 }), (milliseconds) => {
        const utcMs = instantAtMedia(mediaSegments, milliseconds / 1000)!;
        expect(mediaAtInstant(mediaSegments, utcMs)!).toBeCloseTo(milliseconds / 1000, 6);
      }),
    );
  });

  it("becomes a source that starts where it was asked, with its breaks and absolute addresses", () => {
    const source = parsedPlaylistSource(
      PLAYLIST,
      "http://127.0.0.1:1/cameras/c/playlist.m3u8?from=1&to=2",
      5.25,
    );
    expect(source.startsWith(`data:${PARSED_PLAYLIST_TYPE},`)).toBe(true);
    const parsed = JSON.parse(source.slice(source.indexOf(",") + 1));
    const base = "http://127.0.0.1:1/cameras/c/segments";
    expect(parsed).toMatchObject({
      start: { timeOffset: 5.25 },
      discontinuityStarts: [2],
      targetDuration: 4,
    });
    expect(parsed.segments).toEqual([
      { uri: `${base}/a/0.m4s`, duration: 4, timeline: 0, map: { uri: `${base}/a/init.mp4` } },
      { uri: `${base}/a/1.m4s`, duration: 3.5, timeline: 0, map: { uri: `${base}/a/init.mp4` } },
      {
        uri: `${base}/b/0.m4s`,
        duration: 4,
        timeline: 1,
        map: { uri: `${base}/b/init.mp4` },
        discontinuity: true,
      },
    ]);
  });
});
