import { expect, test } from "vitest";
import type { FootageFileRow } from "../index/index-rows.ts";
import { playlist } from "./playlist.ts";

const START_US = Date.UTC(2026, 10, 23, 12) * 1000;

function footageFile(
  number: number,
  session: number,
  startSeconds: number,
  discontinuity: number,
): FootageFileRow {
  const startUs = START_US + startSeconds * 1_000_000;
  return {
    ...{ id: number, sessionId: session, sessionName: `000000000000${session}`, number, frameUs: 100_000 },
    ...{ startUs, endUs: startUs + 4_000_000, sizeBytes: 1, ordinal: session, arrivalUs: startUs },
    ...{ shownStartUs: startUs, shownEndUs: startUs + 4_000_000, fromUs: startUs, toUs: startUs + 4_000_000 },
    ...{ sequence: 40 + number, discontinuity },
  };
}

const codecOf = (session: string): string => (session.endsWith("2") ? "hvc1.1.6.L93.B0" : "avc1.64001e");

const rows = [
  footageFile(0, 1, 0, 3),
  footageFile(1, 1, 4, 3),
  footageFile(2, 1, 12, 4),
  footageFile(3, 2, 16, 5),
];

test("a playlist marks a hole and a new session, says when each run begins, and of which codec each session is", () => {
  expect(playlist(rows, "vod", codecOf).trim().split("\n").slice(7)).toEqual([
    "#EVIDENCE-DESK-CODEC:avc1.64001e",
    '#EXT-X-MAP:URI="segments/0000000000001/init.mp4"',
    "#EXT-X-PROGRAM-DATE-TIME:2026-11-23T12:00:00.000Z",
    "#EXTINF:4.000000,",
    "segments/0000000000001/0.m4s",
    "#EXTINF:4.000000,",
    "segments/0000000000001/1.m4s",
    "#EXT-X-DISCONTINUITY",
    "#EXT-X-PROGRAM-DATE-TIME:2026-11-23T12:00:12.000Z",
    "#EXTINF:4.000000,",
    "segments/0000000000001/2.m4s",
    "#EVIDENCE-DESK-CODEC:hvc1.1.6.L93.B0",
    "#EXT-X-DISCONTINUITY",
    '#EXT-X-MAP:URI="segments/0000000000002/init.mp4"',
    "#EXT-X-PROGRAM-DATE-TIME:2026-11-23T12:00:16.000Z",
    "#EXTINF:4.000000,",
    "segments/0000000000002/3.m4s",
    "#EXT-X-ENDLIST",
  ]);
});

test("what another session shows is not counted twice", () => {
  const [before, next] = [footageFile(0, 1, 0, 3), footageFile(1, 2, 3, 3)];
  const text = playlist([{ ...before, shownEndUs: next.startUs, toUs: next.startUs }, next], "vod", codecOf);
  expect(text.match(/#EXTINF:[\d.]+/g)).toEqual(["#EXTINF:3.000000", "#EXTINF:4.000000"]);
});

test("a file of which only the end is shown is dated by its first frame", () => {
  const [row] = [footageFile(0, 1, 0, 3)];
  const text = playlist(
    [{ ...row, shownStartUs: row.startUs + 1_000_000, fromUs: row.startUs + 1_000_000 }],
    "vod",
  );
  expect(text).toContain("#EXT-X-PROGRAM-DATE-TIME:2026-11-23T12:00:00.000Z\n#EXTINF:4.000000,");
});

test("a live playlist is numbered by the camera's own counts and has no end", () => {
  const text = playlist(rows.slice(1), "live", codecOf);
  expect(text).toContain("#EXT-X-MEDIA-SEQUENCE:41\n#EXT-X-DISCONTINUITY-SEQUENCE:3\n");
  expect(text).not.toContain("#EXT-X-ENDLIST");
  expect(text).not.toContain("#EXT-X-PLAYLIST-TYPE");
});
