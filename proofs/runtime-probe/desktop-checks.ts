import { mkdtempSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { BrowserWindow, Menu, Notification, powerMonitor, safeStorage, screen } from "electron";
import { SecretBox } from "#electron/adapters/site/secret-box.ts";
import { menuFor } from "#electron/desktop-shell/menu-template.ts";
import { permitPictures } from "#electron/desktop-shell/console-window.ts";
import type { Checks } from "./checks.ts";
import { inPage } from "./page-checks.ts";

/** What the console asks of the desktop around it. Dialogs are not asked for: a native one waits for somebody. */
export const desktopChecks: Checks = {
  "what nobody permits a page is refused it": () => {
    permitPictures();
    return inPage(`Promise.all([
      new Promise((resolve) =>
        navigator.geolocation.getCurrentPosition(() => resolve("told"), ({ code }) => resolve(code))),
      Notification.requestPermission(),
      navigator.clipboard.readText().then(() => "read", ({ name }) => name),
    ])`);
  },
  "a secret is sealed, and opened again": () => {
    const box = new SecretBox(safeStorage, mkdtempSync(join(tmpdir(), "evidence-desk-probe-key-")));
    const sealed = box.seal("a secret");
    return [!sealed.includes(Buffer.from("a secret").toString("base64")), box.open(sealed)];
  },
  /** By what each item does; empty where the runtime has no menus of its own. */
  "what the roles of macOS's menu do": () => {
    const made = Menu.buildFromTemplate(menuFor("darwin") ?? []) as Partial<Menu>;
    const roles = (made.items ?? []).map(({ submenu }) => submenu?.items.map(({ role }) => role) ?? []);
    const wanted = ["quit", "copy", "cut", "paste", "selectall", "undo", "minimize"];
    return wanted.filter((role) => roles.flat().some((has) => has?.toLowerCase() === role));
  },
  "a menu is made of roles, and taken away": () => {
    const made = Menu.buildFromTemplate(menuFor("darwin") ?? []) instanceof Menu;
    Menu.setApplicationMenu(null);
    return [made, Menu.getApplicationMenu() === null];
  },
  "notifications are asked about before one is shown": () => {
    if (Notification.isSupported()) new Notification({ title: "Probe", body: "A word" }).show();
    return true;
  },
  "the power monitor is listened to, and let go": () => {
    const woke = (): void => undefined;
    const before = powerMonitor.listenerCount("resume");
    powerMonitor.on("resume", woke);
    const with1 = powerMonitor.listenerCount("resume") - before;
    powerMonitor.off("resume", woke);
    return [with1, powerMonitor.listenerCount("resume") - before];
  },
  "monitors are told, each with its id, and what is free of it lies on it": () =>
    [screen.getPrimaryDisplay(), ...screen.getAllDisplays()].every(
      ({ id, bounds, workArea }) =>
        Number.isFinite(id) && workArea.width <= bounds.width && workArea.height <= bounds.height,
    ),
  "a window stands where it is put, fills the screen and is as it was, beside another one": async () => {
    const asked = { x: 40, y: 30, width: 700, height: 500 };
    const window = new BrowserWindow({ ...asked, show: false });
    await window.loadURL("app://console/");
    window.showInactive();
    const told: string[] = [];
    const heard = (name: string) => () => told.push(name);
    window.on("enter-full-screen", heard("full")).on("leave-full-screen", heard("not full"));
    const before = window.getNormalBounds();
    await untilTold(told, "full", () => window.setFullScreen(true));
    const isFull = [window.isFullScreen(), window.getNormalBounds()];
    await untilTold(told, "not full", () => window.setFullScreen(false));
    const isFullStill = window.isFullScreen();
    const moved = new Promise((resolve) => window.once("move", () => resolve(true)));
    window.setBounds({ x: 60, y: 50, width: 640, height: 480 });
    const answers = [before, ...isFull, isFullStill, await moved, window.isMaximized(), window.isMinimized()];
    const gone = new Promise((resolve) => window.once("closed", () => resolve(window.isDestroyed())));
    window.destroy();
    return [...answers, await gone, BrowserWindow.getAllWindows().length];
  },
};

async function untilTold(told: readonly string[], name: string, act: () => void): Promise<void> {
  act();
  while (!told.includes(name)) await new Promise((resolve) => setTimeout(resolve, 20));
}
