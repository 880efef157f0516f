import { EventEmitter } from "node:events";
import { createPayloadCodec } from "./payload-codec.ts";
import { throwingOnLacking } from "./not-available.ts";
import type { WebContents } from "./web-contents.ts";
import type { WebFrameMain } from "./web-frame-main.ts";

/** What a handler learns about the caller. */
export interface IpcMainInvokeEvent {
  readonly type: "frame";
  readonly sender: WebContents;
  readonly senderFrame: WebFrameMain | null;
  readonly processId: number;
  readonly frameId: number;
}

export interface IpcMainEvent extends IpcMainInvokeEvent {
  reply(channel: string, ...args: unknown[]): void;
}

/** As with Electron's own types, a handler may say what it expects; what it gets is the page's choice. */
type InvokeHandler = (event: IpcMainInvokeEvent, ...args: never[]) => unknown;

const codec = createPayloadCodec();
const handlers = new Map<string, InvokeHandler>();

class IpcMain extends EventEmitter<Record<string, [IpcMainEvent, ...unknown[]]>> {
  handle(channel: string, handler: InvokeHandler): void {
    if (handlers.has(channel)) throw new Error(`Attempted to register a second handler for '${channel}'`);
    handlers.set(channel, handler);
  }
  handleOnce(channel: string, handler: InvokeHandler): void {
    this.handle(channel, (event, ...args: never[]) => {
      this.removeHandler(channel);
      return handler(event, ...args);
    });
  }
  removeHandler(channel: string): void {
    handlers.delete(channel);
  }
}

/** Stand-in for Electron's `ipcMain`. */
export const ipcMain = throwingOnLacking("ipcMain", new IpcMain());

/**
 * Takes one message of a page's binding.
 *
 * @returns the encoded answer, `{result}` or `{error}`; as in Electron an error keeps its message and no more
 */
export async function receiveFromPage(
  text: string,
  sender: WebContents,
  frame: WebFrameMain | null,
): Promise<string> {
  const { kind, channel, args } = codec.decode(text) as { kind: string; channel: string; args: unknown[] };
  const event: IpcMainInvokeEvent = { type: "frame", sender, senderFrame: frame, processId: 0, frameId: 0 };
  if (kind === "send") {
    ipcMain.emit(
      channel,
      { ...event, reply: (to: string, ...rest: unknown[]) => sender.send(to, ...rest) },
      ...args,
    );
    return codec.encode({});
  }
  try {
    const handler = handlers.get(channel);
    if (!handler) throw new Error(`No handler registered for '${channel}'`);
    return codec.encode({ result: await handler(event, ...(args as never[])) });
  } catch (error) {
    console.error(`Error occurred in handler for '${channel}':`, error);
    return codec.encode({ error: String(error) });
  }
}
