import { largestU32, lateFullBox, u32, type LateBytes } from "./box-writer.ts";
import { MediaError } from "./media-error.ts";

/** Tables grow by blocks of this many fields, so that a day's take no more memory while they grow than when done. */
const blockFields = 1 << 16;

interface TableForm {
  readonly fieldsPerRow?: number;
  /** Stands before the number of rows. */
  readonly before?: Buffer;
  readonly change?: (value: number, index: number) => number;
}

/** Rows of 32-bit fields; tables of a day have millions. */
export class TableRows {
  readonly #blocks: Uint32Array<ArrayBuffer>[] = [];
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

  /**
   * A full box of version 0 that holds the number of rows, then the rows, of `fieldsPerRow` fields each, every field
   * as `change` gives it from value and place. To be written once: the rows' memory is given back meanwhile, so that a
   * day's are not held twice.
   */
  toBox(
    type: string,
    { fieldsPerRow = 1, before = Buffer.alloc(0), change = (value) => value }: TableForm = {},
  ): LateBytes {
    const start = Buffer.concat([before, u32(this.#length / fieldsPerRow)]);
    return lateFullBox(type, start, {
      length: this.#length * 4,
      writeTo: (target, at) => this.#writeTo(target, at, change),
    });
  }

  #writeTo(target: Buffer, at: number, change: (value: number, index: number) => number): void {
    let index = 0;
    for (let block = this.#blocks.shift(); block !== undefined; block = this.#blocks.shift()) {
      const fields = Math.min(blockFields, this.#length - index);
      for (let place = 0; place < fields; place++, index++) {
        target.writeUInt32BE(change(block[place]!, index), at + index * 4);
      }
      block.buffer.transfer(0); // At once, not when somebody collects it.
    }
    if (index !== this.#length) throw new Error("The table has been written before.");
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

  /** To be written once. @param shift added to each value; none may then be negative */
  toBox(type: string, shift = 0): LateBytes {
    this.#flush();
    const change = (field: number, index: number) => (index % 2 === 0 ? field : ((field | 0) + shift) >>> 0);
    return this.#rows.toBox(type, { fieldsPerRow: 2, change });
  }

  #flush(): void {
    if (this.#count === 0) return;
    this.#rows.add(this.#count);
    this.#rows.add(this.#value >>> 0);
    this.#count = 0;
  }
}
