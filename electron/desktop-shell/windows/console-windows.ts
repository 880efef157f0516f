import type { BrowserWindow } from "electron";
import { failed, type Outcome, succeeded } from "#shared/domain/failure.ts";
import type { CanvasLayout, OwnWindow } from "#shared/ipc-contract/window-contract.ts";
import type { RememberedWindows } from "./remembered-windows.ts";
import { WatchedPlace, type PlacedWindow } from "./watched-place.ts";
import { type Bounds, boundsOn, type Monitor, type WindowPlace } from "./window-place.ts";

/**
 * Windows of one console, the first one among them. Each page holds one of the six connections that Chromium opens to
 * an archive for its live pictures, for good; what is recorded needs some too.
 */
export const WINDOWS_MAX = 4;

/** A desktop that ends closes windows one by one: who closed only this one is still there after so long. */
const MEANT_MS = 2_000;

/** How far a new window stands from the one it was opened from. */
const CASCADE_PX = 40;

const EMPTY_CANVAS: CanvasLayout = { canvasPattern: "2x2", tiles: [null] };

/** How a window is opened. */
export interface Opening {
  readonly kind: OwnWindow["kind"];
  /** Null: as large as usual, where the system puts it. */
  readonly place: WindowPlace | null;
  /** Where it stands, of that place, on the monitors that there are. */
  readonly bounds: Bounds | null;
  /** False for windows that come back beside the first one. */
  readonly takesFocus: boolean;
}

/** As Electron's BrowserWindow, as far as it is used. */
export type DeskWindow = PlacedWindow &
  Pick<BrowserWindow, "show" | "focus" | "isMinimized" | "restore" | "destroy" | "setFullScreen"> & {
    readonly webContents: Pick<BrowserWindow["webContents"], "id">;
  };

export interface ConsoleWindowsOptions<Window extends DeskWindow> {
  readonly open: (opening: Opening) => Window;
  /** The system's first one first. */
  readonly monitors: () => readonly Monitor[];
  readonly remembered: RememberedWindows;
}

interface Placed<Window> {
  readonly window: Window;
  readonly place: WatchedPlace;
}

interface NumberedPlace {
  readonly number: number;
  readonly place: WindowPlace;
}

/**
 * All windows of the console. The first is the console itself: further ones show a canvas each to the operator who is
 * logged on, come back with them at their log-on, and go with the first window or the log-off.
 */
export class ConsoleWindows<Window extends DeskWindow> {
  readonly #options: ConsoleWindowsOptions<Window>;
  #first: Placed<Window> | null = null;
  /** By number. */
  readonly #further = new Map<number, Placed<Window>>();
  readonly #forgetting = new Set<NodeJS.Timeout>();
  #operator: string | null = null;
  #hasLeft = false;

  constructor(options: ConsoleWindowsOptions<Window>) {
    this.#options = options;
  }

  /** By number, the first one first. */
  all(): Window[] {
    return this.#placed().map(({ window }) => window);
  }

  first(): Window | null {
    return this.#first?.window ?? null;
  }

  /** Opens the first window, with those of the operator who is still logged on; where it is open, raises it. */
  showFirst(): void {
    if (this.#first !== null) {
      raise(this.#first.window);
      return;
    }
    const { remembered } = this.#options;
    const first = this.#open({ kind: "console", place: remembered.first(), takesFocus: true }, (place) =>
      remembered.keepFirst(place),
    );
    this.#first = first;
    first.window.on("closed", () => {
      this.#first = null;
      this.#closeFurther();
    });
    this.#openRemembered();
  }

  /** @param username null for nobody; said again, nothing happens */
  operatorIs(username: string | null): void {
    if (username === this.#operator) return;
    this.#closeFurther();
    this.#operator = username;
    this.#openRemembered();
  }

  /** Opens one more, on a monitor of its own where there is one left. */
  openAnother(askerId: number): Outcome<undefined> {
    const { remembered } = this.#options;
    const operator = this.#operator;
    const asker = this.#withId(askerId)?.place.now() ?? null;
    if (operator === null || asker === null)
      return failed("WINDOW_GONE", "The window that asked for another one is not there any more.");
    if (this.#placed().length >= WINDOWS_MAX) {
      const sentence = `There are ${WINDOWS_MAX} windows already; no more can be opened.`;
      return failed("TOO_MANY_WINDOWS", sentence);
    }
    const taken = [...this.#further.keys(), ...remembered.of(operator).map(({ number }) => number)];
    const number = firstFree(taken);
    const place = this.#placeOfAnother(asker);
    remembered.keep(operator, { number, place, canvas: EMPTY_CANVAS });
    this.#openFurther(operator, { number, place }, true);
    return succeeded(undefined);
  }

  /** From each window to the one after it, from the last to the first. */
  showNext(askerId: number): void {
    const all = this.all();
    const asker = all.findIndex(({ webContents }) => webContents.id === askerId);
    const next = all[(asker + 1) % all.length];
    if (next !== undefined) raise(next);
  }

  toggleFullScreen(askerId: number): void {
    const window = this.#withId(askerId)?.window;
    window?.setFullScreen(!window.isFullScreen());
  }

  /** What a window is; one that is just going is told that it is the console, and goes. */
  ownOf(askerId: number): OwnWindow {
    const number = this.#numberOf(askerId);
    if (number === null) return { kind: "console" };
    const known = this.#options.remembered.of(this.#operator ?? "").find((each) => each.number === number);
    return { kind: "canvas", number, canvas: known?.canvas ?? EMPTY_CANVAS };
  }

  keepCanvas(askerId: number, canvas: CanvasLayout): void {
    const number = this.#numberOf(askerId);
    if (number === null || this.#operator === null) return;
    this.#options.remembered.keepCanvas(this.#operator, number, canvas);
  }

  /** A monitor has gone. */
  bringIntoSight(): void {
    for (const { place } of this.#placed()) place.bringIntoSight();
  }

  /** The console ends: its windows are remembered as they are, in whatever order they close. */
  leave(): void {
    for (const { place } of this.#placed()) place.settle();
    this.#keepClosed();
    this.#hasLeft = true;
  }

  #placed(): Placed<Window>[] {
    const further = [...this.#further].toSorted(([a], [b]) => a - b).map(([, placed]) => placed);
    return this.#first === null ? further : [this.#first, ...further];
  }

  #withId(id: number): Placed<Window> | undefined {
    return this.#placed().find(({ window }) => window.webContents.id === id);
  }

  #numberOf(id: number): number | null {
    return [...this.#further].find(([, { window }]) => window.webContents.id === id)?.[0] ?? null;
  }

  #open(
    { kind, place, takesFocus }: Omit<Opening, "bounds">,
    keep: (place: WindowPlace) => void,
  ): Placed<Window> {
    const { open, monitors } = this.#options;
    const bounds = place === null ? null : boundsOn(place, monitors());
    const window = open({ kind, place, bounds, takesFocus });
    const openedAt = place === null || bounds === null ? null : { place, bounds };
    const keepUntilLeft = (now: WindowPlace) => {
      if (!this.#hasLeft) keep(now);
    };
    return { window, place: new WatchedPlace(window, { monitors, openedAt, keep: keepUntilLeft }) };
  }

  #openRemembered(): void {
    const operator = this.#operator;
    if (operator === null || this.#first === null) return;
    for (const { number, place } of this.#options.remembered.of(operator).slice(0, WINDOWS_MAX - 1)) {
      this.#openFurther(operator, { number, place }, false);
    }
  }

  #openFurther(operator: string, { number, place }: NumberedPlace, takesFocus: boolean): void {
    const { remembered } = this.#options;
    const further = this.#open({ kind: "canvas", place, takesFocus }, (now) =>
      remembered.keepPlace(operator, number, now),
    );
    this.#further.set(number, further);
    further.window.on("closed", () => {
      if (this.#further.get(number) !== further) return;
      this.#further.delete(number);
      if (!this.#hasLeft) this.#forgetSoon(operator, number);
    });
  }

  #forgetSoon(operator: string, number: number): void {
    const timer = setTimeout(() => {
      this.#forgetting.delete(timer);
      this.#options.remembered.forget(operator, number);
    }, MEANT_MS);
    timer.unref();
    this.#forgetting.add(timer);
  }

  /** What was closed a moment ago was closed together with the rest. */
  #keepClosed(): void {
    for (const timer of this.#forgetting) clearTimeout(timer);
    this.#forgetting.clear();
  }

  #closeFurther(): void {
    this.#keepClosed();
    const going = [...this.#further.values()];
    this.#further.clear();
    for (const { window, place } of going) {
      place.settle();
      window.destroy();
    }
  }

  #placeOfAnother(asker: WindowPlace): WindowPlace {
    const monitors = this.#options.monitors();
    const used = this.#placed().map(({ place }) => place.now()?.monitor.id);
    const free = monitors.find(({ id }) => !used.includes(id));
    const { x, y, width, height } = asker.bounds;
    const beside = {
      bounds: { x: x + CASCADE_PX, y: y + CASCADE_PX, width, height },
      monitor: asker.monitor,
    };
    if (free === undefined)
      return { ...beside, bounds: boundsOn(beside, monitors), isMaximized: false, isFullScreen: false };
    const monitor = { id: free.id, bounds: free.bounds };
    return { bounds: free.workArea, monitor, isMaximized: true, isFullScreen: false };
  }
}

function raise(window: DeskWindow): void {
  if (window.isMinimized()) window.restore();
  window.show();
  window.focus();
}

function firstFree(taken: readonly number[]): number {
  let number = 2;
  while (taken.includes(number)) number += 1;
  return number;
}
