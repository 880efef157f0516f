import { findChild, boxMissing, requireChild, type Box } from "./box-reader.ts";
import { BoxCursor } from "./box-cursor.ts";
import { MediaError } from "./media-error.ts";
import { SampleColumns } from "./sample-columns.ts";

/** A table of rows of 32-bit fields, found to lie inside its box. */
interface Rows {
  count: number;
  version: number;
  at(row: number, field: number): number;
}

/** What tables can speak of at most. */
export interface TableBounds {
  readonly fileLengthBytes: number;
  /** Above this a count is damage, not footage. */
  readonly mostSamples: number;
}

/**
 * All samples of a progressive track (ISO/IEC 14496-12, 8.6.1, 8.6.2, 8.7).
 * @throws MediaError when the tables are damaged, contradict each other or point outside the file.
 */
export function readSamples(bytes: Buffer, stbl: Box, bounds: TableBounds): SampleColumns {
  const compact = findChild(bytes, stbl, "stsz") === undefined ? findChild(bytes, stbl, "stz2") : undefined;
  const samples =
    compact === undefined
      ? readSizes(bytes, requireChild(bytes, stbl, "stsz"), bounds)
      : readCompactSizes(bytes, compact, bounds);
  spread(samples.durationsTicks, readRows(bytes, requireChild(bytes, stbl, "stts"), 2), "stts");
  const ctts = findChild(bytes, stbl, "ctts");
  // Signed in both versions: unsigned offsets of 2^31 do not exist, but some writers put negative ones into version 0.
  if (ctts) spread(samples.compositionOffsetsTicks, readRows(bytes, ctts, 2), "ctts");
  const stss = findChild(bytes, stbl, "stss");
  if (stss) markSyncSamples(samples, readRows(bytes, stss, 1));
  if (samples.length > 0) {
    for (const chunk of chunksIn(bytes, stbl, samples.length)) {
      placeChunk(samples, chunk, bounds.fileLengthBytes);
    }
  }
  lendDurations(samples);
  return samples;
}

/** Some writers say of the last sample, of which they do not know the end, that it lasts no time: it would not be shown. */
function lendDurations({ durationsTicks }: SampleColumns): void {
  const last = durationsTicks.length - 1;
  if (last < 1 || durationsTicks[last] !== 0) return;
  if (durationsTicks.every((ticks) => ticks === 0))
    throw new MediaError("BOX_INVALID", "None of its samples lasts any time.");
  durationsTicks[last] = durationsTicks[last - 1]!;
}

/** Whether a track's own tables hold samples, as those of an initialization segment must not. */
export function holdsSamples(bytes: Buffer, { sampleTable }: { readonly sampleTable: Box }): boolean {
  const stsz = findChild(bytes, sampleTable, "stsz");
  const sizes = stsz ?? findChild(bytes, sampleTable, "stz2");
  if (sizes === undefined) return false;
  const fields = new BoxCursor(bytes, sizes);
  fields.skip(8);
  return fields.u32() > 0;
}

function readRows(bytes: Buffer, table: Box, fieldsPerRow: number): Rows {
  const fields = new BoxCursor(bytes, table);
  const { version } = fields.versionAndFlags();
  const count = fields.u32();
  const start = fields.skip(count * fieldsPerRow * 4);
  return { count, version, at: (row, field) => bytes.readUInt32BE(start + (row * fieldsPerRow + field) * 4) };
}

// 8.7.3.2: one size for all, or one each.
function readSizes(bytes: Buffer, stsz: Box, { fileLengthBytes, mostSamples }: TableBounds): SampleColumns {
  const fields = new BoxCursor(bytes, stsz);
  fields.skip(4);
  const [common, count] = [fields.u32(), fields.u32()];
  if (count > mostSamples || common * count > fileLengthBytes) {
    throw new MediaError("OUT_OF_RANGE", `A track claims to have ${count} samples.`);
  }
  const start = common === 0 ? fields.skip(count * 4) : 0;
  const samples = new SampleColumns(count);
  for (let index = 0; index < count; index++) {
    samples.sizesBytes[index] = common === 0 ? bytes.readUInt32BE(start + index * 4) : common;
  }
  samples.syncs.fill(1);
  return samples;
}

// 8.7.3.3: 4, 8 or 16 bits for each size.
function readCompactSizes(bytes: Buffer, stz2: Box, { mostSamples }: TableBounds): SampleColumns {
  const fields = new BoxCursor(bytes, stz2);
  fields.skip(4);
  const [bits, count] = [fields.u32() & 0xff, fields.u32()];
  if (count > mostSamples) throw new MediaError("OUT_OF_RANGE", `A track claims to have ${count} samples.`);
  if (bits !== 4 && bits !== 8 && bits !== 16)
    throw new MediaError("BOX_INVALID", `Sizes of ${bits} bits are in no file.`);
  const start = fields.skip(Math.ceil((count * bits) / 8));
  const samples = new SampleColumns(count);
  for (let index = 0; index < count; index++) {
    const at = start + Math.floor((index * bits) / 8);
    if (bits === 16) samples.sizesBytes[index] = bytes.readUInt16BE(at);
    else if (bits === 8) samples.sizesBytes[index] = bytes.readUInt8(at);
    else samples.sizesBytes[index] = index % 2 === 0 ? bytes.readUInt8(at) >>> 4 : bytes.readUInt8(at) & 0xf;
  }
  samples.syncs.fill(1);
  return samples;
}

/** Fills a column from rows of (how many samples, value). */
function spread(column: Uint32Array | Int32Array, rows: Rows, type: string): void {
  let next = 0;
  for (let row = 0; row < rows.count; row++) {
    const end = next + rows.at(row, 0);
    if (end > column.length) throw contradiction(type);
    column.fill(rows.at(row, 1), next, end);
    next = end;
  }
  if (next !== column.length) throw contradiction(type);
}

function markSyncSamples({ syncs }: SampleColumns, rows: Rows): void {
  syncs.fill(0);
  for (let row = 0; row < rows.count; row++) {
    const number = rows.at(row, 0);
    if (number < 1 || number > syncs.length) throw contradiction("stss");
    syncs[number - 1] = 1;
  }
}

/** Samples that lie one after the other in the file. */
interface Chunk {
  readonly firstSample: number;
  readonly endSample: number;
  /** Of the first sample's first byte in the file. */
  readonly offset: number;
}

/** The chunks of a track in order; together they hold all its samples. */
function* chunksIn(bytes: Buffer, stbl: Box, sampleCount: number): Generator<Chunk> {
  const chunkOffsets = readChunkOffsets(bytes, stbl);
  const runs = readRows(bytes, requireChild(bytes, stbl, "stsc"), 3);
  let next = 0;
  for (let run = 0; run < runs.count; run++) {
    const firstChunk = runs.at(run, 0);
    const endChunk = run + 1 < runs.count ? runs.at(run + 1, 0) : chunkOffsets.length + 1;
    if (firstChunk < 1 || endChunk <= firstChunk || endChunk > chunkOffsets.length + 1)
      throw contradiction("stsc");
    for (let chunk = firstChunk; chunk < endChunk; chunk++) {
      const [firstSample, endSample] = [next, next + runs.at(run, 1)];
      if (endSample > sampleCount) throw contradiction("stsc");
      yield { firstSample, endSample, offset: chunkOffsets[chunk - 1]! };
      next = endSample;
    }
  }
  if (next !== sampleCount) throw contradiction("stsc");
}

function placeChunk(samples: SampleColumns, chunk: Chunk, fileLengthBytes: number): void {
  let { offset } = chunk;
  for (let index = chunk.firstSample; index < chunk.endSample; index++) {
    samples.offsets[index] = offset;
    offset += samples.sizesBytes[index]!;
  }
  if (offset > fileLengthBytes) {
    throw new MediaError(
      "BOX_TRUNCATED",
      `Samples up to byte ${offset} are outside a file of ${fileLengthBytes}.`,
    );
  }
}

function readChunkOffsets(bytes: Buffer, stbl: Box): number[] {
  const stco = findChild(bytes, stbl, "stco");
  if (stco) {
    const rows = readRows(bytes, stco, 1);
    return Array.from({ length: rows.count }, (_, row) => rows.at(row, 0));
  }
  const co64 = findChild(bytes, stbl, "co64");
  if (!co64) throw boxMissing("stco", "stbl");
  const rows = readRows(bytes, co64, 2);
  return Array.from({ length: rows.count }, (_, row) => rows.at(row, 0) * 0x1_0000_0000 + rows.at(row, 1));
}

function contradiction(type: string): MediaError {
  return new MediaError(
    "BOX_INVALID",
    `The table '${type}' does not agree with the number of samples or chunks.`,
  );
}
