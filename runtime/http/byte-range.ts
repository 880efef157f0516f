export interface ByteRange {
  readonly startByte: number;
  /** Exclusive. */
  readonly endByte: number;
}

/**
 * Reads a Range header (RFC 9110, 14.1.2; the unit is named in any case, 14.1), one range only.
 * @param header the header's text, or undefined when there is none
 * @param lengthBytes length of the whole
 * @returns null when the whole is to be sent (no header, or one that has to be ignored)
 */
export function parseByteRange(
  header: string | undefined,
  lengthBytes: number,
): ByteRange | "unsatisfiable" | null {
  const parts = /^bytes=[ \t]*(\d*)-(\d*)$/i.exec(header?.trim() ?? "");
  if (parts === null || (parts[1] === "" && parts[2] === "")) return null;
  if (parts[1] === "") {
    const suffixBytes = Number(parts[2]);
    if (suffixBytes === 0 || lengthBytes === 0) return "unsatisfiable";
    return { startByte: Math.max(0, lengthBytes - suffixBytes), endByte: lengthBytes };
  }
  const startByte = Number(parts[1]);
  const lastByte = parts[2] === "" ? Infinity : Number(parts[2]);
  if (lastByte < startByte) return null;
  if (startByte >= lengthBytes) return "unsatisfiable";
  return { startByte, endByte: Math.min(lastByte + 1, lengthBytes) };
}
