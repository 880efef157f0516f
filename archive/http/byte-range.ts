/** Bytes asked for by a `Range` header, half-open. `whole`: no usable range, the whole is meant. */
export type ByteRange = "whole" | "unsatisfiable" | { readonly start: number; readonly end: number };

/**
 * Reads a `Range` header of one range (RFC 9110, 14.2; the unit is named in any case, 14.1). Several ranges, or another unit, count as none,
 * which the standard allows.
 */
export function parseByteRange(header: string | undefined, lengthBytes: number): ByteRange {
  const match = /^bytes=[ \t]*(\d{0,16})-(\d{0,16})$/i.exec(header?.trim() ?? "");
  const [first = "", last = ""] = match === null ? [] : match.slice(1);
  if (first === "" && last === "") return "whole";
  if (first === "") {
    const suffix = Math.min(Number(last), lengthBytes);
    return suffix === 0 ? "unsatisfiable" : { start: lengthBytes - suffix, end: lengthBytes };
  }
  const start = Number(first);
  const end = last === "" ? lengthBytes : Math.min(Number(last) + 1, lengthBytes);
  if (last !== "" && Number(last) < start) return "whole";
  return start >= lengthBytes ? "unsatisfiable" : { start, end };
}
