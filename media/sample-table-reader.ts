import { findChild, missing, requireChild, type Box } from "./box-reader.ts";
import { BoxCursor } from "./box-cursor.ts";
import { MediaError } from "./media-error.ts";
import type { Sample } from "./track.ts";

/** A table of rows of 32-bit fields, found to lie inside its box. */
interface Rows {
  count: number;
  version: number;
  at(row: number, field: number): number;
}

/**
 * All samples of a progressive track (ISO/IEC 14496-12, 8.6.1, 8.6.2, 8.7).
 * @param mostSamples above this a count is damage, not footage
 * @throws MediaError when the tables are damaged, contradict each other or point outside the file.
 */
export function readSamples(
  bytes: Buffer,
  stbl: Box,
  fileLengthBytes: number,
  mostSamples: number,
): Sample[] {
  const samples = readSizes(bytes, requireChild(bytes, stbl, "stsz"), fileLengthBytes, mostSamples);
  fillDurations(samples, readRows(bytes, requireChild(bytes, stbl, "stts"), 2));
  const ctts = findChild(bytes, stbl, "ctts");
  if (ctts) fillCompositionOffsets(samples, readRows(bytes, ctts, 2));
  const stss = findChild(bytes, stbl, "stss");
  if (stss) markSyncSamples(samples, readRows(bytes, stss, 1));
  if (samples.length > 0) placeSamples(bytes, stbl, samples, fileLengthBytes);
  return samples;
}

function readRows(bytes: Buffer, table: Box, fieldsPerRow: number): Rows {
  const fields = new BoxCursor(bytes, table);
  const { version } = fields.versionAndFlags();
  const count = fields.u32();
  const start = fields.skip(count * fieldsPerRow * 4);
  return { count, version, at: (row, field) => bytes.readUInt32BE(start + (row * fieldsPerRow + field) * 4) };
}

// 8.7.3.2: one size for all, or one each.
function readSizes(bytes: Buffer, stsz: Box, fileLengthBytes: number, mostSamples: number): Sample[] {
  const fields = new BoxCursor(bytes, stsz);
  fields.skip(4);
  const [common, count] = [fields.u32(), fields.u32()];
  if (count > mostSamples || common * count > fileLengthBytes) {
    throw new MediaError("OUT_OF_RANGE", `A track claims to have ${count} samples.`);
  }
  const start = common === 0 ? fields.skip(count * 4) : 0;
  return Array.from({ length: count }, (_, index) => ({
    offset: 0,
    sizeBytes: common === 0 ? bytes.readUInt32BE(start + index * 4) : common,
    durationTicks: 0,
    compositionOffsetTicks: 0,
    isSync: true,
  }));
}

/** Calls `set` for each sample with the value of its row; rows are (how many samples, value). */
function spread(
  samples: Sample[],
  rows: Rows,
  type: string,
  set: (sample: Sample, value: number) => void,
): void {
  let next = 0;
  for (let row = 0; row < rows.count; row++) {
    const [end, value] = [next + rows.at(row, 0), rows.at(row, 1)];
    if (end > samples.length) throw contradiction(type);
    for (; next < end; next++) set(samples[next]!, value);
  }
  if (next !== samples.length) throw contradiction(type);
}

function fillDurations(samples: Sample[], rows: Rows): void {
  spread(samples, rows, "stts", (sample, value) => {
    sample.durationTicks = value;
  });
}

// Signed in both versions: unsigned offsets of 2^31 do not exist, but some writers put negative ones into version 0.
function fillCompositionOffsets(samples: Sample[], rows: Rows): void {
  spread(samples, rows, "ctts", (sample, value) => {
    sample.compositionOffsetTicks = value | 0;
  });
}

function markSyncSamples(samples: Sample[], rows: Rows): void {
  for (const sample of samples) sample.isSync = false;
  for (let row = 0; row < rows.count; row++) {
    const sample = samples[rows.at(row, 0) - 1];
    if (!sample) throw contradiction("stss");
    sample.isSync = true;
  }
}

function placeSamples(bytes: Buffer, stbl: Box, samples: Sample[], fileLengthBytes: number): void {
  const chunkOffsets = readChunkOffsets(bytes, stbl);
  const runs = readRows(bytes, requireChild(bytes, stbl, "stsc"), 3);
  let next = 0;
  for (let run = 0; run < runs.count; run++) {
    const firstChunk = runs.at(run, 0);
    const endChunk = run + 1 < runs.count ? runs.at(run + 1, 0) : chunkOffsets.length + 1;
    if (firstChunk < 1 || endChunk <= firstChunk || endChunk > chunkOffsets.length + 1)
      throw contradiction("stsc");
    for (let chunk = firstChunk; chunk < endChunk; chunk++) {
      next = placeChunk(samples, next, runs.at(run, 1), chunkOffsets[chunk - 1]!, fileLengthBytes);
    }
  }
  if (next !== samples.length) throw contradiction("stsc");
}

function placeChunk(
  samples: Sample[],
  first: number,
  count: number,
  start: number,
  fileLengthBytes: number,
): number {
  const end = first + count;
  if (end > samples.length) throw contradiction("stsc");
  let offset = start;
  for (let index = first; index < end; index++) {
    const sample = samples[index]!;
    sample.offset = offset;
    offset += sample.sizeBytes;
  }
  if (offset > fileLengthBytes) {
    throw new MediaError(
      "BOX_TRUNCATED",
      `Samples up to byte ${offset} are outside a file of ${fileLengthBytes}.`,
    );
  }
  return end;
}

function readChunkOffsets(bytes: Buffer, stbl: Box): number[] {
  const stco = findChild(bytes, stbl, "stco");
  if (stco) {
    const rows = readRows(bytes, stco, 1);
    return Array.from({ length: rows.count }, (_, row) => rows.at(row, 0));
  }
  const co64 = findChild(bytes, stbl, "co64");
  if (!co64) throw missing("stco", "stbl");
  const rows = readRows(bytes, co64, 2);
  return Array.from({ length: rows.count }, (_, row) => rows.at(row, 0) * 0x1_0000_0000 + rows.at(row, 1));
}

function contradiction(type: string): MediaError {
  return new MediaError(
    "BOX_INVALID",
    `The table '${type}' does not agree with the number of samples or chunks.`,
  );
}
