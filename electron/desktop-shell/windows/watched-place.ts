import type { BrowserWindow } from "electron";
import { boundsOn, type Bounds, type Monitor, monitorOf, type WindowPlace } from "./window-place.ts";

/** A window that is dragged tells every pixel; where it stands is kept when it has come to rest. */
const REST_MS = 600;

/** As Electron's BrowserWindow, as far as it is used. */
export type PlacedWindow = Pick<
  BrowserWindow,
  "on" | "getNormalBounds" | "setBounds" | "isMaximized" | "isFullScreen" | "isDestroyed"
>;

/** Where a window was opened, of a place that is remembered; another one where that is out of sight. */
export interface OpenedAt {
  readonly place: WindowPlace;
  readonly bounds: Bounds;
}

export interface WatchedPlaceParts {
  readonly monitors: () => readonly Monitor[];
  readonly openedAt: OpenedAt | null;
  readonly keep: (place: WindowPlace) => void;
}

/** Watches where a window stands. */
export class WatchedPlace {
  readonly #window: PlacedWindow;
  readonly #monitors: () => readonly Monitor[];
  readonly #openedAt: OpenedAt | null;
  readonly #keep: (place: WindowPlace) => void;
  #timer: NodeJS.Timeout | null = null;

  constructor(window: PlacedWindow, { monitors, openedAt, keep }: WatchedPlaceParts) {
    [this.#window, this.#monitors] = [window, monitors];
    [this.#openedAt, this.#keep] = [openedAt, keep];
    const moved = () => this.#keepWhenAtRest();
    window.on("move", moved).on("resize", moved);
    window.on("maximize", moved).on("unmaximize", moved);
    window.on("enter-full-screen", moved).on("leave-full-screen", moved);
    window.on("close", () => this.settle());
  }

  /** Keeps at once what would be kept a little later. */
  settle(): void {
    if (this.#timer === null) return;
    clearTimeout(this.#timer);
    this.#timer = null;
    const place = this.now();
    if (place !== null) this.#keep(this.#asRemembered(place));
  }

  /** Null where there is no window any more, or no monitor. */
  now(): WindowPlace | null {
    if (this.#window.isDestroyed()) return null;
    const bounds = this.#window.getNormalBounds();
    const monitors = this.#monitors();
    const monitor = monitorOf(bounds, monitors) ?? monitors[0];
    if (monitor === undefined) return null;
    return {
      bounds,
      monitor: { id: monitor.id, bounds: monitor.bounds },
      isMaximized: this.#window.isMaximized(),
      isFullScreen: this.#window.isFullScreen(),
    };
  }

  /** After a monitor has gone: not every desktop brings along what was on it. */
  bringIntoSight(): void {
    const place = this.now();
    if (place === null) return;
    const here = boundsOn(place, this.#monitors());
    const { x, y } = place.bounds;
    if (here.x !== x || here.y !== y) this.#window.setBounds(here);
  }

  /** Nobody has moved it since it was opened: its own monitor, which may be off today, stays its own. */
  #asRemembered(place: WindowPlace): WindowPlace {
    if (this.#openedAt === null || !isSame(place.bounds, this.#openedAt.bounds)) return place;
    const { bounds, monitor } = this.#openedAt.place;
    return { ...place, bounds, monitor };
  }

  #keepWhenAtRest(): void {
    if (this.#timer !== null) clearTimeout(this.#timer);
    this.#timer = setTimeout(() => this.settle(), REST_MS);
    this.#timer.unref();
  }
}

const isSame = (a: Bounds, b: Bounds) =>
  a.x === b.x && a.y === b.y && a.width === b.width && a.height === b.height;
