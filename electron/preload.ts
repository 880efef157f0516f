/** The passage between page and main process: typed by the contract, without logic of its own. */
import { contextBridge, ipcRenderer } from "electron";
import { BRIDGE_NAME, EVENT_CHANNEL, REQUEST_CHANNEL, type Bridge } from "#shared/ipc-contract/channels.ts";

const bridge: Bridge = {
  request: (name, input) => ipcRenderer.invoke(REQUEST_CHANNEL, name, input),
  onEvent: (listener) => {
    const forward = (_event: unknown, name: string, payload: unknown) => listener(name, payload);
    ipcRenderer.on(EVENT_CHANNEL, forward);
    // What it answers, the emitter itself, cannot cross the bridge.
    return () => void ipcRenderer.removeListener(EVENT_CHANNEL, forward);
  },
};

contextBridge.exposeInMainWorld(BRIDGE_NAME, bridge);
