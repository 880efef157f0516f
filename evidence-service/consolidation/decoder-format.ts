/** What of a sample entry matters to a decoder. */

/** Box header and the fixed fields of a VisualSampleEntry (ISO/IEC 14496-12, 12.1.3). */
const FIXED_BYTES = 8 + 78;
const BOX_HEADER_BYTES = 8;

/**
 * The sample entry without its bit rates (`btrt`, 8.5.2.2): they describe one file's pictures and
 * differ between segments that the same decoder reads.
 */
export function decoderFormat(sampleEntry: Buffer): Buffer {
  const kept = [sampleEntry.subarray(4, FIXED_BYTES)];
  for (let at = FIXED_BYTES; at + BOX_HEADER_BYTES <= sampleEntry.length;) {
    const sizeBytes = Math.max(BOX_HEADER_BYTES, sampleEntry.readUInt32BE(at));
    const type = sampleEntry.toString("latin1", at + 4, at + BOX_HEADER_BYTES);
    if (type !== "btrt") kept.push(sampleEntry.subarray(at, at + sizeBytes));
    at += sizeBytes;
  }
  return Buffer.concat(kept);
}
