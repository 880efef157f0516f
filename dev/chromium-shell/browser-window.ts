import { EventEmitter } from "node:events";
import { pathToFileURL } from "node:url";
import type { Page } from "playwright-core";
import { notAvailable, throwingOnLacking } from "./not-available.ts";
import { preloadScript } from "./preload-script.ts";
import { PreventableEvent } from "./preventable-event.ts";
import { pageOfWindow } from "./page-of-window.ts";
import { nominalDisplay } from "./nominal-display.ts";
import { sharedChromium } from "./shared-chromium.ts";
import { WebContents } from "./web-contents.ts";
import { openWindows, windowEvents } from "./window-registry.ts";

/** The options that mean something here; a window of Chromium ignores looks (icon, menu bar) like a tab does. */
export interface BrowserWindowOptions {
  x?: number;
  y?: number;
  width?: number;
  height?: number;
  minWidth?: number;
  minHeight?: number;
  show?: boolean;
  title?: string;
  icon?: string;
  backgroundColor?: string;
  autoHideMenuBar?: boolean;
  webPreferences?: {
    preload?: string;
    sandbox?: boolean;
    contextIsolation?: boolean;
    nodeIntegration?: boolean;
    webSecurity?: boolean;
    spellcheck?: boolean;
    backgroundThrottling?: boolean;
    devTools?: boolean;
    additionalArguments?: string[];
  };
}

export interface WindowBounds {
  x: number;
  y: number;
  width: number;
  height: number;
}

interface BrowserWindowEvents {
  "ready-to-show": [];
  show: [];
  hide: [];
  focus: [];
  move: [];
  resize: [];
  maximize: [];
  unmaximize: [];
  "enter-full-screen": [];
  "leave-full-screen": [];
  close: [PreventableEvent];
  closed: [];
}

let lastId = 0;
let readyLineWritten = false;

/** Stand-in for Electron's `BrowserWindow`: one page of the shared Chromium. */
export class BrowserWindow extends EventEmitter<BrowserWindowEvents> {
  readonly id = ++lastId;
  readonly webContents = new WebContents();
  private readonly options: BrowserWindowOptions;
  private readonly replacedPages = new WeakSet<Page>();
  private opening: Promise<Page>;
  private url = "";
  private visible: boolean;
  private destroyed = false;
  private shownOnce = false;
  /** As main has set them: that somebody drags a window of Chromium's nobody tells. */
  private bounds: WindowBounds;
  private state: "normal" | "maximized" | "fullscreen" = "normal";
  /** What it is again when it leaves the full screen. */
  private stateBefore: "normal" | "maximized" = "normal";

  constructor(options: BrowserWindowOptions = {}) {
    super();
    refuseUnsafe(options);
    this.options = options;
    this.visible = options.show ?? true;
    this.bounds = boundsAsked(options);
    const self = throwingOnLacking("BrowserWindow", this);
    openWindows.add(self);
    this.opening = self.openPage();
    this.opening.catch((error: unknown) => console.error("The window could not be opened:", error));
    windowEvents.emit("created", self);
    return self;
  }

  static getAllWindows(): BrowserWindow[] {
    return [...openWindows];
  }
  static getFocusedWindow(): BrowserWindow | null {
    return [...openWindows].find((window) => window.visible) ?? null;
  }
  static fromWebContents(contents: WebContents): BrowserWindow | null {
    return [...openWindows].find((window) => window.webContents.id === contents.id) ?? null;
  }
  static fromId(id: number): BrowserWindow | null {
    return [...openWindows].find((window) => window.id === id) ?? null;
  }

  private async openPage(): Promise<Page> {
    const { context, headless } = await sharedChromium();
    const page = await pageOfWindow(context);
    // Before main hears of it: what it loads then is loaded into the page that follows.
    page.once("crash", () => this.replacePage(page));
    await this.webContents.attach(page);
    await page.addInitScript({ content: preloadScript(this.options.webPreferences?.preload) });
    page.on("close", () => {
      if (!this.replacedPages.has(page)) this.pageIsGone();
    });
    page.on("load", () => this.becomeReadyToShow());
    await this.place(page, headless);
    return page;
  }

  /** Nothing can be done any more with a page whose process is gone; Electron's window only loads anew. */
  private replacePage(gone: Page): void {
    if (this.destroyed) return;
    this.replacedPages.add(gone);
    this.opening = this.openPage();
    // Not before the other is there: Chromium ends with its last page.
    this.inBackground(this.opening.then(() => gone.close()));
  }

  /** Without a screen a page is only as large as it is said to be. */
  private async place(page: Page, headless: boolean): Promise<void> {
    const { x, y, width, height } = this.bounds;
    if (headless) {
      const { size } = nominalDisplay;
      await page.setViewportSize(this.state === "normal" ? { width, height } : { ...size });
      return;
    }
    // Chromium takes no bounds together with a state, nor from one state to another.
    await setWindowBounds(page, { windowState: "normal" });
    const isPlaced = this.options.x !== undefined;
    await setWindowBounds(page, { ...(isPlaced ? { left: x, top: y } : {}), width, height });
    if (this.state !== "normal") await setWindowBounds(page, { windowState: this.state });
  }
  private placeAnew(): void {
    const work = Promise.all([this.opening, sharedChromium()]);
    this.inBackground(work.then(([page, { headless }]) => this.place(page, headless)));
  }

  getBounds(): WindowBounds {
    return this.state === "normal" ? this.getNormalBounds() : { ...nominalDisplay.bounds };
  }
  getNormalBounds(): WindowBounds {
    return { ...this.bounds };
  }
  setBounds(bounds: Partial<WindowBounds>): void {
    this.bounds = { ...this.bounds, ...bounds };
    this.options.x = this.bounds.x;
    this.emit("move");
    this.emit("resize");
    this.placeAnew();
  }
  isMaximized(): boolean {
    return this.state === "maximized";
  }
  maximize(): void {
    if (this.state !== "normal") return;
    this.state = "maximized";
    this.emit("maximize");
    this.placeAnew();
  }
  isFullScreen(): boolean {
    return this.state === "fullscreen";
  }
  setFullScreen(flag: boolean): void {
    if (flag === this.isFullScreen()) return;
    if (this.state !== "fullscreen") this.stateBefore = this.state;
    this.state = flag ? "fullscreen" : this.stateBefore;
    this.emit(flag ? "enter-full-screen" : "leave-full-screen");
    this.placeAnew();
  }

  private becomeReadyToShow(): void {
    if (this.shownOnce) return;
    this.shownOnce = true;
    this.emit("ready-to-show");
  }

  async loadURL(url: string): Promise<void> {
    this.url = url;
    const page = await this.opening;
    await this.webContents.navigate(page, url);
    await writeReadyLine(url);
  }
  loadFile(path: string): Promise<void> {
    return this.loadURL(pathToFileURL(path).href);
  }

  show(): void {
    this.visible = true;
    this.emit("show");
    this.inBackground(this.showPage());
  }
  /** A new window of Chromium's takes the focus all the same. */
  showInactive(): void {
    this.visible = true;
    this.emit("show");
  }
  /** A window whose close was prevented lost its page all the same; showing it opens the page anew. */
  private async showPage(): Promise<void> {
    const page = await this.opening.catch(() => undefined);
    if (!page || page.isClosed()) {
      this.opening = this.openPage();
      await this.opening;
      if (this.url !== "") await this.loadURL(this.url);
    } else await page.bringToFront();
    const { headless } = await sharedChromium();
    if (!headless) await setWindowBounds(await this.opening, { windowState: this.state });
  }
  hide(): void {
    this.visible = false;
    this.emit("hide");
    this.inBackground(this.minimizePage());
  }
  minimize(): void {
    this.inBackground(this.minimizePage());
  }
  private async minimizePage(): Promise<void> {
    const page = await this.opening;
    const { headless } = await sharedChromium();
    if (!headless && !page.isClosed()) await setWindowBounds(page, { windowState: "minimized" });
  }
  restore(): void {
    this.show();
  }
  focus(): void {
    this.emit("focus");
    windowEvents.emit("focus", this);
    this.inBackground(this.opening.then((page) => page.bringToFront()));
  }
  isVisible(): boolean {
    return this.visible;
  }
  isMinimized(): boolean {
    return false;
  }
  isDestroyed(): boolean {
    return this.destroyed;
  }
  setTitle(title: string): void {
    this.options.title = title;
  }
  setMenuBarVisibility(_visible: boolean): void {}
  removeMenu(): void {}

  /** Asks the listeners of `close`; the window goes unless one of them prevents it. */
  close(): void {
    if (this.destroyed) return;
    const event = new PreventableEvent();
    this.emit("close", event);
    if (!event.defaultPrevented) this.destroy();
  }
  destroy(): void {
    if (this.destroyed) return;
    this.destroyed = true;
    openWindows.delete([...openWindows].find((window) => window.id === this.id) ?? this);
    this.inBackground(this.closePage());
    this.emit("closed");
    windowEvents.emit("closed");
  }
  private async closePage(): Promise<void> {
    const page = await this.opening.catch(() => undefined);
    if (page && !page.isClosed()) await page.close();
    this.webContents.detach();
  }

  /** The person at the screen closed the page: ask as Electron would have asked before. */
  private pageIsGone(): void {
    if (this.destroyed) return;
    this.visible = false;
    this.close();
  }

  private inBackground(work: Promise<unknown>): void {
    work.catch((error: unknown) => {
      if (!this.destroyed) console.error(error);
    });
  }
}

async function setWindowBounds(
  page: Page,
  bounds: {
    left?: number;
    top?: number;
    width?: number;
    height?: number;
    windowState?: "normal" | "minimized" | "maximized" | "fullscreen";
  },
): Promise<void> {
  const devtools = await page.context().newCDPSession(page);
  const { windowId } = await devtools.send("Browser.getWindowForTarget");
  await devtools.send("Browser.setWindowBounds", { windowId, bounds });
  await devtools.detach();
}

/** In the middle of the screen where nothing is said, as Electron puts it. */
function boundsAsked({ x, y, width = 800, height = 600 }: BrowserWindowOptions): WindowBounds {
  const { bounds } = nominalDisplay;
  const middle = (whole: number, part: number) => Math.max(0, Math.floor((whole - part) / 2));
  return { x: x ?? middle(bounds.width, width), y: y ?? middle(bounds.height, height), width, height };
}

function refuseUnsafe({ webPreferences }: BrowserWindowOptions): void {
  if (webPreferences?.nodeIntegration) throw notAvailable("webPreferences.nodeIntegration");
  if (webPreferences?.contextIsolation === false)
    throw notAvailable("webPreferences.contextIsolation: false");
  if (webPreferences?.sandbox === false) throw notAvailable("webPreferences.sandbox: false");
}

/** One line for people and scripts, after the first page has loaded. */
async function writeReadyLine(url: string): Promise<void> {
  if (readyLineWritten) return;
  readyLineWritten = true;
  const { headless, debuggingAddress } = await sharedChromium();
  console.log(
    `Chromium shell ready (${headless ? "headless" : "window"}): ${url}, attach to ${debuggingAddress}`,
  );
}
