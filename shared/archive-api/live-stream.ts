/**
 * GET /live: one answer that does not end carries the pictures of all cameras of a viewer, each frame as soon as it has
 * been dated. Which cameras, the viewer says with PUT /live/{stream}/cameras, as often as it likes. The answer is a
 * sequence of messages:
 *
 *     length of the content   4 bytes, big endian, as all numbers
 *     slot                    2 bytes; which of the viewer's choices it belongs to, 0 for none
 *     kind                    1 byte, `LIVE_KIND`
 *     content
 */
import { z } from "zod";
import { cameraIdSchema } from "./archive-api.ts";

export const LIVE_KIND = {
  /** JSON, `liveHelloSchema`: the first message. */
  hello: 1,
  /** JSON, `liveStartSchema`: what the frames of the slot after it are of. */
  start: 2,
  /** A frame, `liveFrameContent`. */
  frame: 3,
  /** Empty: nothing new, and the line is well. */
  alive: 4,
} as const;

/** A message comes at least this often. */
export const LIVE_ALIVE_MS = 2_000;

/** The most choices of one viewer. */
export const LIVE_CAMERAS_MAX = 64;

export const LIVE_HEADER_BYTES = 7;
const FRAME_HEADER_BYTES = 13;

/** Nothing that an archive sends is larger; a frame of 64 MiB is refused by its recorder. */
const CONTENT_MAX_BYTES = 65 * 1024 * 1024;

export const liveHelloSchema = z.object({ stream: z.uuid() });

export const liveStartSchema = z.object({
  /** Another one: frames have nothing to do with those before, and are numbered as they like. */
  generation: z.string().min(1),
  /** RFC 6381. */
  codec: z.string().min(1),
  /** The instant at media time 0, milliseconds UTC: media time is wall time. */
  zeroUtcMs: z.number(),
  /** The initialization segment (ISO/IEC 14496-12), base64. */
  head: z.base64(),
});
export type LiveStart = z.infer<typeof liveStartSchema>;

const slotSchema = z.number().int().min(1).max(0xffff);

/** PUT /live/{stream}/cameras: all that is wanted from now on. A slot means one camera for as long as the answer lasts. */
export const liveChoicesSchema = z.object({
  choices: z.array(z.object({ slot: slotSchema, cameraId: cameraIdSchema })).max(LIVE_CAMERAS_MAX),
});
export type LiveChoices = z.infer<typeof liveChoicesSchema>;

/** One frame, as a fragment of its own. */
export interface LiveFrame {
  /** Follows that of the frame before, unless frames were left out up to a key frame. */
  readonly sequence: number;
  readonly isKey: boolean;
  /** It came before the viewer asked: how late it is says nothing of the line. */
  readonly isKept: boolean;
  /** When it was in front of the camera, milliseconds UTC. */
  readonly shownUtcMs: number;
  /** `moof` and `mdat`; see `LIVE_FRAGMENT`. */
  readonly fragment: Uint8Array;
}

/** Where a fragment says when its frame is decoded (`tfdt`, 8 bytes) and how long it lasts (`trun`, 4), in microseconds. */
export const LIVE_FRAGMENT = { decodeAt: 60, lengthAt: 88 } as const;

const LONGEST_US = 0xffff_ffff;

/** From the decoding of one fragment's frame to that of another's, microseconds. */
export function decodedApartUs(fragment: Uint8Array, next: Uint8Array): number {
  const decodeUs = (bytes: Uint8Array): number => Number(viewOf(bytes).getBigUint64(LIVE_FRAGMENT.decodeAt));
  return decodeUs(next) - decodeUs(fragment);
}

/** The fragment of a frame of which it is known how long it lasts. */
export function lastingFor(fragment: Uint8Array, lengthUs: number): Uint8Array {
  const exact = fragment.slice();
  viewOf(exact).setUint32(LIVE_FRAGMENT.lengthAt, Math.min(lengthUs, LONGEST_US));
  return exact;
}

/** The fragment of a frame that is known to last until the next one. */
export const lastingUntil = (fragment: Uint8Array, next: Uint8Array): Uint8Array =>
  lastingFor(fragment, decodedApartUs(fragment, next));

export interface LiveMessage {
  readonly slot: number;
  readonly kind: number;
  readonly content: Uint8Array;
}

const KEY_BIT = 1;
const KEPT_BIT = 2;

const viewOf = (bytes: Uint8Array): DataView =>
  new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);

/** A whole message. @param parts of its content */
export function liveMessage(
  slot: number,
  kind: number,
  ...parts: readonly Uint8Array[]
): Uint8Array<ArrayBuffer> {
  const lengthBytes = parts.reduce((sum, part) => sum + part.length, 0);
  const message = new Uint8Array(LIVE_HEADER_BYTES + lengthBytes);
  const view = viewOf(message);
  view.setUint32(0, lengthBytes);
  view.setUint16(4, slot);
  view.setUint8(6, kind);
  let at = LIVE_HEADER_BYTES;
  for (const part of parts) {
    message.set(part, at);
    at += part.length;
  }
  return message;
}

/** What stands before the fragment of a frame. */
export function liveFrameHeader(frame: Omit<LiveFrame, "fragment">): Uint8Array {
  const header = new Uint8Array(FRAME_HEADER_BYTES);
  const view = viewOf(header);
  view.setUint8(0, (frame.isKey ? KEY_BIT : 0) | (frame.isKept ? KEPT_BIT : 0));
  view.setUint32(1, frame.sequence >>> 0);
  view.setFloat64(5, frame.shownUtcMs);
  return header;
}

/** @returns null for what is too short to be a frame */
export function readLiveFrame(content: Uint8Array): LiveFrame | null {
  if (content.length <= FRAME_HEADER_BYTES) return null;
  const view = viewOf(content);
  const flags = view.getUint8(0);
  return {
    isKey: (flags & KEY_BIT) !== 0,
    isKept: (flags & KEPT_BIT) !== 0,
    sequence: view.getUint32(1),
    shownUtcMs: view.getFloat64(5),
    fragment: content.subarray(FRAME_HEADER_BYTES),
  };
}

/** Cuts messages out of an answer that comes in pieces. */
export class LiveMessageReader {
  #pieces: Uint8Array[] = [];
  #lengthBytes = 0;

  /** @throws RangeError where the bytes are no such messages */
  take(bytes: Uint8Array): LiveMessage[] {
    this.#pieces.push(bytes);
    this.#lengthBytes += bytes.length;
    const messages: LiveMessage[] = [];
    for (let next = this.#next(); next !== null; next = this.#next()) messages.push(next);
    return messages;
  }

  #next(): LiveMessage | null {
    if (this.#lengthBytes < LIVE_HEADER_BYTES) return null;
    // A large frame comes in many pieces; they are put together once, when all are there.
    const header = viewOf(this.#firstBytes(LIVE_HEADER_BYTES));
    const contentBytes = header.getUint32(0);
    if (contentBytes > CONTENT_MAX_BYTES) throw new RangeError(`A live message has ${contentBytes} bytes.`);
    const wholeBytes = LIVE_HEADER_BYTES + contentBytes;
    if (this.#lengthBytes < wholeBytes) return null;
    const whole = this.#firstBytes(wholeBytes);
    const rest = this.#pieces[0]!.subarray(wholeBytes);
    this.#pieces = rest.length === 0 ? this.#pieces.slice(1) : [rest, ...this.#pieces.slice(1)];
    this.#lengthBytes -= wholeBytes;
    return {
      slot: header.getUint16(4),
      kind: header.getUint8(6),
      content: whole.subarray(LIVE_HEADER_BYTES),
    };
  }

  /** Makes sure that the first piece holds so many bytes, of those that are there. */
  #firstBytes(count: number): Uint8Array {
    const first = this.#pieces[0]!;
    if (first.length >= count) return first.subarray(0, count);
    const taken: Uint8Array[] = [];
    for (let bytes = 0; bytes < count; bytes += taken.at(-1)!.length) taken.push(this.#pieces.shift()!);
    const joined = new Uint8Array(taken.reduce((sum, { length }) => sum + length, 0));
    taken.reduce((at, piece) => (joined.set(piece, at), at + piece.length), 0);
    this.#pieces.unshift(joined);
    return joined.subarray(0, count);
  }
}
