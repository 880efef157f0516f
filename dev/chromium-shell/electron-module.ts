/**
 * What `import … from "electron"` means in the main process when Electron's runtime cannot be had.
 * See docs/architecture.md, "Electron where its runtime cannot be had".
 */
export { app, type LoginItemSettings, type Settings } from "./app.ts";
export {
  BrowserWindow,
  type BrowserWindowOptions as BrowserWindowConstructorOptions,
} from "./browser-window.ts";
export { protocol } from "./custom-protocol.ts";
export {
  dialog,
  Menu,
  type MenuItemConstructorOptions,
  nativeTheme,
  net,
  Notification,
  powerMonitor,
  powerSaveBlocker,
  safeStorage,
  screen,
  shell,
  Tray,
} from "./desktop-services.ts";
export { ipcMain, type IpcMainEvent, type IpcMainInvokeEvent } from "./ipc-main.ts";
export { nativeImage, type NativeImage } from "./native-image.ts";
export { session, type Session } from "./session.ts";
export { utilityProcess, type UtilityProcess } from "./utility-process.ts";
export type { WebContents } from "./web-contents.ts";
export type { WebFrameMain } from "./web-frame-main.ts";
export type { PreventableEvent as Event } from "./preventable-event.ts";
