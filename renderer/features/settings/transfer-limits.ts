/**
 * Quota and bandwidth as an administrator types them. Decimal units, as drives and networks have
 * them: 1 GB is 10⁹ bytes, 1 Mbit/s is 125,000 bytes a second.
 */
const BYTES_PER_GB = 1_000_000_000;
const BYTES_PER_SECOND_PER_MBIT = 125_000;

export function gbOf(bytes: number): string {
  return written(bytes / BYTES_PER_GB, 9);
}

export function mbitOf(bytesPerSecond: number | null): string {
  return bytesPerSecond === null ? "" : written(bytesPerSecond / BYTES_PER_SECOND_PER_MBIT, 6);
}

/** Never as 1e-9, and without zeros at the end. */
function written(value: number, digits: number): string {
  return value.toFixed(digits).replace(/\.?0+$/, "");
}

/** @returns whole bytes, or null where the text is no quota */
export function quotaBytesOf(text: string): number | null {
  const bytes = Math.round(numberOf(text) * BYTES_PER_GB);
  return bytes >= 1 && Number.isSafeInteger(bytes) ? bytes : null;
}

/** @returns whole bytes a second, "none" for no cap, or null where the text is no bandwidth */
export function bandwidthOf(text: string): number | "none" | null {
  if (text.trim() === "") return "none";
  const bytes = Math.round(numberOf(text) * BYTES_PER_SECOND_PER_MBIT);
  return bytes >= 1 && Number.isSafeInteger(bytes) ? bytes : null;
}

/** Accepts a comma for the decimal point, as many keyboards have it. */
function numberOf(text: string): number {
  const typed = text.trim().replace(",", ".");
  return /^\d+(\.\d+)?$/.test(typed) ? Number(typed) : Number.NaN;
}
