import { preferences, type Preferences } from "#shared/ipc-contract/preference-contract.ts";
import { succeeded } from "#shared/domain/failure.ts";
import type { SettingsStore } from "../adapters/site/settings-store.ts";
import { type AreaHandlers, type Caller, operatorOf } from "./handler.ts";

const DEFAULT_PREFERENCES: Preferences = {
  sidebarPinned: false,
  trayIcon: "show",
  canvasPattern: "2x2",
  tiles: [],
};

export function preferenceHandlers(settings: SettingsStore): AreaHandlers<"preferences"> {
  const nameFor = (caller: Caller) => `preferences:${operatorOf(caller).username}`;
  const read = (caller: Caller) => settings.read(nameFor(caller), preferences, DEFAULT_PREFERENCES);
  return {
    "preferences.get": (_input, caller) => succeeded(read(caller)),
    "preferences.update": (changes, caller) => {
      const value = preferences.parse({ ...read(caller), ...changes });
      settings.write(nameFor(caller), value);
      return succeeded(value);
    },
  };
}
