import type { LoginItemSettings, Settings } from "electron";
import { succeeded } from "#shared/domain/failure.ts";
import type { LogOnStart } from "./log-on-start.ts";

/** Of Electron's `app`. */
export interface LoginItems {
  getLoginItemSettings(which: { path?: string; args?: string[] }): LoginItemSettings;
  setLoginItemSettings(settings: Settings): void;
}

/** A program and its words, or null where the system starts a program without words. */
type Command = { readonly program: string; readonly words: readonly string[] } | null;

/** macOS and Windows, by Electron. Windows takes words, which are written into its registry as one line. */
export function loginItem(items: LoginItems, command: Command, name: string): LogOnStart {
  const which = command === null ? {} : { path: command.program, args: command.words.map(windowsWord) };
  return {
    state: () => {
      const { openAtLogin, executableWillLaunchAtLogin } = items.getLoginItemSettings(which);
      // Windows' own settings switch an entry off that is still there.
      const isOn = command === null ? openAtLogin : openAtLogin && executableWillLaunchAtLogin;
      return Promise.resolve(isOn ? { kind: "on", path: null } : { kind: "off" });
    },
    change: (startsAtLogOn) => {
      const named = command === null ? {} : { name, enabled: startsAtLogOn };
      items.setLoginItemSettings({ openAtLogin: startsAtLogOn, ...which, ...named });
      return Promise.resolve(succeeded(undefined));
    },
  };
}

/** A backslash before the closing quote would be one with it. */
export const windowsWord = (word: string): string => `"${word.replace(/\\+$/, "$&$&")}"`;
