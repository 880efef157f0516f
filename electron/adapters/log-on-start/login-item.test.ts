import type { LoginItemSettings, Settings } from "electron";
import { expect, test } from "vitest";
import { loginItem, type LoginItems, windowsWord } from "./login-item.ts";

/** Keeps what is set, as the registry does. */
class Registry implements LoginItems {
  set: Settings | null = null;
  isSwitchedOff = false;

  getLoginItemSettings(which: { path?: string; args?: string[] }): LoginItemSettings {
    const isThis =
      JSON.stringify([which.path, which.args]) === JSON.stringify([this.set?.path, this.set?.args]);
    const openAtLogin = this.set?.openAtLogin === true && isThis;
    return {
      openAtLogin,
      executableWillLaunchAtLogin: openAtLogin && !this.isSwitchedOff,
    } as LoginItemSettings;
  }
  setLoginItemSettings(settings: Settings): void {
    this.set = settings;
  }
}

const COMMAND = { program: "C:\\Evidence Desk\\evidence-desk.exe", words: ["--site=D:\\My sites\\north"] };

test("on Windows the site is named, and what is told is what is there", async () => {
  const registry = new Registry();
  const item = loginItem(registry, COMMAND, "Evidence Desk north");
  expect(await item.state()).toEqual({ kind: "off" });
  await item.change(true);
  expect(registry.set).toEqual({
    openAtLogin: true,
    path: "C:\\Evidence Desk\\evidence-desk.exe",
    args: ['"--site=D:\\My sites\\north"'],
    name: "Evidence Desk north",
    enabled: true,
  });
  expect(await item.state()).toEqual({ kind: "on", path: null });
  registry.isSwitchedOff = true;
  expect(await item.state()).toEqual({ kind: "off" });
  await item.change(false);
  expect(await item.state()).toEqual({ kind: "off" });
});

test("of another site's item this console says nothing", async () => {
  const registry = new Registry();
  await loginItem(registry, { ...COMMAND, words: ["--site=D:\\south"] }, "south").change(true);
  expect(await loginItem(registry, COMMAND, "north").state()).toEqual({ kind: "off" });
});

test("macOS starts the program itself", async () => {
  const registry = new Registry();
  const item = loginItem(registry, null, "Evidence Desk");
  await item.change(true);
  expect(registry.set).toEqual({ openAtLogin: true });
});

test("a folder that ends with a backslash does not swallow the quote behind it", () => {
  expect(windowsWord("--site=D:\\")).toBe('"--site=D:\\\\"');
});
