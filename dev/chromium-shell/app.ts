import { EventEmitter } from "node:events";
import { identity, nameFolders, pathFor, setPathFor, type PathName } from "./app-paths.ts";
import type { BrowserWindow } from "./browser-window.ts";
import { commandLine } from "./command-line.ts";
import { notAvailable, throwingOnLacking } from "./not-available.ts";
import { PreventableEvent } from "./preventable-event.ts";
import { closeSharedChromium } from "./shared-chromium.ts";
import { takeSingleInstanceLock } from "./single-instance-lock.ts";
import type { WebContents } from "./web-contents.ts";
import { openWindows, windowEvents } from "./window-registry.ts";

interface AppEvents {
  "will-finish-launching": [];
  ready: [PreventableEvent, Record<string, unknown>];
  activate: [PreventableEvent, boolean];
  "second-instance": [PreventableEvent, string[], string, unknown];
  /** Never comes: macOS alone hands files over so. */
  "open-file": [PreventableEvent, string];
  "browser-window-created": [PreventableEvent, BrowserWindow];
  "web-contents-created": [PreventableEvent, WebContents];
  "browser-window-focus": [PreventableEvent, BrowserWindow];
  "window-all-closed": [];
  "before-quit": [PreventableEvent];
  "will-quit": [PreventableEvent];
  quit: [PreventableEvent, number];
  "render-process-gone": [PreventableEvent, WebContents, { reason: "crashed"; exitCode: number }];
  "child-process-gone": [PreventableEvent, { type: "Utility"; reason: "crashed"; exitCode: number }];
}

class App extends EventEmitter<AppEvents> {
  readonly commandLine = commandLine;
  readonly isPackaged = false;
  private givenName: string | undefined;
  private ready = false;
  private quitting = false;
  private holdsLock = false;
  private tellingFirst: Promise<void> | undefined;

  whenReady(): Promise<void> {
    return this.ready ? Promise.resolve() : new Promise((resolve) => this.once("ready", () => resolve()));
  }
  isReady(): boolean {
    return this.ready;
  }
  becomeReady(): void {
    this.emit("will-finish-launching");
    this.ready = true;
    this.emit("ready", new PreventableEvent(), {});
  }

  get name(): string {
    return this.givenName ?? identity.name;
  }
  getName(): string {
    return this.name;
  }
  /** Folders too are named after it, but not those that were asked for before. */
  setName(name: string): void {
    this.givenName = name;
    nameFolders(name);
  }
  relaunch(_options?: { args?: string[]; execPath?: string }): void {
    throw notAvailable("app.relaunch");
  }
  getVersion(): string {
    return identity.version;
  }
  getAppPath(): string {
    return identity.folder;
  }
  getLocale(): string {
    return Intl.DateTimeFormat().resolvedOptions().locale;
  }
  getPath(name: PathName): string {
    return pathFor(name);
  }
  setPath(name: PathName, path: string): void {
    setPathFor(name, path);
  }
  /** Looks of the taskbar. */
  setAppUserModelId(_id: string): void {}
  /** Pages are always sandboxed here, except for root. As in Electron it overrules `--no-sandbox`, and root cannot start. */
  enableSandbox(): void {
    if (!commandLine.hasSwitch("no-sandbox") || process.getuid?.() !== 0) return;
    console.error("Running as root without --no-sandbox is not supported.");
    process.exit(1);
  }

  requestSingleInstanceLock(additionalData: Record<string, unknown> = {}): boolean {
    if (this.holdsLock) return true;
    const answer = takeSingleInstanceLock(pathFor("userData"), additionalData, (second) => {
      this.emit(
        "second-instance",
        new PreventableEvent(),
        second.argv,
        second.workingDirectory,
        second.additionalData,
      );
    });
    this.holdsLock = answer.taken;
    if (!answer.taken) this.tellingFirst = answer.told;
    return answer.taken;
  }
  hasSingleInstanceLock(): boolean {
    return this.holdsLock;
  }
  /** For a program that another one takes the place of, which nothing does here. */
  releaseSingleInstanceLock(): void {
    throw notAvailable("app.releaseSingleInstanceLock");
  }

  /** before-quit, then every window's close, then will-quit; each of them may stop it. */
  quit(): void {
    if (this.quitting) return;
    const before = new PreventableEvent();
    this.emit("before-quit", before);
    if (before.defaultPrevented) return;
    this.quitting = true;
    for (const window of openWindows) window.close();
    if (openWindows.size > 0) {
      this.quitting = false;
      return;
    }
    const will = new PreventableEvent();
    this.emit("will-quit", will);
    if (will.defaultPrevented) this.quitting = false;
    else this.exit(process.exitCode === 1 ? 1 : 0);
  }
  exit(exitCode = 0): void {
    this.quitting = true;
    for (const window of openWindows) window.destroy();
    const gone = Promise.allSettled([closeSharedChromium(), this.tellingFirst]);
    void gone.then(() => {
      this.emit("quit", new PreventableEvent(), exitCode);
      process.exit(exitCode);
    });
  }
  /** There is no icon that could carry it, as on a desktop without numbers at its icons. */
  setBadgeCount(_count?: number): boolean {
    return false;
  }
  getLoginItemSettings(_which?: LoginItemSettingsOptions): LoginItemSettings {
    throw notAvailable("app.getLoginItemSettings");
  }
  setLoginItemSettings(_settings: Settings): void {
    throw notAvailable("app.setLoginItemSettings");
  }
  focus(): void {
    for (const window of openWindows) window.focus();
  }

  windowWasClosed(): void {
    if (openWindows.size > 0 || this.quitting) return;
    if (!this.emit("window-all-closed")) this.quit();
  }
}

export interface LoginItemSettingsOptions {
  path?: string;
  args?: string[];
}

/** A part of what Electron answers. */
export interface LoginItemSettings {
  openAtLogin: boolean;
  executableWillLaunchAtLogin: boolean;
}

export interface Settings extends LoginItemSettingsOptions {
  openAtLogin?: boolean;
  enabled?: boolean;
  name?: string;
}

const implementation = new App();

/** Stand-in for Electron's `app`. */
export const app = throwingOnLacking("app", implementation);

windowEvents.on("created", (window) => {
  implementation.emit("browser-window-created", new PreventableEvent(), window);
  implementation.emit("web-contents-created", new PreventableEvent(), window.webContents);
});
windowEvents.on("closed", () => implementation.windowWasClosed());
windowEvents.on("focus", (window) =>
  implementation.emit("browser-window-focus", new PreventableEvent(), window),
);

// Electron becomes ready after the program's own module has run to its end.
setImmediate(() => implementation.becomeReady());
// Electron stays until it is told to quit, windows or none.
const staysAlive = setInterval(() => {}, 2 ** 30);
staysAlive.ref();
process.on("SIGINT", () => implementation.quit());
process.on("SIGTERM", () => implementation.quit());
