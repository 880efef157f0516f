import { Menu } from "electron";
import { menuFor } from "./menu-template.ts";

export function setApplicationMenu(): void {
  const template = menuFor(process.platform);
  Menu.setApplicationMenu(template === null ? null : Menu.buildFromTemplate(template));
}
