import { EventEmitter } from "node:events";
import { afterEach, beforeEach, expect, test, vi } from "vitest";
import { ConsoleWindows, type DeskWindow, type Opening, WINDOWS_MAX } from "./console-windows.ts";
import { type KeptSettings, RememberedWindows } from "./remembered-windows.ts";
import { type Bounds, boundsOn, type Monitor } from "./window-place.ts";

const monitorAt = (id: number, x: number): Monitor => {
  const bounds = { x, y: 0, width: 1920, height: 1080 };
  return { id, bounds, workArea: bounds };
};
const USUAL: Bounds = { x: 100, y: 100, width: 1600, height: 900 };
const CANVAS = { canvasPattern: "3x3", tiles: ["gate", null] } as const;
const LONG_AFTER_MS = 10_000;

/** As Electron's, without a system around it. */
class Window extends EventEmitter {
  static lastId = 0;
  readonly webContents = { id: (Window.lastId += 1) };
  readonly opening: Opening;
  bounds: Bounds;
  state = { isFullScreen: false, isMaximized: false, isMinimized: false, isGone: false };
  shown = 0;

  constructor(opening: Opening) {
    super();
    this.opening = opening;
    this.bounds = opening.bounds ?? USUAL;
    this.state.isFullScreen = opening.place?.isFullScreen ?? false;
    this.state.isMaximized = opening.place?.isMaximized ?? false;
  }
  getNormalBounds = () => ({ ...this.bounds });
  setBounds = (bounds: Partial<Bounds>) => this.change({ bounds: { ...this.bounds, ...bounds } });
  isMaximized = () => this.state.isMaximized;
  isFullScreen = () => this.state.isFullScreen;
  isMinimized = () => this.state.isMinimized;
  isDestroyed = () => this.state.isGone;
  restore = () => (this.state.isMinimized = false);
  show = () => (this.shown += 1);
  focus = () => undefined;
  setFullScreen = (isFullScreen: boolean) => {
    this.state.isFullScreen = isFullScreen;
    this.emit(isFullScreen ? "enter-full-screen" : "leave-full-screen");
  };
  change({ bounds }: { readonly bounds: Bounds }) {
    this.bounds = bounds;
    this.emit("move");
  }
  destroy = () => {
    if (this.state.isGone) return;
    this.state.isGone = true;
    this.emit("closed");
  };
  /** As an operator closes it. */
  close() {
    this.emit("close");
    this.destroy();
  }
}

/** Settings that outlast the console. */
let stored: Map<string, string>;
const settings: KeptSettings = {
  read: (name, schema, fallback) =>
    stored.has(name) ? schema.parse(JSON.parse(stored.get(name)!)) : fallback,
  remember: (name, value) => stored.set(name, JSON.stringify(value)) === stored,
};
let monitors: Monitor[];

/** One run of the console, up to the log-on dialog. */
function started() {
  const windows = new ConsoleWindows<Window & DeskWindow>({
    open: (opening) => new Window(opening) as unknown as Window & DeskWindow,
    monitors: () => monitors,
    remembered: new RememberedWindows(settings),
  });
  windows.showFirst();
  const first = () => windows.all()[0]!;
  return { windows, first, open: () => windows.openAnother(first().webContents.id) };
}

const placesOf = ({ windows }: ReturnType<typeof started>) => windows.all().map(({ bounds }) => bounds);
const numbersOf = ({ windows }: ReturnType<typeof started>) =>
  windows.all().map(({ webContents }) => {
    const own = windows.ownOf(webContents.id);
    return own.kind === "canvas" ? own.number : 1;
  });

beforeEach(() => {
  vi.useFakeTimers();
  stored = new Map();
  monitors = [monitorAt(1, 0), monitorAt(2, 1920)];
});
afterEach(() => {
  vi.useRealTimers();
});

test("further windows come back at their operator's log-on: where they stood, with their canvas, and full", () => {
  const before = started();
  before.windows.operatorIs("ada");
  before.open();
  const second = before.windows.all()[1]!;
  second.change({ bounds: { x: 2000, y: 50, width: 1280, height: 800 } });
  before.windows.toggleFullScreen(second.webContents.id);
  before.windows.keepCanvas(second.webContents.id, { ...CANVAS, tiles: [...CANVAS.tiles] });
  before.windows.leave();

  const after = started();
  expect(numbersOf(after)).toEqual([1]);
  after.windows.operatorIs("ada");
  const [, back] = after.windows.all();
  expect(back?.opening).toMatchObject({
    kind: "canvas",
    bounds: { x: 2000, y: 50, width: 1280, height: 800 },
    place: { isFullScreen: true },
    takesFocus: false,
  });
  expect(after.windows.ownOf(back!.webContents.id)).toEqual({ kind: "canvas", number: 2, canvas: CANVAS });
  after.windows.operatorIs("bob");
  expect(numbersOf(after)).toEqual([1]);
  expect(back?.isDestroyed()).toBe(true);
});

test("the first window stands where it stood, before anybody has logged on", () => {
  const before = started();
  before.first().change({ bounds: { x: 2100, y: 60, width: 1100, height: 700 } });
  before.first().close();
  expect(placesOf(started())).toEqual([{ x: 2100, y: 60, width: 1100, height: 700 }]);
});

test("a window whose monitor is gone comes back in sight, and on its monitor when that is there again", () => {
  const before = started();
  before.windows.operatorIs("ada");
  before.open();
  before.windows.all()[1]!.change({ bounds: { x: 2000, y: 50, width: 1280, height: 800 } });
  before.windows.leave();

  monitors = [monitorAt(1, 0)];
  const meanwhile = started();
  meanwhile.windows.operatorIs("ada");
  expect(placesOf(meanwhile)[1]).toEqual({ x: 640, y: 50, width: 1280, height: 800 });
  meanwhile.windows.toggleFullScreen(meanwhile.windows.all()[1]!.webContents.id);
  meanwhile.windows.leave();

  monitors = [monitorAt(1, 0), monitorAt(2, 1920)];
  const after = started();
  after.windows.operatorIs("ada");
  expect(placesOf(after)[1]).toEqual({ x: 2000, y: 50, width: 1280, height: 800 });
  expect(after.windows.all()[1]?.isFullScreen()).toBe(true);
});

test("a monitor that goes while windows are on it leaves none of them out of sight", () => {
  const desk = started();
  desk.windows.operatorIs("ada");
  desk.open();
  monitors = [monitorAt(1, 0)];
  desk.windows.bringIntoSight();
  for (const bounds of placesOf(desk)) {
    expect(boundsOn({ bounds, monitor: monitors[0]! }, monitors)).toEqual(bounds);
  }
});

test("a new window opens on a monitor that has none, else beside the one it is asked for in", () => {
  const desk = started();
  desk.windows.operatorIs("ada");
  desk.open();
  desk.open();
  expect(desk.windows.all()[1]?.opening).toMatchObject({
    bounds: monitors[1]?.bounds,
    place: { isMaximized: true },
  });
  expect(placesOf(desk)[2]).toEqual({ ...USUAL, x: 140, y: 140 });
});

test("a window that its operator closes does not come back, those that close with the desktop do", () => {
  const desk = started();
  desk.windows.operatorIs("ada");
  desk.open();
  desk.open();
  desk.windows.all()[1]!.close();
  vi.advanceTimersByTime(LONG_AFTER_MS);
  expect(numbersOf(desk)).toEqual([1, 3]);
  desk.windows.all()[1]!.close();
  desk.windows.leave();
  desk.first().close();
  vi.advanceTimersByTime(LONG_AFTER_MS);

  const after = started();
  after.windows.operatorIs("ada");
  expect(numbersOf(after)).toEqual([1, 3]);
});

test("further windows close with the first, and open with it again while their operator is logged on", () => {
  const desk = started();
  desk.windows.operatorIs("ada");
  desk.open();
  const second = desk.windows.all()[1]!;
  desk.first().close();
  expect(second.isDestroyed()).toBe(true);
  expect(desk.windows.all()).toEqual([]);
  desk.windows.showFirst();
  expect(numbersOf(desk)).toEqual([1, 2]);
});

test("the key goes from window to window and from the last to the first, also to one that was minimized", () => {
  const desk = started();
  desk.windows.operatorIs("ada");
  desk.open();
  desk.open();
  const all = desk.windows.all();
  all[2]!.state.isMinimized = true;
  const next = [1, 2, 0];
  for (const [from, to] of next.entries()) {
    const before = all[to]!.shown;
    desk.windows.showNext(all[from]!.webContents.id);
    expect(all[to]!.shown).toBe(before + 1);
  }
  expect(all[2]!.isMinimized()).toBe(false);
});

test("nobody opens a window before log-on, nor more than pictures can be shown in", () => {
  const desk = started();
  expect(desk.open()).toMatchObject({ ok: false });
  desk.windows.operatorIs("ada");
  for (let count = 1; count < WINDOWS_MAX; count += 1) expect(desk.open()).toMatchObject({ ok: true });
  expect(desk.open()).toMatchObject({ ok: false, error: { code: "TOO_MANY_WINDOWS" } });
  expect(numbersOf(desk)).toEqual([1, 2, 3, 4]);
});

test("what cannot be read of remembered windows is as good as none", () => {
  stored.set("first-window", JSON.stringify({ bounds: "left" }));
  stored.set("windows:ada", JSON.stringify([{ number: 1 }]));
  const desk = started();
  desk.windows.operatorIs("ada");
  expect(numbersOf(desk)).toEqual([1]);
  expect(placesOf(desk)).toEqual([USUAL]);
});

test("nothing is written after the console has been left: its settings are closed by then", () => {
  const desk = started();
  desk.windows.operatorIs("ada");
  desk.open();
  desk.windows.leave();
  const before = JSON.stringify([...stored]);
  for (const window of desk.windows.all()) window.change({ bounds: { ...USUAL, x: 7 } });
  for (const window of desk.windows.all().toReversed()) window.close();
  vi.advanceTimersByTime(LONG_AFTER_MS);
  expect(JSON.stringify([...stored])).toBe(before);
});
