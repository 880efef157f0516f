import { box, fullBox, largestU32, u32 } from "./box-writer.ts";
import type { ChunkTable } from "./media-layout.ts";
import type { Sample } from "./track.ts";

/** Rows of 32-bit fields that grow cheaply: tables of a day have millions. */
class Rows {
  #bytes = Buffer.allocUnsafe(4096);
  #used = 0;

  add(value: number): void {
    if (this.#used === this.#bytes.length) this.#bytes = Buffer.concat([this.#bytes, this.#bytes]);
    this.#used = this.#bytes.writeUInt32BE(value, this.#used);
  }

  /** A full box of version 0 that holds the number of rows, then the rows, of `fieldsPerRow` fields each. */
  toBox(type: string, fieldsPerRow = 1, before: Buffer = Buffer.alloc(0)): Buffer {
    const rows = this.#bytes.subarray(0, this.#used);
    return fullBox(type, 0, 0, before, u32(this.#used / 4 / fieldsPerRow), rows);
  }
}

/** Adds values as pairs (how often, value), merging equal neighbours. */
class RunLengths {
  readonly rows = new Rows();
  #value = 0;
  #count = 0;

  add(value: number): void {
    if (value !== this.#value) this.#flush();
    this.#value = value;
    this.#count++;
  }

  toBox(type: string): Buffer {
    this.#flush();
    return this.rows.toBox(type, 2);
  }

  #flush(): void {
    if (this.#count === 0) return;
    this.rows.add(this.#count);
    this.rows.add(this.#value);
    this.#count = 0;
  }
}

/**
 * The tables of a progressive track that do not depend on where its media lies: `stts`, `ctts`, `stss`, `stsz`
 * (ISO/IEC 14496-12, 8.6.1.2, 8.6.1.3, 8.6.2, 8.7.3.2).
 * @param compositionShiftTicks added to each composition offset; large enough that none is negative.
 */
export function timeAndSizeTables(samples: readonly Sample[], compositionShiftTicks: number): Buffer[] {
  const durations = new RunLengths();
  const offsets = new RunLengths();
  const syncNumbers = new Rows();
  let [syncCount, reordered] = [0, false];
  for (let index = 0; index < samples.length; index++) {
    const sample = samples[index]!;
    const composition = sample.compositionOffsetTicks + compositionShiftTicks;
    durations.add(sample.durationTicks);
    offsets.add(composition);
    reordered ||= composition !== 0;
    if (!sample.isSync) continue;
    syncNumbers.add(index + 1);
    syncCount++;
  }
  const tables = [durations.toBox("stts")];
  if (reordered) tables.push(offsets.toBox("ctts"));
  // Without a table every sample is a place to start decoding.
  if (syncCount < samples.length) tables.push(syncNumbers.toBox("stss"));
  return [...tables, sizeTable(samples)];
}

function sizeTable(samples: readonly Sample[]): Buffer {
  const first = samples[0]?.sizeBytes ?? 0;
  if (first > 0 && samples.every((sample) => sample.sizeBytes === first)) {
    return fullBox("stsz", 0, 0, u32(first, samples.length));
  }
  const sizes = new Rows();
  for (const sample of samples) sizes.add(sample.sizeBytes);
  return sizes.toBox("stsz", 1, u32(0));
}

/** `stsc`: how many samples each chunk has; one row for each change (ISO/IEC 14496-12, 8.7.4). */
export function samplesPerChunkTable({ sampleCounts }: ChunkTable): Buffer {
  const rows = new Rows();
  let previous = -1;
  sampleCounts.forEach((count, index) => {
    if (count === previous) return;
    for (const field of [index + 1, count, 1]) rows.add(field);
    previous = count;
  });
  return rows.toBox("stsc", 3);
}

/** Length of what `chunkOffsetTable` makes. */
export function chunkOffsetTableBytes({ offsets }: ChunkTable, wide: boolean): number {
  return 16 + offsets.length * (wide ? 8 : 4);
}

/**
 * `stco`, or `co64` when `wide`: where each chunk begins in the file (ISO/IEC 14496-12, 8.7.5).
 * @param mediaStart place in the file of the first media byte.
 */
export function chunkOffsetTable({ offsets }: ChunkTable, mediaStart: number, wide: boolean): Buffer {
  const content = Buffer.allocUnsafe(8 + offsets.length * (wide ? 8 : 4));
  content.writeUInt32BE(0, 0);
  let at = content.writeUInt32BE(offsets.length, 4);
  for (const offset of offsets) {
    const place = mediaStart + offset;
    if (wide) at = content.writeUInt32BE(Math.floor(place / (largestU32 + 1)), at);
    at = content.writeUInt32BE(place % (largestU32 + 1), at);
  }
  return box(wide ? "co64" : "stco", content);
}
