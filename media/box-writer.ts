import { MediaError } from "./media-error.ts";

export const largestU32 = 0xffff_ffff;

/** A box: size, type and content (ISO/IEC 14496-12, 4.2). */
export function box(type: string, ...content: BoxPart[]): Buffer {
  return joinParts(boxParts(type, ...content));
}

/** Bytes that are made in their place: tables of a day are so long that they must not be there twice. */
export interface LateBytes {
  readonly length: number;
  /** To be called once. */
  writeTo(target: Buffer, at: number): void;
}

export type BoxPart = Buffer | LateBytes;

/** As `box`, but as its header and the parts of its content, of which none is copied. */
export function boxParts(type: string, ...content: readonly BoxPart[]): BoxPart[] {
  return [boxHeader(type, totalBytes(content)), ...content];
}

function boxHeader(type: string, contentBytes: number): Buffer {
  return Buffer.concat([u32(contentBytes + 8), Buffer.from(type, "latin1")]);
}

export function totalBytes(parts: readonly BoxPart[]): number {
  return parts.reduce((sum, part) => sum + part.length, 0);
}

/** The parts one after the other. */
export function joinParts(parts: readonly BoxPart[]): Buffer {
  const bytes = Buffer.allocUnsafe(totalBytes(parts));
  let at = 0;
  for (const part of parts) {
    if (Buffer.isBuffer(part)) part.copy(bytes, at);
    else part.writeTo(bytes, at);
    at += part.length;
  }
  return bytes;
}

/** What a full box begins with; the flags are 24 bits. */
export interface VersionAndFlags {
  readonly version: number;
  readonly flags: number;
}

/** Of a full box that says nothing by them. */
export const noFlags: VersionAndFlags = { version: 0, flags: 0 };

/** A box that begins with a version and flags (ISO/IEC 14496-12, 4.2). */
export function fullBox(type: string, { version, flags }: VersionAndFlags, ...content: Buffer[]): Buffer {
  return box(type, u32(version * 0x100_0000 + flags), ...content);
}

/**
 * A full box of version 0 without flags whose content is made in its place.
 * @param start of the content. @param rest fills what follows it
 */
export function lateFullBox(type: string, start: Buffer, rest: LateBytes): LateBytes {
  const content = Buffer.concat([u32(0), start]);
  const before = Buffer.concat([boxHeader(type, content.length + rest.length), content]);
  return {
    length: before.length + rest.length,
    writeTo(target, at) {
      before.copy(target, at);
      rest.writeTo(target, at + before.length);
    },
  };
}

/** 16-bit fields one after the other. */
export function u16(...values: number[]): Buffer {
  const bytes = Buffer.alloc(values.length * 2);
  values.forEach((value, index) => bytes.writeUInt16BE(value, index * 2));
  return bytes;
}

/** 32-bit fields one after the other. */
export function u32(...values: number[]): Buffer {
  const bytes = Buffer.alloc(values.length * 4);
  values.forEach((value, index) => {
    if (!(value >= 0 && value <= largestU32)) {
      throw new MediaError("OUT_OF_RANGE", `${value} does not fit into 32 bits.`);
    }
    bytes.writeUInt32BE(value, index * 4);
  });
  return bytes;
}

export function i32(value: number): Buffer {
  return u32(value < 0 ? value + 0x1_0000_0000 : value);
}

export function u64(value: number): Buffer {
  if (!(value >= 0 && Number.isSafeInteger(value))) {
    throw new MediaError("OUT_OF_RANGE", `${value} does not fit into 64 bits.`);
  }
  const bytes = Buffer.alloc(8);
  bytes.writeBigUInt64BE(BigInt(value));
  return bytes;
}

export function i64(value: number): Buffer {
  if (!Number.isSafeInteger(value)) {
    throw new MediaError("OUT_OF_RANGE", `${value} does not fit into 64 bits.`);
  }
  const bytes = Buffer.alloc(8);
  bytes.writeBigInt64BE(BigInt(value));
  return bytes;
}

/** A time or duration: 64 bits in version 1 of a box, 32 in version 0. */
export function time(version: 0 | 1, value: number): Buffer {
  return version === 1 ? u64(value) : u32(value);
}

/** Header of a box whose content of `contentBytes` follows elsewhere; 16 bytes long where 32 bits are too few. */
export function openBoxHeader(type: string, contentBytes: number): Buffer {
  const name = Buffer.from(type, "latin1");
  if (contentBytes + 8 <= largestU32) return Buffer.concat([u32(contentBytes + 8), name]);
  return Buffer.concat([u32(1), name, u64(contentBytes + 16)]);
}
