import type { Box } from "./box-reader.ts";
import { boxTruncated } from "./box-reader.ts";
import type { VersionAndFlags } from "./box-writer.ts";
import { MediaError } from "./media-error.ts";

/** Reads the fields of one box in their order; reading past the box's end throws `BOX_TRUNCATED`. */
export class BoxCursor {
  readonly #bytes: Buffer;
  readonly #box: Box;
  #at: number;

  constructor(bytes: Buffer, box: Box) {
    this.#bytes = bytes;
    this.#box = box;
    this.#at = box.body;
  }

  /** Place of the next field in the buffer. */
  get position(): number {
    return this.#at;
  }

  get leftBytes(): number {
    return this.#box.end - this.#at;
  }

  /** Moves over `lengthBytes` and gives where they began. */
  skip(lengthBytes: number): number {
    if (lengthBytes > this.leftBytes) throw boxTruncated(`a field of '${this.#box.type}'`, this.#at);
    const at = this.#at;
    this.#at += lengthBytes;
    return at;
  }

  /** Of a full box (ISO/IEC 14496-12, 4.2). */
  versionAndFlags(): VersionAndFlags {
    const word = this.u32();
    return { version: word >>> 24, flags: word & 0xffffff };
  }

  u8(): number {
    return this.#bytes.readUInt8(this.skip(1));
  }

  u16(): number {
    return this.#bytes.readUInt16BE(this.skip(2));
  }

  u32(): number {
    return this.#bytes.readUInt32BE(this.skip(4));
  }

  i32(): number {
    return this.#bytes.readInt32BE(this.skip(4));
  }

  /** A 64-bit number; above 2^53 it is refused, as no real time or size comes near. */
  u64(): number {
    return exact(this.#bytes.readBigUInt64BE(this.skip(8)), this.#box);
  }

  i64(): number {
    return exact(this.#bytes.readBigInt64BE(this.skip(8)), this.#box);
  }

  type(): string {
    const at = this.skip(4);
    return this.#bytes.toString("latin1", at, at + 4);
  }
}

function exact(value: bigint, box: Box): number {
  const number = Number(value);
  if (Number.isSafeInteger(number)) return number;
  throw new MediaError("OUT_OF_RANGE", `Box '${box.type}' at ${box.start} holds the absurd number ${value}.`);
}
