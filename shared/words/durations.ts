/** Lengths of time in words, alike in both pages. Milliseconds in, rounded to whole ones. */

/** `1 h 02 min 03 s`, `1 min 05.250 s`, `7.250 s`: for reading; milliseconds only where there are any. */
export function formatDuration(durationMs: number): string {
  const totalMs = Math.max(0, Math.round(durationMs));
  const hours = Math.floor(totalMs / 3_600_000);
  const minutes = Math.floor(totalMs / 60_000) % 60;
  const wholeSeconds = Math.floor(totalMs / 1_000) % 60;
  const rest = totalMs % 1_000 === 0 ? "" : `.${padded(totalMs % 1_000, 3)}`;
  if (hours > 0) return `${hours} h ${padded(minutes, 2)} min ${padded(wholeSeconds, 2)}${rest} s`;
  if (minutes > 0) return `${minutes} min ${padded(wholeSeconds, 2)}${rest} s`;
  return `${wholeSeconds}${rest} s`;
}

/** `01:02:03.250`: exact to the millisecond, for what is being measured. */
export function formatExactDuration(durationMs: number): string {
  const totalMs = Math.max(0, Math.round(durationMs));
  const clock = [totalMs / 3_600_000, (totalMs / 60_000) % 60, (totalMs / 1_000) % 60];
  return `${clock.map((part) => padded(part, 2)).join(":")}.${padded(totalMs % 1_000, 3)}`;
}

function padded(value: number, digits: number): string {
  return String(Math.floor(value)).padStart(digits, "0");
}
