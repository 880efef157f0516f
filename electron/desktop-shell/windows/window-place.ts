/** Where a window stands, and where it stands again when monitors are not as they were. Pure. */
import { z } from "zod";

const boundsSchema = z.object({ x: z.number(), y: z.number(), width: z.number(), height: z.number() });
export type Bounds = Readonly<z.infer<typeof boundsSchema>>;

/** As Electron's Display, as far as it is used. Lengths are its device-independent pixels, over all monitors. */
export interface Monitor {
  readonly id: number;
  readonly bounds: Bounds;
  /** Without what the system keeps for itself, as a task bar. */
  readonly workArea: Bounds;
}

export const windowPlaceSchema = z.object({
  /** As it is when it is neither maximized nor fills the screen. */
  bounds: boundsSchema,
  /** The monitor with most of it. */
  monitor: z.object({ id: z.number(), bounds: boundsSchema }),
  isMaximized: z.boolean(),
  isFullScreen: z.boolean(),
});
export type WindowPlace = Readonly<z.infer<typeof windowPlaceSchema>>;

/** Whatever is remembered, a window can be used: one that is smaller shows no button, not even that to log on. */
const LEAST = { width: 640, height: 480 };

/**
 * Where a remembered window stands now, in sight as a whole. Its monitor is known by its id, also where it has been moved
 * among the others; where it is gone, the monitor that has most of the place takes the window, or else the first one.
 * @param monitors the system's first one first
 */
export function boundsOn(
  place: Pick<WindowPlace, "bounds" | "monitor">,
  monitors: readonly Monitor[],
): Bounds {
  const same = monitors.find(({ id }) => id === place.monitor.id);
  const bounds = largeEnough(place.bounds);
  const here = same === undefined ? bounds : movedAlong(bounds, place.monitor.bounds, same.bounds);
  if (isInSight(here, monitors)) return here;
  const monitor = same ?? monitorOf(here, monitors) ?? monitors[0];
  return monitor === undefined ? here : fitted(here, monitor.workArea);
}

/** The monitor with most of a window; undefined where no monitor has any of it. */
export function monitorOf(window: Bounds, monitors: readonly Monitor[]): Monitor | undefined {
  const shares = monitors.map((monitor) => ({ monitor, area: sharedArea(window, monitor.bounds) }));
  const most = shares.reduce<(typeof shares)[number] | undefined>(
    (best, each) => (each.area > (best?.area ?? 0) ? each : best),
    undefined,
  );
  return most?.monitor;
}

/** Also a window over several monitors, as a wall of them has. */
function isInSight({ x, y, width, height }: Bounds, monitors: readonly Monitor[]): boolean {
  const corners = [x, x + width - 1].flatMap((left) => [y, y + height - 1].map((top) => ({ left, top })));
  return corners.every(({ left, top }) => monitors.some(({ bounds: screen }) => isIn(left, top, screen)));
}

const isIn = (left: number, top: number, { x, y, width, height }: Bounds) =>
  left >= x && left < x + width && top >= y && top < y + height;

function movedAlong(window: Bounds, before: Bounds, now: Bounds): Bounds {
  return { ...window, x: window.x + now.x - before.x, y: window.y + now.y - before.y };
}

const largeEnough = (window: Bounds): Bounds => ({
  ...window,
  width: Math.max(window.width, LEAST.width),
  height: Math.max(window.height, LEAST.height),
});

function fitted(window: Bounds, area: Bounds): Bounds {
  const width = Math.min(window.width, area.width);
  const height = Math.min(window.height, area.height);
  return {
    x: Math.min(Math.max(window.x, area.x), area.x + area.width - width),
    y: Math.min(Math.max(window.y, area.y), area.y + area.height - height),
    width,
    height,
  };
}

function sharedArea(a: Bounds, b: Bounds): number {
  const width = Math.min(a.x + a.width, b.x + b.width) - Math.max(a.x, b.x);
  const height = Math.min(a.y + a.height, b.y + b.height) - Math.max(a.y, b.y);
  return Math.max(0, width) * Math.max(0, height);
}
