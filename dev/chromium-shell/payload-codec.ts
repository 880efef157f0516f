/** One codec for both ends; text, because that is what a browser binding carries. */
export interface PayloadCodec {
  /** @throws Error "An object could not be cloned." as Electron does for functions, symbols, promises. */
  encode(value: unknown): string;
  decode(text: string): unknown;
}

/**
 * Structured clone written as JSON text: Date, Map, Set, RegExp, BigInt, undefined, NaN, errors, typed arrays,
 * shared and circular references survive; prototypes and functions do not.
 *
 * Self-contained on purpose: its source text also runs inside the page (see preload-script.ts).
 */
export function createPayloadCodec(): PayloadCodec {
  type Cell = [kind: string, ...rest: unknown[]];
  const viewKinds: Record<string, new (buffer: ArrayBuffer) => ArrayBufferView> = {
    Int8Array,
    Uint8Array,
    Uint8ClampedArray,
    Int16Array,
    Uint16Array,
    Int32Array,
    Uint32Array,
    Float32Array,
    Float64Array,
    BigInt64Array,
    BigUint64Array,
    DataView,
  };
  const kindOf = (value: object) => Object.prototype.toString.call(value).slice(8, -1);

  function toBase64(bytes: Uint8Array): string {
    let binary = "";
    for (let at = 0; at < bytes.length; at += 32_768) {
      binary += String.fromCharCode(...bytes.subarray(at, at + 32_768));
    }
    return btoa(binary);
  }
  const fromBase64 = (text: string) => Uint8Array.from(atob(text), (character) => character.charCodeAt(0));

  function cellOf(value: object, reference: (value: unknown) => unknown): Cell {
    if (Array.isArray(value)) return ["Array", value.length, ...entriesOf(value, reference)];
    if (value instanceof Date) return ["Date", value.getTime()];
    if (value instanceof RegExp) return ["RegExp", value.source, value.flags];
    if (value instanceof Map) return ["Map", ...[...value].flat().map(reference)];
    if (value instanceof Set) return ["Set", ...[...value].map(reference)];
    if (value instanceof Error) return ["Error", value.name, value.message, value.stack ?? ""];
    if (value instanceof ArrayBuffer) return ["ArrayBuffer", toBase64(new Uint8Array(value))];
    if (ArrayBuffer.isView(value)) {
      const bytes = new Uint8Array(value.buffer, value.byteOffset, value.byteLength);
      return [kindOf(value), toBase64(bytes)];
    }
    if (kindOf(value) !== "Object") throw new Error("An object could not be cloned.");
    return ["Object", ...entriesOf(value, reference)];
  }
  const entriesOf = (value: object, reference: (value: unknown) => unknown) =>
    Object.entries(value).flatMap(([key, item]) => [key, reference(item)]);

  function encode(value: unknown): string {
    let copy: unknown;
    try {
      copy = structuredClone(value);
    } catch {
      throw new Error("An object could not be cloned.");
    }
    const numbers = new Map<object, number>();
    const cells: Cell[] = [];
    function reference(item: unknown): unknown {
      if (item === null || typeof item === "string" || typeof item === "boolean") return item;
      if (typeof item === "number") {
        return Number.isFinite(item) && !Object.is(item, -0)
          ? item
          : ["number", Object.is(item, -0) ? "-0" : `${item}`];
      }
      if (typeof item !== "object") return [typeof item, `${item as bigint | undefined}`];
      const known = numbers.get(item);
      if (known !== undefined) return [known];
      const number = cells.length;
      numbers.set(item, number);
      cells.push(["Object"]);
      cells[number] = cellOf(item, reference);
      return [number];
    }
    const root = reference(copy);
    return JSON.stringify([root, cells]);
  }

  function shellOf([kind, first, second, third]: Cell): unknown {
    const view = viewKinds[kind];
    if (view) return new view(fromBase64(String(first)).buffer);
    if (kind === "Array") return Object.assign([], { length: Number(first) });
    // The time of an invalid date is NaN, which JSON writes as null; Date would read that as 1970.
    if (kind === "Date") return new Date(first === null ? Number.NaN : Number(first));
    if (kind === "RegExp") return new RegExp(String(first), String(second));
    if (kind === "Map") return new Map();
    if (kind === "Set") return new Set();
    if (kind === "ArrayBuffer") return fromBase64(String(first)).buffer;
    if (kind === "Error")
      return Object.assign(new Error(String(second)), { name: String(first), stack: String(third) });
    return {};
  }

  function decode(text: string): unknown {
    const [root, cells] = JSON.parse(text) as [unknown, Cell[]];
    const values = cells.map(shellOf);
    function resolve(item: unknown): unknown {
      if (!Array.isArray(item)) return item;
      const [kind, written] = item as [string | number, string];
      if (typeof kind === "number") return values[kind];
      if (kind === "number") return Number(written);
      return kind === "bigint" ? BigInt(written) : undefined;
    }
    for (const [index, [kind, ...rest]] of cells.entries()) {
      const value = values[index];
      const items = kind === "Array" ? rest.slice(1) : rest;
      if (value instanceof Set) for (const item of items) value.add(resolve(item));
      else if (kind === "Object" || kind === "Array" || value instanceof Map) {
        for (let at = 0; at < items.length; at += 2) fill(value as object, items, at, resolve);
      }
    }
    return resolve(root);
  }

  function fill(into: object, items: unknown[], at: number, resolve: (item: unknown) => unknown): void {
    if (into instanceof Map) into.set(resolve(items[at]), resolve(items[at + 1]));
    else {
      // defineProperty: a key named __proto__ must stay a plain key.
      const value = resolve(items[at + 1]);
      Object.defineProperty(into, String(items[at]), {
        value,
        writable: true,
        enumerable: true,
        configurable: true,
      });
    }
  }

  return { encode, decode };
}
