import fc from "fast-check";
import { expect, test } from "vitest";
import { ProgressiveFileBuilder, type PlacedSample, type SampleBatch } from "#media/progressive-writer.ts";
import { bufferSource } from "#media/byte-source.ts";
import { readProgressiveFile } from "#media/progressive-reader.ts";
import type { Track } from "#media/track.ts";
import { SilentGaps } from "./silent-gaps.ts";

const PACKET = 1024;
const SILENT_BYTES = 4;
const silence = {
  literal: 0,
  packetBytes: SILENT_BYTES,
  seconds: PACKET / 48_000,
  longestSeconds: PACKET / 48_000,
};
/** Nothing is decoded here. */
const track: Track = {
  ...{ trackId: 1, handler: "soun", timescale: 48_000, codec: "mp4a.40.2", width: 0, height: 0 },
  sampleEntry: Buffer.concat([Buffer.from([0, 0, 0, 36]), Buffer.from("mp4a"), Buffer.alloc(28)]),
};

/** Recorded packets: what passes from each to the next, some of it a hole. */
const distances = fc.array(
  fc.array(
    fc.oneof(
      { weight: 12, arbitrary: fc.constant(PACKET) },
      { weight: 2, arbitrary: fc.integer({ min: PACKET - 10, max: PACKET + 10 }) },
      { weight: 1, arbitrary: fc.integer({ min: PACKET, max: 200 * PACKET }) },
    ),
    { minLength: 1, maxLength: 30 },
  ),
  { minLength: 1, maxLength: 8 },
);

interface Packet {
  readonly decodeTicks: number;
  readonly isSilent: boolean;
  readonly sizeBytes: number;
}

/** Batches as a footage file gives them: the last packet's duration is a guess. */
function batchesOf(all: readonly (readonly number[])[]): { batches: SampleBatch[]; decodeTicks: number[] } {
  const decodeTicks: number[] = [];
  let at = 1_000_000;
  const batches = all.map((batch): SampleBatch => {
    const firstDecodeTicks = at;
    const samples = batch.map((distance, place): PlacedSample => {
      decodeTicks.push(at);
      at += distance;
      const durationTicks = place === batch.length - 1 ? PACKET : distance;
      const sizeBytes = 100 + decodeTicks.length;
      return { source: 0, offset: 0, sizeBytes, durationTicks, compositionOffsetTicks: 0, isSync: true };
    });
    return { firstDecodeTicks, samples };
  });
  return { batches, decodeTicks };
}

/** The packets of the file that the batches make, by its own tables. */
async function packetsOf(batches: readonly SampleBatch[]): Promise<Packet[]> {
  const gaps = new SilentGaps(silence, track.timescale);
  const literals = [Buffer.alloc(4096 * SILENT_BYTES)];
  const builder = new ProgressiveFileBuilder({ chunkSeconds: 4, literals });
  const index = builder.addTrack(track);
  for (const batch of batches.flatMap((recorded) => gaps.fill(recorded))) builder.add([{ index, batch }]);
  let decodeTicks = builder.firstDecodeTicks(index);
  const file = builder.finish([[]], { createdUtcMs: 0 });
  const source = { ...bufferSource(file.header), lengthBytes: file.lengthBytes };
  const [read] = await readProgressiveFile(source);
  return Array.from(read!.samples, ({ sizeBytes, durationTicks }) => {
    const packet = { decodeTicks, isSilent: sizeBytes === SILENT_BYTES, sizeBytes };
    decodeTicks += durationTicks;
    return packet;
  });
}

/** Index of the recorded packet before another one. */
function recordedBefore(packets: readonly Packet[], place: number): number {
  return packets.findLastIndex(({ isSilent }, index) => index < place && !isSilent);
}

/** How many silent packets the hole between two recorded ones has room for. */
function roomBetween(packets: readonly Packet[], before: number, place: number): number {
  const holeTicks = packets[place]!.decodeTicks - packets[before]!.decodeTicks - PACKET;
  return Math.ceil(holeTicks / PACKET);
}

/** By how much somebody who plays one packet after the other is before the packet's time, ticks. */
function earlyAt(packets: readonly Packet[], place: number): number {
  return packets[place]!.decodeTicks - (packets[0]!.decodeTicks + place * PACKET);
}

test("recorded packets stay, at their times, and one after the other they sound at their times too", async () => {
  const property = fc.asyncProperty(distances, async (all) => {
    const { batches, decodeTicks } = batchesOf(all);
    const packets = await packetsOf(batches);
    const recorded = packets.filter(({ isSilent }) => !isSilent);
    expect(recorded.map((packet) => packet.decodeTicks)).toEqual(decodeTicks);
    expect(recorded.map(({ sizeBytes }) => sizeBytes)).toEqual(decodeTicks.map((_, place) => 101 + place));
    packets.forEach((packet, place) => {
      const before = packets[place - 1];
      if (packet.isSilent || before?.isSilent !== true) return;
      // After a hole: what a player has played by then, and what it should have.
      const early = earlyAt(packets, place);
      const last = recordedBefore(packets, place);
      const [silent, room] = [place - last - 1, roomBetween(packets, last, place)];
      expect(silent).toBeLessThanOrEqual(room);
      if (early > 0 && silent === room) return;
      expect(Math.abs(early)).toBeLessThanOrEqual(PACKET / 2 + 1);
    });
    // A hole of more than a packet is never left unless rounding leaves none.
    for (const [place, { decodeTicks: at }] of packets.entries()) {
      const next = packets[place + 1];
      if (next !== undefined) expect(next.decodeTicks - at).toBeLessThanOrEqual(3 * PACKET);
    }
  });
  // A short hole, and one that has no room for what it owes.
  await fc.assert(property, { numRuns: 200, examples: [[[[1834, 87_768, PACKET]]]] });
});

test("a day of silence is some thousand pieces", async () => {
  const gaps = new SilentGaps(silence, track.timescale);
  const builder = new ProgressiveFileBuilder({
    chunkSeconds: 4,
    literals: [Buffer.alloc(4096 * SILENT_BYTES)],
  });
  const index = builder.addTrack(track);
  const { batches } = batchesOf([[PACKET, 86_400 * track.timescale], [PACKET]]);
  for (const batch of batches.flatMap((recorded) => gaps.fill(recorded))) builder.add([{ index, batch }]);
  const file = builder.finish([[]], { createdUtcMs: 0 });
  expect(file.pieces.length).toBeLessThan(2_000);
  expect(file.lengthBytes - file.header.length).toBeGreaterThan(4_000_000 * SILENT_BYTES);
});
