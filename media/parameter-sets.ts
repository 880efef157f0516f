import { boxesBetween } from "./box-reader.ts";
import { BoxCursor } from "./box-cursor.ts";
import { configurationBox, entryFixedBytes } from "./codec-string.ts";
import { MediaError } from "./media-error.ts";

/** Sample entries by codec: with the parameter sets in the entry alone, and with such sets also in the samples. */
const codecs = [
  { name: "H.264", configuration: "avcC", outOfBand: "avc1", inBand: "avc3" },
  { name: "H.265", configuration: "hvcC", outOfBand: "hvc1", inBand: "hev1" },
] as const;

/** What a decoder is told before the first picture. */
export interface DecoderSetup {
  /** Such as H.264. */
  readonly codec: string;
  /** Bytes of the length field in front of each unit of a sample. */
  readonly lengthBytes: number;
  /** The parameter sets as a sample would hold them: each with its length in front. */
  readonly sets: Buffer;
}

/**
 * Reads the parameter sets of an H.264 or H.265 sample entry (ISO/IEC 14496-15, 5.3.3.1 and 8.3.3.1).
 * @returns undefined for any other codec. @throws MediaError for a damaged entry
 */
export function readDecoderSetup(sampleEntry: Buffer): DecoderSetup | undefined {
  const codec = codecOf(sampleEntry);
  const bytes = codec && configurationBox(sampleEntry, "vide", codec.configuration);
  if (!codec || !bytes) return undefined;
  const fields = new BoxCursor(bytes, { type: codec.configuration, start: 0, body: 0, end: bytes.length });
  const read = codec.configuration === "avcC" ? readAvcSets : readHevcSets;
  return { codec: codec.name, ...read(bytes, fields) };
}

/** The entry under the name which says that parameter sets may also stand in the samples. */
export function inBandEntry(sampleEntry: Buffer): Buffer {
  const codec = codecOf(sampleEntry);
  if (!codec) throw new MediaError("UNSUPPORTED", "This codec has no parameter sets in its samples.");
  const entry = Buffer.from(sampleEntry);
  entry.write(codec.inBand, 4, "latin1");
  return entry;
}

/** Sets that an H.265 decoder needs before its first picture: of video, sequence and picture (ITU-T H.265, 7.4.2.2). */
const NEEDED_HEVC_SETS = [32, 33, 34] as const;
const COMPLETE_BIT = 0x80;

/**
 * The entry of an H.265 track whose sets all stand in it, under the name `hvc1`, which says so: some players show nothing
 * of `hev1`. What does not hold them all, and every other codec, is given back as it is.
 */
export function namedByItsSets(sampleEntry: Buffer): Buffer {
  const configuration =
    codecOf(sampleEntry)?.configuration === "hvcC"
      ? configurationBox(sampleEntry, "vide", "hvcC")
      : undefined;
  const arrays = configuration && hevcArrays(configuration);
  if (!configuration || !arrays || !NEEDED_HEVC_SETS.every((type) => arrays.some((one) => one.type === type)))
    return sampleEntry;
  const entry = Buffer.from(sampleEntry);
  entry.write("hvc1", 4, "latin1");
  const start = configuration.byteOffset - sampleEntry.byteOffset;
  for (const { at } of arrays) entry.writeUInt8(entry.readUInt8(start + at) | COMPLETE_BIT, start + at);
  return entry;
}

/** The arrays of sets that hold something: where each begins in the `hvcC`, and the type of its units; undefined for a damaged one. */
function hevcArrays(bytes: Buffer): { readonly at: number; readonly type: number }[] | undefined {
  try {
    const fields = new BoxCursor(bytes, { type: "hvcC", start: 0, body: 0, end: bytes.length });
    fields.skip(22);
    const found = Array.from({ length: fields.u8() }, () => {
      const at = fields.position;
      const type = fields.u8() & 0x3f;
      const count = fields.u16();
      for (let index = 0; index < count; index++) readUnit(bytes, fields);
      return { at, type, count };
    });
    return found.filter(({ count }) => count > 0);
  } catch (error) {
    if (error instanceof MediaError) return undefined;
    throw error;
  }
}

/** Whether one decoder reads both: entries that differ in their bit rates (`btrt`, 8.5.2.2) alone are alike. */
export function decodesAlike(a: Buffer, b: Buffer, handler: "vide" | "soun"): boolean {
  return withoutBitRates(a, handler).equals(withoutBitRates(b, handler));
}

function withoutBitRates(entry: Buffer, handler: "vide" | "soun"): Buffer {
  try {
    const boxes = boxesBetween(entry, entryFixedBytes[handler], entry.length);
    const kept = boxes.filter((box) => box.type !== "btrt").map((box) => entry.subarray(box.start, box.end));
    return Buffer.concat([entry.subarray(4, entryFixedBytes[handler]), ...kept]);
  } catch (error) {
    // Filling at the end of an entry that is no box: compared as it is.
    if (error instanceof MediaError) return entry;
    throw error;
  }
}

function codecOf(sampleEntry: Buffer) {
  const name = sampleEntry.toString("latin1", 4, 8);
  return codecs.find(({ outOfBand, inBand }) => name === outOfBand || name === inBand);
}

type Sets = Pick<DecoderSetup, "lengthBytes" | "sets">;

function readAvcSets(bytes: Buffer, fields: BoxCursor): Sets {
  fields.skip(4);
  const lengthBytes = (fields.u8() & 3) + 1;
  const units: Buffer[] = [];
  // Sequence parameter sets, whose count has five bits, then picture parameter sets.
  for (const mask of [0x1f, 0xff]) {
    const count = fields.u8() & mask;
    for (let index = 0; index < count; index++) units.push(readUnit(bytes, fields));
  }
  return { lengthBytes, sets: joinUnits(units, lengthBytes) };
}

function readHevcSets(bytes: Buffer, fields: BoxCursor): Sets {
  fields.skip(21);
  const lengthBytes = (fields.u8() & 3) + 1;
  const units: Buffer[] = [];
  const arrayCount = fields.u8();
  for (let array = 0; array < arrayCount; array++) {
    fields.skip(1);
    const count = fields.u16();
    for (let index = 0; index < count; index++) units.push(readUnit(bytes, fields));
  }
  return { lengthBytes, sets: joinUnits(units, lengthBytes) };
}

function readUnit(bytes: Buffer, fields: BoxCursor): Buffer {
  const unitBytes = fields.u16();
  const start = fields.skip(unitBytes);
  return bytes.subarray(start, start + unitBytes);
}

function joinUnits(units: readonly Buffer[], lengthBytes: number): Buffer {
  return Buffer.concat(
    units.flatMap((unit) => {
      const length = Buffer.alloc(lengthBytes);
      length.writeUIntBE(unit.length, 0, lengthBytes);
      return [length, unit];
    }),
  );
}
