import type { MenuItemConstructorOptions } from "electron";

/**
 * The menu of the application. On macOS copying, pasting and quitting by keys belong to the menu's roles, and a program
 * without a menu has none of them; elsewhere the console has no menu.
 */
export function menuFor(platform: NodeJS.Platform): MenuItemConstructorOptions[] | null {
  if (platform !== "darwin") return null;
  return [{ role: "appMenu" }, { role: "editMenu" }, { role: "windowMenu" }];
}
