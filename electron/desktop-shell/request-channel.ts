import { type BrowserWindow, ipcMain, type IpcMainInvokeEvent } from "electron";
import { EVENT_CHANNEL, REQUEST_CHANNEL } from "#shared/ipc-contract/channels.ts";
import type { DeepReadonly, EventName, EventPayload } from "#shared/ipc-contract/contract.ts";
import { failed, type Outcome } from "#shared/domain/failure.ts";
import { isOfConsole } from "./page-origin.ts";

/** Takes the page's requests, once it is sure that they come from our page in our window. */
export function listenForRequests(
  answer: (name: unknown, input: unknown) => Promise<Outcome<unknown>>,
  ourWindow: () => BrowserWindow | null,
): void {
  ipcMain.handle(REQUEST_CHANNEL, async (event, name: unknown, input: unknown) => {
    if (!isOurPage(event, ourWindow()))
      return failed("UNTRUSTED_SENDER", "This page may not ask the main process.");
    return await answer(name, input);
  });
}

function isOurPage(event: IpcMainInvokeEvent, window: BrowserWindow | null): boolean {
  const frame = event.senderFrame;
  if (frame === null || window === null || event.sender !== window.webContents) return false;
  return frame === event.sender.mainFrame && isOfConsole(frame.url);
}

export type Announce = <Name extends EventName>(
  name: Name,
  payload: DeepReadonly<EventPayload<Name>>,
) => void;

/** Events to the page; lost when no window is open, which is right: a page asks for the state when it starts. */
export function announcerTo(window: () => BrowserWindow | null): Announce {
  return (name, payload) => {
    const target = window();
    if (target !== null && !target.isDestroyed()) target.webContents.send(EVENT_CHANNEL, name, payload);
  };
}
