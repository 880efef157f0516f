/** A request or answer of RTSP (RFC 2326): its head without the empty line, and its body. */
export interface RtspMessage {
  readonly head: string;
  readonly body: Buffer;
}

export interface RtspReader {
  /** Takes what arrived; messages and interleaved data come out in their order. */
  add(bytes: Buffer): void;
}

/** "$", which begins interleaved data: channel (1 byte), length (2 bytes), data (RFC 2326, 10.12). */
const DOLLAR = 0x24;
const FRAME_HEAD_BYTES = 4;
const END_OF_HEAD = "\r\n\r\n";

/** No head or body that means something is longer. */
const MESSAGE_MAX_BYTES = 256 * 1024;

export class RtspProtocolError extends Error {}

/**
 * Splits a connection into messages and interleaved data. Frames that arrived together are passed on together and
 * uncopied: nearly all of a camera's bytes are in them.
 * @param onMessage may throw; @throws RtspProtocolError from `add` where a message has no end
 */
export function rtspReader(
  onMessage: (message: RtspMessage) => void,
  onData: (frames: Buffer) => void,
): RtspReader {
  let rest: Buffer = Buffer.alloc(0);
  return {
    add(bytes) {
      let left = rest.length === 0 ? bytes : Buffer.concat([rest, bytes]);
      for (;;) {
        const framesEnd = endOfFrames(left);
        if (framesEnd > 0) onData(left.subarray(0, framesEnd));
        left = left.subarray(framesEnd);
        const message = left[0] === DOLLAR ? null : firstMessage(left);
        if (message === null) break;
        left = left.subarray(message.lengthBytes);
        if (message.head !== "") onMessage(message);
      }
      rest = left;
    },
  };
}

function endOfFrames(bytes: Buffer): number {
  let end = 0;
  while (bytes.length - end >= FRAME_HEAD_BYTES && bytes[end] === DOLLAR) {
    const next = end + FRAME_HEAD_BYTES + bytes.readUInt16BE(end + 2);
    if (next > bytes.length) break;
    end = next;
  }
  return end;
}

function firstMessage(bytes: Buffer): (RtspMessage & { readonly lengthBytes: number }) | null {
  const headEnd = bytes.indexOf(END_OF_HEAD);
  if (headEnd < 0) {
    if (bytes.length > MESSAGE_MAX_BYTES) throw new RtspProtocolError("a message of RTSP has no end");
    return null;
  }
  const head = bytes.toString("utf8", 0, headEnd).trimStart();
  const bodyBytes = Number(headerOf(head, "Content-Length") ?? "0");
  if (!Number.isInteger(bodyBytes) || bodyBytes < 0 || bodyBytes > MESSAGE_MAX_BYTES)
    throw new RtspProtocolError("a message of RTSP has a length that cannot be");
  const lengthBytes = headEnd + END_OF_HEAD.length + bodyBytes;
  if (bytes.length < lengthBytes) return null;
  return { head, body: bytes.subarray(headEnd + END_OF_HEAD.length, lengthBytes), lengthBytes };
}

export function headerOf(head: string, name: string): string | undefined {
  return headersOf(head, name)[0];
}

/** A header can stand several times, e.g. one challenge each. */
export function headersOf(head: string, name: string): string[] {
  const lines = head.split(/\r?\n/).slice(1);
  const prefix = `${name.toLowerCase()}:`;
  return lines
    .filter((line) => line.toLowerCase().startsWith(prefix))
    .map((line) => line.slice(prefix.length).trim());
}

/** The head with a header in place of all of its name; null takes it away. */
export function withHeader(head: string, name: string, value: string | null): string {
  const prefix = `${name.toLowerCase()}:`;
  const [first = "", ...lines] = head.split(/\r?\n/);
  const others = lines.filter((line) => !line.toLowerCase().startsWith(prefix));
  return [first, ...(value === null ? [] : [`${name}: ${value}`]), ...others].join("\r\n");
}

export function bytesOf({ head, body }: RtspMessage): Buffer {
  return Buffer.concat([Buffer.from(head + END_OF_HEAD), body]);
}
