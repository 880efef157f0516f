import { EventEmitter } from "node:events";
import type { NativeImage } from "./native-image.ts";
import { nominalDisplay } from "./nominal-display.ts";
import { notAvailable, throwingOnLacking } from "./not-available.ts";
import { sharedChromium } from "./shared-chromium.ts";

/** Error boxes reach the terminal; every dialog that needs an answer must be HTML in the console anyway. */
export const dialog = throwingOnLacking("dialog", {
  showErrorBox(title: string, content: string): void {
    console.error(`${title}: ${content}`);
  },
});

export const shell = throwingOnLacking("shell", {
  /** Opens a page of its own without any preload. */
  async openExternal(url: string): Promise<void> {
    if (!/^https?:\/\//i.test(url)) throw notAvailable(`shell.openExternal of ${url}`);
    const { context } = await sharedChromium();
    const page = await context.newPage();
    // As with a real browser, an address that cannot be reached is shown there and no failure here.
    await page.goto(url, { waitUntil: "commit" }).catch((error: unknown) => console.error(error));
  },
});

/** Says that there is no key store, as Electron does on a desktop without one. */
export const safeStorage = throwingOnLacking("safeStorage", {
  isEncryptionAvailable: (): boolean => false,
  getSelectedStorageBackend: (): "unknown" => "unknown",
  encryptString(_plainText: string): Buffer {
    throw notAvailable("safeStorage.encryptString");
  },
  decryptString(_encrypted: Buffer): string {
    throw notAvailable("safeStorage.decryptString");
  },
});

export interface MenuItemConstructorOptions {
  role?: "appMenu" | "editMenu" | "windowMenu";
  type?: "separator";
  label?: string;
  enabled?: boolean;
  click?: () => void;
}

/** Chromium has no native menu to fill, and on macOS one of its own, with the same roles. */
export class Menu {
  static buildFromTemplate(_template: MenuItemConstructorOptions[]): Menu {
    return new Menu();
  }
  static setApplicationMenu(_menu: Menu | null): void {}
  static getApplicationMenu(): Menu | null {
    return null;
  }
}

/** Members are declared, never made: no Tray comes out of this constructor. */
export class Tray extends EventEmitter<{ click: []; "double-click": []; "right-click": [] }> {
  declare readonly setImage: (image: NativeImage | string) => void;
  declare readonly setToolTip: (toolTip: string) => void;
  declare readonly setContextMenu: (menu: Menu | null) => void;
  declare readonly destroy: () => void;
  declare readonly isDestroyed: () => boolean;

  constructor(_image: unknown) {
    super();
    throw notAvailable("Tray");
  }
}

/** As with Tray: a program asks `isSupported` first, as Electron's documentation tells it to. */
export class Notification extends EventEmitter<{ click: []; close: []; show: [] }> {
  declare readonly show: () => void;
  declare readonly close: () => void;

  constructor(_options?: { title?: string; body?: string; silent?: boolean; icon?: string }) {
    super();
    throw notAvailable("Notification");
  }
  static isSupported(): boolean {
    return false;
  }
}

/** The system's sleep and wake are not observed: none of these events ever comes. */
export const powerMonitor = throwingOnLacking(
  "powerMonitor",
  new EventEmitter<{ suspend: []; resume: []; shutdown: []; "lock-screen": []; "unlock-screen": [] }>(),
);

/**
 * The system is asked for nothing: a machine on which the console runs in the browser's window falls asleep as it
 * always does. Ids count up and may be stopped once, as Electron's.
 */
const blockers = new Set<number>();
let lastBlocker = 0;
export const powerSaveBlocker = throwingOnLacking("powerSaveBlocker", {
  start: (_type: "prevent-app-suspension" | "prevent-display-sleep"): number => {
    blockers.add((lastBlocker += 1));
    return lastBlocker;
  },
  stop: (id: number): boolean => blockers.delete(id),
  isStarted: (id: number): boolean => blockers.has(id),
});

class NativeTheme extends EventEmitter<{ updated: [] }> {
  themeSource: "system" | "light" | "dark" = "system";
  get shouldUseDarkColors(): boolean {
    return this.themeSource === "dark";
  }
}
export const nativeTheme = throwingOnLacking("nativeTheme", new NativeTheme());

class Screen extends EventEmitter<{ "display-removed": [] }> {
  getPrimaryDisplay = () => nominalDisplay;
  getAllDisplays = () => [nominalDisplay];
}
/** Of monitors that come and go nothing is told. */
export const screen = throwingOnLacking("screen", new Screen());

export const net = throwingOnLacking("net", {
  fetch: (input: string | Request, init?: RequestInit): Promise<Response> => fetch(input, init),
  isOnline: (): boolean => true,
});
