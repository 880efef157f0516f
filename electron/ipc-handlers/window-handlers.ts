import { succeeded } from "#shared/domain/failure.ts";
import type { EventPayload } from "#shared/ipc-contract/contract.ts";
import type { ConsoleWindows, DeskWindow } from "../desktop-shell/windows/console-windows.ts";
import type { AreaHandlers } from "./handler.ts";

export interface WindowHandlerParts {
  readonly windows: Pick<
    ConsoleWindows<DeskWindow>,
    "ownOf" | "openAnother" | "showNext" | "showFirst" | "toggleFullScreen" | "keepCanvas"
  >;
  /** Tells the first window of an export that is asked for in another one. */
  readonly askFirst: (asked: EventPayload<"windows.evidenceAsked">) => void;
  /** Tells every window that cameras were sent. */
  readonly announceSent: (sent: EventPayload<"windows.rangesSent">) => void;
}

export function windowHandlers({ windows, ...parts }: WindowHandlerParts): AreaHandlers<"windows"> {
  const nothing = succeeded(undefined);
  return {
    "windows.own": (_input, { windowId }) => succeeded(windows.ownOf(windowId)),
    "windows.open": (_input, { windowId }) => windows.openAnother(windowId),
    "windows.next": (_input, { windowId }) => {
      windows.showNext(windowId);
      return nothing;
    },
    "windows.toggleFullScreen": (_input, { windowId }) => {
      windows.toggleFullScreen(windowId);
      return nothing;
    },
    "windows.keepCanvas": (canvas, { windowId }) => {
      windows.keepCanvas(windowId, canvas);
      return nothing;
    },
    "windows.sendEvidence": (asked) => {
      windows.showFirst();
      parts.askFirst(asked);
      return nothing;
    },
    "windows.rangesSent": (sent) => {
      parts.announceSent(sent);
      return nothing;
    },
  };
}
