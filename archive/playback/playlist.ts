import type { SegmentRow } from "../index/footage-index.ts";

/**
 * A playlist over recorded segments (RFC 8216). Addresses are relative to the playlist's own.
 * @param rows in order of time, at least one
 * @param kind `vod` is complete; `live` is a window that slides, numbered by the segments' own sequence
 */
export function playlist(rows: readonly SegmentRow[], kind: "vod" | "live"): string {
  const first = rows[0];
  const longestUs = rows.reduce((longest, row) => Math.max(longest, row.endUs - row.startUs), 1_000_000);
  const head = [
    "#EXTM3U",
    "#EXT-X-VERSION:7",
    `#EXT-X-TARGETDURATION:${Math.ceil(longestUs / 1_000_000)}`,
    ...(kind === "vod" ? ["#EXT-X-PLAYLIST-TYPE:VOD"] : []),
    `#EXT-X-MEDIA-SEQUENCE:${kind === "vod" ? 0 : (first?.sequence ?? 0)}`,
    `#EXT-X-DISCONTINUITY-SEQUENCE:${kind === "vod" ? 0 : (first?.discontinuity ?? 0)}`,
    "#EXT-X-INDEPENDENT-SEGMENTS",
  ];
  const entries = rows.flatMap((row, index) => entry(row, rows[index - 1]));
  return [...head, ...entries, ...(kind === "vod" ? ["#EXT-X-ENDLIST"] : []), ""].join("\n");
}

function entry(row: SegmentRow, before: SegmentRow | undefined): string[] {
  const lines: string[] = [];
  const isNewSession = before?.sessionId !== row.sessionId;
  const isBreak = isNewSession || row.startUs - before.endUs > row.frameUs;
  if (before !== undefined && isBreak) lines.push("#EXT-X-DISCONTINUITY");
  if (isNewSession) lines.push(`#EXT-X-MAP:URI="segments/${row.sessionName}/init.mp4"`);
  if (isBreak) lines.push(`#EXT-X-PROGRAM-DATE-TIME:${new Date(row.startUs / 1000).toISOString()}`);
  lines.push(`#EXTINF:${((row.endUs - row.startUs) / 1_000_000).toFixed(6)},`);
  lines.push(`segments/${row.sessionName}/${row.number}.m4s`);
  return lines;
}
