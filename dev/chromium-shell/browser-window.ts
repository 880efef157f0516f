import { EventEmitter } from "node:events";
import { pathToFileURL } from "node:url";
import type { Page } from "playwright-core";
import { notAvailable, throwingOnLacking } from "./not-available.ts";
import { preloadScript } from "./preload-script.ts";
import { PreventableEvent } from "./preventable-event.ts";
import { sharedChromium } from "./shared-chromium.ts";
import { WebContents } from "./web-contents.ts";
import { openWindows, windowEvents } from "./window-registry.ts";

/** The options that mean something here; a window of Chromium ignores looks (icon, menu bar) like a tab does. */
export interface BrowserWindowOptions {
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

interface BrowserWindowEvents {
  "ready-to-show": [];
  show: [];
  hide: [];
  focus: [];
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

  constructor(options: BrowserWindowOptions = {}) {
    super();
    refuseUnsafe(options);
    this.options = options;
    this.visible = options.show ?? true;
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
    const unused = context.pages().find((page) => page.url() === "about:blank" && !usedPages.has(page));
    const page = unused ?? (await context.newPage());
    usedPages.add(page);
    const { width = 800, height = 600 } = this.options;
    if (headless) await page.setViewportSize({ width, height });
    // Before main hears of it: what it loads then is loaded into the page that follows.
    page.once("crash", () => this.replacePage(page));
    await this.webContents.attach(page);
    await page.addInitScript({ content: preloadScript(this.options.webPreferences?.preload) });
    page.on("close", () => {
      if (!this.replacedPages.has(page)) this.pageIsGone();
    });
    page.on("load", () => this.becomeReadyToShow());
    if (!headless) await this.setWindowBounds({ width, height }, page);
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

  private async setWindowBounds(
    bounds: { width?: number; height?: number; windowState?: WindowState },
    page?: Page,
  ): Promise<void> {
    const target = page ?? (await this.opening);
    const devtools = await target.context().newCDPSession(target);
    const { windowId } = await devtools.send("Browser.getWindowForTarget");
    await devtools.send("Browser.setWindowBounds", { windowId, bounds });
    await devtools.detach();
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
  /** A window whose close was prevented lost its page all the same; showing it opens the page anew. */
  private async showPage(): Promise<void> {
    const page = await this.opening.catch(() => undefined);
    if (!page || page.isClosed()) {
      this.opening = this.openPage();
      await this.opening;
      if (this.url !== "") await this.loadURL(this.url);
    } else await page.bringToFront();
    const { headless } = await sharedChromium();
    if (!headless) await this.setWindowBounds({ windowState: "normal" });
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
    if (!headless && !page.isClosed()) await this.setWindowBounds({ windowState: "minimized" });
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

type WindowState = "normal" | "minimized";

/** Chromium opens with one empty page: the first window takes it. */
const usedPages = new WeakSet<Page>();

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
