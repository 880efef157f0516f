import { mkdtempSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { Menu, Notification, powerMonitor, safeStorage } from "electron";
import { SecretBox } from "#electron/adapters/site/secret-box.ts";
import { menuFor } from "#electron/desktop-shell/application-menu.ts";
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
};
