import { findChild, type Box } from "./box-reader.ts";
import { BoxCursor } from "./box-cursor.ts";
import { box, fullBox, i32, i64, largestU32, time, u16, u32 } from "./box-writer.ts";
import { MediaError } from "./media-error.ts";
import type { Edit } from "./track.ts";

/** `ticks` of one timescale in another, rounded to the nearest; exact however long the time. */
export function rescale(ticks: number, fromTimescale: number, toTimescale: number): number {
  if (fromTimescale === toTimescale) return ticks;
  const from = BigInt(fromTimescale);
  return Number((BigInt(ticks) * BigInt(toTimescale) * 2n + from) / (from * 2n));
}

/** Ticks a second: an edit begins in its track's and lasts in the movie's. */
export interface EditTimescales {
  readonly track: number;
  readonly movie: number;
}

/** The edits of a `trak`, in order; none where it has no list (ISO/IEC 14496-12, 8.6.6). */
export function readEdits(bytes: Buffer, trak: Box, timescales: EditTimescales): Edit[] {
  const edts = findChild(bytes, trak, "edts");
  const elst = edts && findChild(bytes, edts, "elst");
  if (!elst) return [];
  const fields = new BoxCursor(bytes, elst);
  const { version } = fields.versionAndFlags();
  const count = fields.u32();
  const edits: Edit[] = [];
  // No need to check the count: the cursor stops a wrong one at the end of the box.
  for (let index = 0; index < count; index++) {
    const duration = version === 1 ? fields.u64() : fields.u32();
    const mediaStartTicks = version === 1 ? fields.i64() : fields.i32();
    if (fields.u32() !== 0x10000) throw new MediaError("UNSUPPORTED", "An edit changes the speed.");
    if (mediaStartTicks < -1) throw new MediaError("BOX_INVALID", "An edit starts before its media.");
    edits.push({ mediaStartTicks, durationTicks: rescale(duration, timescales.movie, timescales.track) });
  }
  return edits;
}

/** An `edts` box; `edits` in ticks of the track. */
export function editBox(edits: readonly Edit[], timescales: EditTimescales): Buffer {
  const rows = edits.map((edit) => ({
    duration: rescale(edit.durationTicks, timescales.track, timescales.movie),
    start: edit.mediaStartTicks,
  }));
  const version = rows.some((row) => row.duration > largestU32 || row.start > 0x7fff_ffff) ? 1 : 0;
  const content = rows.flatMap((row) => [
    time(version, row.duration),
    version === 1 ? i64(row.start) : i32(row.start),
    u16(1, 0),
  ]);
  return box("edts", fullBox("elst", { version, flags: 0 }, u32(rows.length), ...content));
}
