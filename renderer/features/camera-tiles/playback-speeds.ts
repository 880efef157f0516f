export const SPEEDS = [1, 2, 4, 6, 8, 10, 20, 40, 100] as const;

/** The fastest at which the browser itself plays; beyond it, and backwards, playback steps by seeking. */
const PLAYED_MAX = 10;

/** Whether a speed (negative: backwards) is played by seeking from picture to picture. */
export function isStepped(speed: number): boolean {
  return speed < 0 || speed > PLAYED_MAX;
}

/** `4×`, `−20×` */
export function speedName(speed: number): string {
  return `${speed < 0 ? "−" : ""}${Math.abs(speed)}×`;
}
