import { CODEC_COMMENT } from "#shared/archive-api/playlist-codec.ts";
import type { FootageFileRow } from "../index/index-rows.ts";

/**
 * A playlist over footage files (RFC 8216). Addresses are relative to the playlist's own. A day has 21,600
 * footage files and is asked for while someone waits: text is put together directly, and a date only made for a run.
 * @param rows in order of time, at least one
 * @param kind `vod` is complete; `live` is a window that slides, numbered by the footage files' own sequence
 * @param codecOf tells of a session by its name, null where that is not known
 */
export function playlist(
  rows: readonly FootageFileRow[],
  kind: "vod" | "live",
  codecOf: (session: string) => string | null = () => null,
): string {
  let text = head(rows, kind);
  let before: FootageFileRow | undefined;
  let folder = "";
  for (const row of rows) {
    const isNewSession = before?.sessionId !== row.sessionId;
    if (isNewSession) {
      folder = `segments/${row.sessionName}/`;
      text += codecLine(codecOf(row.sessionName));
    }
    if (isNewSession || before === undefined || row.shownStartUs - before.shownEndUs > row.frameUs) {
      text += runStart(row, before !== undefined, isNewSession ? folder : null);
    }
    text += `#EXTINF:${seconds(lengthUs(row))},\n${folder}${row.number}.m4s\n`;
    before = row;
  }
  return kind === "vod" ? `${text}#EXT-X-ENDLIST\n` : text;
}

function head(rows: readonly FootageFileRow[], kind: "vod" | "live"): string {
  let longestUs = 1_000_000;
  for (const row of rows) longestUs = Math.max(longestUs, lengthUs(row));
  const first = kind === "live" ? rows[0] : undefined;
  const lines = [
    "#EXTM3U",
    "#EXT-X-VERSION:7",
    `#EXT-X-TARGETDURATION:${Math.ceil(longestUs / 1_000_000)}`,
    ...(kind === "vod" ? ["#EXT-X-PLAYLIST-TYPE:VOD"] : []),
    `#EXT-X-MEDIA-SEQUENCE:${first?.sequence ?? 0}`,
    `#EXT-X-DISCONTINUITY-SEQUENCE:${first?.discontinuity ?? 0}`,
    "#EXT-X-INDEPENDENT-SEGMENTS",
  ];
  return `${lines.join("\n")}\n`;
}

const codecLine = (codec: string | null): string => (codec === null ? "" : `${CODEC_COMMENT}${codec}\n`);

/** @param folder of a session that begins here */
function runStart(row: FootageFileRow, isAfterOthers: boolean, folder: string | null): string {
  const discontinuity = isAfterOthers ? "#EXT-X-DISCONTINUITY\n" : "";
  const map = folder === null ? "" : `#EXT-X-MAP:URI="${folder}init.mp4"\n`;
  return `${discontinuity}${map}#EXT-X-PROGRAM-DATE-TIME:${new Date(firstFrameUs(row) / 1000).toISOString()}\n`;
}

/** When the first frame of the file was taken, by the time that the shown ones have. */
function firstFrameUs(row: FootageFileRow): number {
  const pace = (row.shownEndUs - row.shownStartUs) / (row.toUs - row.fromUs);
  return Math.round(row.shownStartUs - (row.fromUs - row.startUs) * pace);
}

/** A player shows a file from its first frame on, and up to where the next one takes over. */
const lengthUs = (row: FootageFileRow): number => row.shownEndUs - firstFrameUs(row);

/** Whole microseconds as seconds with six decimals. */
function seconds(lengthUs: number): string {
  const fraction = lengthUs % 1_000_000;
  const whole = (lengthUs - fraction) / 1_000_000;
  return fraction === 0 ? `${whole}.000000` : `${whole}.${String(fraction).padStart(6, "0")}`;
}
