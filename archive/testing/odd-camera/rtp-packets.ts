import type { AnnexBClip } from "./annex-b-clip.ts";

/** Of a packet's payload. */
const PAYLOAD_BYTES = 1200;

const VERSION = 0x80;
const MARKER = 0x80;

/** Payload types of the description. */
export const PICTURE_TYPE = 96;
export const SOUND_TYPE = 97;

export interface Rtp {
  readonly channel: number;
  readonly type: number;
  readonly sequence: number;
  readonly stamp: number;
  readonly isMarked: boolean;
}

/** An RTP packet (RFC 3550, 5.1) in its frame of an RTSP connection (RFC 2326, 10.12). */
export function interleaved({ channel, type, sequence, stamp, isMarked }: Rtp, payload: Buffer): Buffer {
  const head = Buffer.alloc(16);
  head.writeUInt8(0x24, 0);
  head.writeUInt8(channel, 1);
  head.writeUInt16BE(12 + payload.length, 2);
  head.writeUInt8(VERSION, 4);
  head.writeUInt8((isMarked ? MARKER : 0) | type, 5);
  head.writeUInt16BE(sequence & 0xffff, 6);
  head.writeUInt32BE(wrapped(stamp), 8);
  head.writeUInt32BE(senderOf(channel), 12);
  return Buffer.concat([head, payload]);
}

/** A unit in as many packets as it needs (RFC 6184, 5.8; RFC 7798, 4.4.3). */
export function unitPayloads(codec: AnnexBClip["codec"], unit: Buffer): Buffer[] {
  if (unit.length <= PAYLOAD_BYTES) return [unit];
  const [first = 0, second = 0] = unit;
  const isH264 = codec === "h264";
  const kind = isH264 ? first & 31 : (first >> 1) & 63;
  const head = isH264 ? [(first & 0xe0) | 28] : [(first & 0x81) | (49 << 1), second];
  const body = unit.subarray(head.length);
  const parts: Buffer[] = [];
  for (let at = 0; at < body.length; at += PAYLOAD_BYTES) {
    const isLast = at + PAYLOAD_BYTES >= body.length;
    const place = (at === 0 ? 0x80 : 0) | (isLast ? 0x40 : 0) | kind;
    parts.push(Buffer.concat([Buffer.from([...head, place]), body.subarray(at, at + PAYLOAD_BYTES)]));
  }
  return parts;
}

/** One access unit of AAC (RFC 3640, 3.3.6): a head of 13 bits of size and 3 of index. */
export const soundPayload = (unit: Buffer): Buffer =>
  Buffer.concat([Buffer.from([0, 16, unit.length >> 5, (unit.length & 31) << 3]), unit]);

const wrapped = (stamp: number): number => ((stamp % 2 ** 32) + 2 ** 32) % 2 ** 32;

const senderOf = (channel: number): number => 0xcafe + channel;

/** From 1900 to 1970. */
const SINCE_1900_S = 2_208_988_800;

/** A sender report (RFC 3550, 6.4.1): which time of day goes with a stamp. */
export function report(channel: number, stamp: number, utcUs: number): Buffer {
  const bytes = Buffer.alloc(32);
  const seconds = Math.floor(utcUs / 1e6);
  bytes.writeUInt8(0x24, 0);
  bytes.writeUInt8(channel + 1, 1);
  bytes.writeUInt16BE(28, 2);
  bytes.writeUInt8(VERSION, 4);
  bytes.writeUInt8(200, 5);
  bytes.writeUInt16BE(6, 6);
  bytes.writeUInt32BE(senderOf(channel), 8);
  bytes.writeUInt32BE(seconds + SINCE_1900_S, 12);
  bytes.writeUInt32BE(Math.floor(((utcUs - seconds * 1e6) * 2 ** 32) / 1e6), 16);
  bytes.writeUInt32BE(wrapped(stamp), 20);
  return bytes;
}
