import { type BrowserWindow, ipcMain, type IpcMainInvokeEvent } from "electron";
import { EVENT_CHANNEL, REQUEST_CHANNEL } from "#shared/ipc-contract/channels.ts";
import type { DeepReadonly, EventName, EventPayload } from "#shared/ipc-contract/contract.ts";
import { failed, type Outcome } from "#shared/domain/failure.ts";
import { isOfConsole } from "./page-origin.ts";

/**
 * Accepts the pages' requests, each only if it comes from our page in one of our windows.
 * @param answer is told which window asks, by its `webContents.id`
 */
export function listenForRequests(
  answer: (name: unknown, input: unknown, windowId: number) => Promise<Outcome<unknown>>,
  ourWindows: () => readonly BrowserWindow[],
): void {
  ipcMain.handle(REQUEST_CHANNEL, async (event, name: unknown, input: unknown) => {
    if (!isOurPage(event, ourWindows()))
      return failed("UNTRUSTED_SENDER", "This page may not ask the main process.");
    return await answer(name, input, event.sender.id);
  });
}

function isOurPage(event: IpcMainInvokeEvent, windows: readonly BrowserWindow[]): boolean {
  const frame = event.senderFrame;
  if (frame === null || !windows.some(({ webContents }) => webContents === event.sender)) return false;
  return frame === event.sender.mainFrame && isOfConsole(frame.url);
}

export type Announce = <Name extends EventName>(
  name: Name,
  payload: DeepReadonly<EventPayload<Name>>,
) => void;

/**
 * Sends events to pages. They are lost when no window is open, which is right: a page asks for the state when it
 * starts.
 */
export function announcerTo(windows: () => readonly BrowserWindow[]): Announce {
  return (name, payload) => {
    for (const window of windows()) {
      if (!window.isDestroyed()) window.webContents.send(EVENT_CHANNEL, name, payload);
    }
  };
}
