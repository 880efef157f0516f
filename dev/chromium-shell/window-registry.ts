import { EventEmitter } from "node:events";
import type { BrowserWindow } from "./browser-window.ts";

/** Every window that is not destroyed, in the order of creation. */
export const openWindows = new Set<BrowserWindow>();

/** How the windows tell `app` what happened without knowing it. */
export const windowEvents = new EventEmitter<{
  created: [BrowserWindow];
  closed: [];
  focus: [BrowserWindow];
}>();
