import { fullBox, largestU32, u32 } from "./box-writer.ts";
import { MediaError } from "./media-error.ts";

/** Tables grow by blocks of this many fields, so that a day's take no more memory while they grow than when done. */
const blockFields = 1 << 16;

/** Rows of 32-bit fields; tables of a day have millions. */
export class TableRows {
  readonly #blocks: Uint32Array[] = [];
  #length = 0;

  get length(): number {
    return this.#length;
  }

  /** @throws MediaError `OUT_OF_RANGE` */
  add(value: number): void {
    if (!(value >= 0 && value <= largestU32)) {
      throw new MediaError("OUT_OF_RANGE", `${value} does not fit into 32 bits.`);
    }
    const place = this.#length % blockFields;
    if (place === 0) this.#blocks.push(new Uint32Array(blockFields));
    this.#blocks.at(-1)![place] = value;
    this.#length++;
  }

  /** A full box of version 0 that holds the number of rows, then the rows, of `fieldsPerRow` fields each. */
  toBox(type: string, fieldsPerRow = 1, before: Buffer = Buffer.alloc(0)): Buffer {
    const content = Buffer.allocUnsafe(this.#length * 4);
    this.writeTo(content, (value) => value);
    return fullBox(type, 0, 0, before, u32(this.#length / fieldsPerRow), content);
  }

  /** Writes every field, big-endian, as `change` gives it from value and place. */
  writeTo(content: Buffer, change: (value: number, index: number) => number): void {
    for (let index = 0; index < this.#length; index++) {
      const value = this.#blocks[Math.floor(index / blockFields)]![index % blockFields]!;
      content.writeUInt32BE(change(value, index), index * 4);
    }
  }
}

/** Values as pairs (how often, value), equal neighbours merged. Values are signed until they are written. */
export class RunLengths {
  readonly #rows = new TableRows();
  #value = 0;
  #count = 0;

  add(value: number): void {
    if (value !== this.#value) this.#flush();
    this.#value = value;
    this.#count++;
  }

  /** @param shift added to each value; none may then be negative */
  toBox(type: string, shift = 0): Buffer {
    this.#flush();
    const content = Buffer.allocUnsafe(this.#rows.length * 4);
    this.#rows.writeTo(content, (field, index) => (index % 2 === 0 ? field : ((field | 0) + shift) >>> 0));
    return fullBox(type, 0, 0, u32(this.#rows.length / 2), content);
  }

  #flush(): void {
    if (this.#count === 0) return;
    this.#rows.add(this.#count);
    this.#rows.add(this.#value >>> 0);
    this.#count = 0;
  }
}
