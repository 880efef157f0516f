import type { DescribedPicture } from "./described-picture.ts";

/** Of a packet in an RTSP connection: "$", channel and length (RFC 2326, 10.12), then RTP (RFC 3550, 5.1). */
const FRAME_HEAD_BYTES = 4;
const RTP_HEAD_BYTES = 12;

/** Packets that are not of the codec count one, those that are take two away: a few are of both. */
const SURE = 30;
const TAKEN_AWAY = 2;

type IsOfCodec = (first: number, second: number) => boolean;

/** RFC 6184, 5.2, table 1: units of one codec, several in one packet (24), and a part of one (28). */
const ofH264: IsOfCodec = (first) =>
  [1, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15, 19, 20, 21, 24, 28].includes(first & 0x1f);

/** RFC 7798, 1.1.4: layer 0, as cameras have no other, and a temporal id, which is never 0. */
const ofH265: IsOfCodec = (first, second) => (first & 0x81) === 0 && second > 0 && second < 8;

/**
 * Notices that a camera sends pictures of another codec than its description says, as when it is set anew while it is
 * read: ffmpeg goes on with what it was told, and gives out nothing, or nonsense.
 */
export class CodecWatch {
  readonly #type: number | null;
  readonly #isOfCodec: IsOfCodec;
  #doubt = 0;

  constructor({ type, codec }: DescribedPicture) {
    this.#type = codec === "H264" || codec === "H265" ? type : null;
    this.#isOfCodec = codec === "H265" ? ofH265 : ofH264;
  }

  /** Looks at what arrived together, which is whole packets. @returns true where it is sure */
  look(frames: Buffer): boolean {
    if (this.#type === null) return false;
    const payload = firstPayload(frames, this.#type);
    if (payload === null) return false;
    const isOf = this.#isOfCodec(payload[0] ?? 0, payload[1] ?? 0);
    this.#doubt = Math.max(0, this.#doubt + (isOf ? -TAKEN_AWAY : 1));
    return this.#doubt === SURE;
  }
}

/** The first two bytes of the first packet of a type; one of those that arrived together is enough. */
function firstPayload(frames: Buffer, type: number): Buffer | null {
  for (let at = 0; at + FRAME_HEAD_BYTES + RTP_HEAD_BYTES < frames.length;) {
    const rtp = at + FRAME_HEAD_BYTES;
    const end = rtp + frames.readUInt16BE(at + 2);
    if ((frames.readUInt8(rtp + 1) & 0x7f) === type) {
      const head = frames.readUInt8(rtp);
      let start = rtp + RTP_HEAD_BYTES + 4 * (head & 0x0f);
      if ((head & 0x10) !== 0 && start + 4 <= end) start += 4 + 4 * frames.readUInt16BE(start + 2);
      return start + 2 <= end && end <= frames.length ? frames.subarray(start, start + 2) : null;
    }
    at = end;
  }
  return null;
}
