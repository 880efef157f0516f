import { preferencesSchema, type Preferences } from "#shared/ipc-contract/preference-contract.ts";
import { succeeded } from "#shared/domain/failure.ts";
import type { SettingsStore } from "../adapters/site/settings-store.ts";
import { type AreaHandlers, type Caller, operatorOf } from "./handler.ts";

const DEFAULT_PREFERENCES: Preferences = {
  sidebarPinned: false,
  trayIcon: "show",
  areaViewWidthPx: 252,
  canvasPattern: "2x2",
  tiles: [],
};

/** What was kept before the width could be chosen has the usual one. */
const keptPreferencesSchema = preferencesSchema.extend({
  areaViewWidthPx: preferencesSchema.shape.areaViewWidthPx.default(DEFAULT_PREFERENCES.areaViewWidthPx),
});

/** @param apply takes over what concerns the system's tray, as soon as it is known or changed */
export function preferenceHandlers(
  settings: SettingsStore,
  apply: (preferences: Preferences) => void,
): AreaHandlers<"preferences"> {
  const nameFor = (caller: Caller) => `preferences:${operatorOf(caller).username}`;
  const read = (caller: Caller) => settings.read(nameFor(caller), keptPreferencesSchema, DEFAULT_PREFERENCES);
  return {
    "preferences.get": (_input, caller) => {
      const value = read(caller);
      apply(value);
      return succeeded(value);
    },
    "preferences.update": (changes, caller) => {
      const value = preferencesSchema.parse({ ...read(caller), ...changes });
      settings.write(nameFor(caller), value);
      apply(value);
      return succeeded(value);
    },
  };
}
