const UNITS = ["B", "kB", "MB", "GB", "TB"];

/** A length in bytes for people, decimal units: `512 B`, `44.1 MB`. */
export function bytesText(lengthBytes: number): string {
  let value = lengthBytes;
  let unit = 0;
  while (value >= 999.95 && unit < UNITS.length - 1) {
    value /= 1_000;
    unit += 1;
  }
  return `${unit === 0 ? value : value.toFixed(1)} ${UNITS[unit] ?? ""}`;
}

/** A duration for people: `1 h 01 min 05 s`, `1 min 30 s`, `4.250 s`. Milliseconds in, shown only where there are any. */
export function durationText(durationMs: number): string {
  const totalMs = Math.round(durationMs);
  const hours = Math.floor(totalMs / 3_600_000);
  const minutes = Math.floor(totalMs / 60_000) % 60;
  const seconds = (totalMs % 60_000) / 1_000;
  const shown = Number.isInteger(seconds) ? String(seconds) : seconds.toFixed(3);
  if (hours > 0) return `${hours} h ${twoDigits(String(minutes))} min ${twoDigits(shown)} s`;
  return minutes > 0 ? `${minutes} min ${twoDigits(shown)} s` : `${shown} s`;
}

/** A count with its noun: `1 segment`, `3 segments`, `no segments`. */
export function countText(count: number, noun: string): string {
  return `${count === 0 ? "no" : count.toLocaleString("en")} ${noun}${count === 1 ? "" : "s"}`;
}

function twoDigits(seconds: string): string {
  return seconds.length === 1 || seconds[1] === "." ? `0${seconds}` : seconds;
}
