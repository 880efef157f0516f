/** Amounts in words, alike in both pages and in the sentences of main and services. */
const UNITS = ["B", "kB", "MB", "GB", "TB"] as const;

/** `512 B`, `4.2 GB`, `105 MB`: decimal units, as drives and networks have them, to three digits at most. */
export function formatBytes(bytes: number): string {
  let value = bytes;
  let unit = 0;
  while (value >= 999.5 && unit < UNITS.length - 1) {
    value /= 1000;
    unit += 1;
  }
  const digits = unit === 0 || value >= 99.95 ? 0 : 1;
  return `${value.toFixed(digits)} ${UNITS[unit]}`;
}

/** `4.2 MB/s` */
export function formatRate(bytesPerSecond: number): string {
  return `${formatBytes(bytesPerSecond)}/s`;
}

/** `1,200`: exact, for counts and for lengths in bytes. */
export function formatNumber(value: number): string {
  return value.toLocaleString("en");
}

/** `14.99 frames/s` */
export function formatFrameRate(framesPerSecond: number): string {
  return `${framesPerSecond.toFixed(2)} frames/s`;
}

/** A count with its noun: `1 segment`, `1,200 segments`, `no segments`. */
export function formatCount(count: number, noun: string): string {
  return `${count === 0 ? "no" : formatNumber(count)} ${noun}${count === 1 ? "" : "s"}`;
}

/** Beside the icon whose colour tells it: none is "no errors", one "an issue" in the words of the documentation. */
export function formatIssues(count: number): string {
  return count === 0 ? "no errors" : formatCount(count, "issue");
}
