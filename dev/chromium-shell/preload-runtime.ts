import type { PayloadCodec } from "./payload-codec.ts";

/** What the page side must know; all of it is written into the page as JSON. */
export interface PreloadSetup {
  /** Global that carries calls to main; taken away before any script of the page runs. */
  bindingName: string;
  /** Global by which main hands over messages; not enumerable and different at every start. */
  deliveryName: string;
  versions: Record<string, string | undefined>;
  platform: string;
  arch: string;
}

type Listener = (event: unknown, ...args: unknown[]) => void;
type Preload = (
  exports: unknown,
  require: (id: string) => unknown,
  module: { exports: unknown },
  process: unknown,
  setImmediate: unknown,
  clearImmediate: unknown,
) => void;

/**
 * The page side of the shell: `ipcRenderer`, `contextBridge` and the sandbox's `require` around one CommonJS
 * preload. Self-contained on purpose: its source text runs inside the page before the page's own scripts.
 */
export function runPreload(setup: PreloadSetup, codec: PayloadCodec, preload: Preload): void {
  const globals = window as unknown as Record<string, unknown>;
  const callMain = globals[setup.bindingName] as ((message: string) => Promise<string>) | undefined;
  delete globals[setup.bindingName];
  // As in Electron, a preload belongs to the window's main frame and to real documents only.
  if (!callMain || window !== window.top || location.href === "about:blank") return;

  class EventEmitter {
    private listenersByName = new Map<string, { listener: Listener; once: boolean }[]>();
    private add(name: string, listener: Listener, once: boolean): this {
      this.listenersByName.set(name, [...(this.listenersByName.get(name) ?? []), { listener, once }]);
      return this;
    }
    on(name: string, listener: Listener): this {
      return this.add(name, listener, false);
    }
    once(name: string, listener: Listener): this {
      return this.add(name, listener, true);
    }
    off(name: string, listener: Listener): this {
      const all = this.listenersByName.get(name) ?? [];
      const index = all.findLastIndex((entry) => entry.listener === listener);
      this.listenersByName.set(
        name,
        all.filter((_, at) => at !== index),
      );
      return this;
    }
    addListener(name: string, listener: Listener): this {
      return this.on(name, listener);
    }
    removeListener(name: string, listener: Listener): this {
      return this.off(name, listener);
    }
    removeAllListeners(name?: string): this {
      if (name === undefined) this.listenersByName.clear();
      else this.listenersByName.delete(name);
      return this;
    }
    listenerCount(name: string): number {
      return this.listenersByName.get(name)?.length ?? 0;
    }
    emit(name: string, ...args: unknown[]): boolean {
      const all = this.listenersByName.get(name) ?? [];
      for (const { listener, once } of all) {
        if (once) this.off(name, listener);
        (listener as (...args: unknown[]) => void)(...args);
      }
      return all.length > 0;
    }
  }

  class IpcRenderer extends EventEmitter {
    async invoke(channel: string, ...args: unknown[]): Promise<unknown> {
      const reply = codec.decode(await callMain!(codec.encode({ kind: "invoke", channel, args })));
      const { error, result } = reply as { error?: string; result?: unknown };
      if (error !== undefined) throw new Error(`Error invoking remote method '${channel}': ${error}`);
      return result;
    }
    send(channel: string, ...args: unknown[]): void {
      void callMain!(codec.encode({ kind: "send", channel, args }));
    }
  }
  const ipcRenderer = new IpcRenderer();

  /** Copies across the bridge: functions become proxies, promises are followed, everything else is cloned. */
  function acrossBridge(value: unknown, copies = new Map<unknown, unknown>()): unknown {
    if (copies.has(value)) return copies.get(value);
    if (typeof value === "function") {
      const call = value as (...args: unknown[]) => unknown;
      return (...args: unknown[]) => acrossBridge(call(...args.map((arg) => acrossBridge(arg))));
    }
    if (value instanceof Promise) {
      return value.then(
        (result) => acrossBridge(result),
        (error: unknown) => Promise.reject(bridgedError(error)),
      );
    }
    const prototype: unknown =
      typeof value === "object" && value !== null ? Object.getPrototypeOf(value) : undefined;
    if (!Array.isArray(value) && prototype !== Object.prototype && prototype !== null)
      return structuredClone(value);
    const copy: Record<string, unknown> = Array.isArray(value)
      ? ([] as unknown as Record<string, unknown>)
      : {};
    copies.set(value, copy);
    for (const [key, item] of Object.entries(value as object)) copy[key] = acrossBridge(item, copies);
    return copy;
  }
  const bridgedError = (error: unknown) =>
    error instanceof Error ? new Error(error.message) : acrossBridge(error);

  const contextBridge = {
    exposeInMainWorld(name: string, api: unknown): void {
      if (name in window)
        throw new Error("Cannot bind an API on top of an existing property on the window object");
      const bridged = acrossBridge(api);
      if (typeof bridged === "object" && bridged !== null) Object.freeze(bridged);
      Object.defineProperty(window, name, { value: bridged, enumerable: true });
    },
  };

  Object.defineProperty(window, setup.deliveryName, {
    value: (messages: string[]) => {
      for (const message of messages) {
        const { channel, args } = codec.decode(message) as { channel: string; args: unknown[] };
        ipcRenderer.emit(channel, { sender: ipcRenderer, ports: [] }, ...args);
      }
    },
  });

  const setImmediate = (callback: () => void) => setTimeout(callback, 0);
  const timers = {
    setTimeout,
    clearTimeout,
    setInterval,
    clearInterval,
    setImmediate,
    clearImmediate: clearTimeout,
  };
  const modules: Record<string, unknown> = {
    electron: { ipcRenderer, contextBridge },
    events: Object.assign(EventEmitter, { EventEmitter }),
    timers,
    url: { URL, URLSearchParams },
  };
  function require(id: string): unknown {
    const found = modules[id.replace(/^node:/, "")];
    if (!found) throw new Error(`module not found: ${id}`);
    return found;
  }
  const process = {
    platform: setup.platform,
    arch: setup.arch,
    versions: setup.versions,
    env: {},
    type: "renderer",
    sandboxed: true,
    contextIsolated: true,
  };
  const module = { exports: {} };
  preload.call(window, module.exports, require, module, process, setImmediate, clearTimeout);
}
