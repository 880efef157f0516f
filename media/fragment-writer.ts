import { box, fullBox, i32, noFlags, openBoxHeader, u32, u64 } from "./box-writer.ts";
import { MediaError } from "./media-error.ts";
import { fileTypeBox, movieHeaderBox, trackBox } from "./movie-boxes.ts";
import type { Sample, Track } from "./track.ts";

/**
 * An initialization segment for fragments of these tracks. It has no edit list: the fragments' times are those of
 * the presentation. @throws MediaError `NO_SAMPLES` when there is no track.
 */
export function writeInitSegment(tracks: Track[]): Buffer {
  const first = tracks[0];
  if (!first) throw new MediaError("NO_SAMPLES", "An initialization segment without a track was asked for.");
  const nextTrackId = Math.max(...tracks.map((track) => track.trackId)) + 1;
  const header = movieHeaderBox({
    timescale: first.timescale,
    durationTicks: 0,
    createdTime: 0,
    nextTrackId,
  });
  const times = { createdTime: 0, shownMovieTicks: 0, mediaTicks: 0 };
  const traks = tracks.flatMap((track) => trackBox(track, times, { tables: emptyTables() }));
  // trex, ISO/IEC 14496-12, 8.8.3: the first sample description; the fragments say all the rest.
  const defaults = tracks.map((track) => fullBox("trex", noFlags, u32(track.trackId, 1, 0, 0, 0)));
  return Buffer.concat([
    fileTypeBox("iso6", "mp41"),
    box("moov", header, ...traks, box("mvex", ...defaults)),
  ]);
}

function emptyTables(): Buffer[] {
  return [
    fullBox("stts", noFlags, u32(0)),
    fullBox("stsc", noFlags, u32(0)),
    fullBox("stsz", noFlags, u32(0, 0)),
    fullBox("stco", noFlags, u32(0)),
  ];
}

/** `tfhd`: data offsets count from the `moof` (ISO/IEC 14496-12, 8.8.7). */
const baseIsMoof = 0x020000;
/** `trun`: has a data offset, and duration, size, flags and composition offset of each sample (8.8.8). */
const allFields = 0x000f01;
/** Sample flags (8.8.3.1): depends on no other sample; and: depends on others, cannot be started at. */
const syncFlags = 0x02000000;
const nonSyncFlags = 0x01010000;
/** The priority of degradation among them is for a reader's own use; players leave it alone. */
export const behindLossFlag = 1;

/**
 * The `moof` of one fragment and the header of its `mdat`; the caller appends the samples' bytes in order.
 * @param track.baseDecodeTicks decode time of the first sample. The samples' own offsets are not used.
 */
export function writeFragmentHeader(
  sequenceNumber: number,
  track: { trackId: number; baseDecodeTicks: number; samples: Sample[] },
): Buffer {
  const mediaBytes = track.samples.reduce((sum, sample) => sum + sample.sizeBytes, 0);
  const mdatHeader = openBoxHeader("mdat", mediaBytes);
  const moofBytes = moofBox(sequenceNumber, track, 0).length;
  return Buffer.concat([moofBox(sequenceNumber, track, moofBytes + mdatHeader.length), mdatHeader]);
}

function moofBox(
  sequenceNumber: number,
  { trackId, baseDecodeTicks, samples }: { trackId: number; baseDecodeTicks: number; samples: Sample[] },
  dataOffset: number,
): Buffer {
  const decodeTime = fullBox("tfdt", { version: 1, flags: 0 }, u64(baseDecodeTicks));
  const traf = box(
    "traf",
    fullBox("tfhd", { version: 0, flags: baseIsMoof }, u32(trackId)),
    decodeTime,
    runBox(samples, dataOffset),
  );
  return box("moof", fullBox("mfhd", noFlags, u32(sequenceNumber)), traf);
}

// Version 0 unless an offset is negative: some readers take version 1 for unsigned.
function runBox(samples: readonly Sample[], dataOffset: number): Buffer {
  const version = samples.some((sample) => sample.compositionOffsetTicks < 0) ? 1 : 0;
  const rows = samples.flatMap((sample) => [
    u32(sample.durationTicks, sample.sizeBytes, flagsOf(sample)),
    i32(sample.compositionOffsetTicks),
  ]);
  return fullBox("trun", { version, flags: allFields }, u32(samples.length), i32(dataOffset), ...rows);
}

const flagsOf = ({ isSync, isBehindLoss }: Sample): number =>
  (isSync ? syncFlags : nonSyncFlags) + (isBehindLoss === true ? behindLossFlag : 0);
