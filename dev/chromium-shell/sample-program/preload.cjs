const { contextBridge, ipcRenderer } = require("electron");
const { EventEmitter } = require("node:events");

let refused = "";
try {
  require("node:fs");
} catch (error) {
  refused = error.message;
}

contextBridge.exposeInMainWorld("sample", {
  refused,
  hasEmitter: typeof EventEmitter === "function",
  invoke: (channel, ...args) => ipcRenderer.invoke(channel, ...args),
  send: (channel, ...args) => ipcRenderer.send(channel, ...args),
  onEvent: (channel, listener) => {
    const forward = (_event, ...args) => listener(...args);
    ipcRenderer.on(channel, forward);
    return () => ipcRenderer.removeListener(channel, forward);
  },
});
