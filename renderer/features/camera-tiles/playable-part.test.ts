import { expect, it } from "vitest";
import { playablePart } from "./playable-part.ts";
import { clockMediaSegments, parsedPlaylistSource } from "./archive-video/playback-playlist.ts";

const START_UTC_MS = Date.UTC(2026, 10, 29, 13);
const AVC = "avc1.64001e";
const HEVC = "hvc1.1.6.L93.B0";
const isPlayable = (codec: string): boolean => codec.startsWith("avc1");

/** Sessions of ten seconds each, one after the other, as the archive writes them. */
function playlistOf(codecs: readonly (string | null)[]): string {
  const sessions = codecs.map((codec, at) =>
    [
      ...(codec === null ? [] : [`#EVIDENCE-DESK-CODEC:${codec}`]),
      ...(at === 0 ? [] : ["#EXT-X-DISCONTINUITY"]),
      `#EXT-X-MAP:URI="segments/${at}/init.mp4"`,
      `#EXT-X-PROGRAM-DATE-TIME:${new Date(START_UTC_MS + at * 10_000).toISOString()}`,
      ...["#EXTINF:10.000000,", `segments/${at}/0.m4s`, ""],
    ].join("\n"),
  );
  return `#EXTM3U\n#EXT-X-TARGETDURATION:10\n${sessions.join("")}#EXT-X-ENDLIST\n`;
}

function startsOf(playlist: string): number[] {
  return clockMediaSegments(playlist).map(({ startUtcMs }) => (startUtcMs - START_UTC_MS) / 1000);
}

function partAt(codecs: readonly (string | null)[], seconds: number) {
  const part = playablePart(playlistOf(codecs), START_UTC_MS + seconds * 1000, isPlayable);
  if (part.kind === "playable") return startsOf(part.playlist);
  return {
    codec: part.codec,
    nextS: part.nextUtcMs === null ? null : (part.nextUtcMs - START_UTC_MS) / 1000,
  };
}

it("where H.265 lies in the same piece and cannot be decoded, the H.264 beside it is given to the player alone", () => {
  const codecs = [HEVC, AVC, AVC, HEVC, AVC];
  expect(partAt(codecs, 12)).toEqual([10, 20]);
  expect(partAt(codecs, 29.9)).toEqual([10, 20]);
  expect(partAt(codecs, 40)).toEqual([40]);
  const part = playablePart(playlistOf(codecs), START_UTC_MS + 12_000, isPlayable);
  const source = part.kind === "playable" ? parsedPlaylistSource(part.playlist, "http://a.test/", 2) : "";
  expect(source).toContain("segments/1/init.mp4");
  expect(source).not.toMatch(/segments\/[034]\//);
  // What the target duration is stands in the head.
  expect(source).toContain('"targetDuration":10');
});

it("of what cannot be decoded itself is told what it is, and where pictures begin again", () => {
  expect(partAt([AVC, HEVC, HEVC, AVC], 15)).toEqual({ codec: HEVC, nextS: 30 });
  expect(partAt([AVC, HEVC], 15)).toEqual({ codec: HEVC, nextS: null });
});

it("what can be decoded is one, and so is what an archive does not tell of", () => {
  expect(partAt([AVC, AVC], 5)).toEqual([0, 10]);
  expect(partAt([null, null], 5)).toEqual([0, 10]);
  expect(playablePart(playlistOf([null]), START_UTC_MS, isPlayable)).toMatchObject({ isCodecKnown: false });
});
