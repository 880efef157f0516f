import { app, BrowserWindow, ipcMain, powerMonitor, powerSaveBlocker, protocol } from "electron";
import type { Checks } from "./checks.ts";

const PAGE = "<!doctype html><title>Probe</title><h1>Probe</h1>";
const seen: string[] = [];

protocol.registerSchemesAsPrivileged([
  { scheme: "app", privileges: { standard: true, secure: true, supportFetchAPI: true } },
]);
app.on("web-contents-created", (_event, contents) => {
  contents.on("will-navigate", (event, url) => {
    seen.push(`navigate ${url}`);
    event.preventDefault();
  });
  contents.setWindowOpenHandler(({ url }) => {
    seen.push(`open ${url}`);
    return { action: "deny" };
  });
});

function answer(request: Request): Response {
  const { pathname } = new URL(request.url);
  const range = request.headers.get("range");
  if (pathname === "/piece" && range !== null)
    return new Response("bcd", {
      status: 206,
      headers: { "content-range": "bytes 1-3/5", "x-asked": range },
    });
  if (pathname !== "/") return new Response("none", { status: 404 });
  return new Response(PAGE, {
    headers: { "content-type": "text/html", "content-security-policy": "default-src 'self'" },
  });
}

let window: BrowserWindow | null = null;

/** A page of ours with the preload of the sample program. */
async function open(): Promise<BrowserWindow> {
  protocol.handle("app", answer);
  ipcMain.handle("echo", (_event, value: unknown) => value);
  ipcMain.handle("unclonable", () => () => "never");
  ipcMain.handle("fail", () => {
    throw Object.assign(new TypeError("told why"), { code: "LOST" });
  });
  ipcMain.handle("sender", ({ sender, senderFrame }) => [
    senderFrame?.url,
    sender === window?.webContents,
    senderFrame === sender.mainFrame,
  ]);
  ipcMain.on("told", (event, value: unknown) => event.reply("heard", value));
  window = new BrowserWindow({
    ...{ width: 900, height: 700, show: false },
    webPreferences: { preload: process.env["PROBE_PRELOAD"] ?? "", sandbox: true, contextIsolation: true },
  });
  const ready = new Promise((resolve) => window?.once("ready-to-show", () => resolve(true)));
  await window.loadURL("app://console/");
  await ready;
  return window;
}

let opened: Promise<BrowserWindow> | undefined;
export const inPage = async (code: string): Promise<unknown> => {
  opened ??= open();
  return (await opened).webContents.executeJavaScript(code);
};
const failing = (channel: string) =>
  inPage(`sample.invoke("${channel}").then(String, (error) => error.message)`);

export const pageChecks: Checks = {
  "a scheme of our own is a secure origin, answers ranges and says what it has not": () =>
    inPage(`Promise.all([
      isSecureContext, fetch("/none").then(({ status }) => status),
      fetch("/piece", { headers: { range: "bytes=1-3" } }).then(async (got) =>
        [got.status, got.headers.get("content-range"), got.headers.get("x-asked"), await got.text()]),
      fetch("http://127.0.0.1:9/").catch(() => "blocked"),
    ])`),
  "what structured clone keeps comes back over IPC": () =>
    inPage(`(async () => {
      const shared = { n: 1 };
      const got = await sample.invoke("echo", { date: new Date(5), map: new Map([["a", undefined]]),
        bytes: new Uint8Array([1, 2]), pair: [shared, shared], big: 9n });
      return [got.date.getTime(), got.map.has("a"), got.bytes.join(), got.pair[0] === got.pair[1], got.big === 9n];
    })()`),
  "a handler that fails, is unknown or answers what cannot be cloned": async () => [
    await failing("fail"),
    await failing("unknown"),
    await failing("unclonable"),
  ],
  "what cannot be cloned is refused before it is sent": () =>
    inPage(`sample.invoke("echo", { nested: () => 1 }).catch((error) => error.message)`),
  "a handler sees the page's own address and frame": () => inPage(`sample.invoke("sender")`),
  "answers to a page come in their order": () =>
    inPage(`new Promise((resolve) => {
      const all = [];
      const stop = sample.onEvent("heard", (value) => { if (all.push(value) === 3) { stop(); resolve(all); } });
      for (const value of [1, 2, 3]) sample.send("told", value);
    })`),
  "a preload has the sandbox's modules, and the page nothing of Node": () =>
    inPage(`[sample.hasEmitter, sample.refused, typeof require, typeof process, Object.isFrozen(sample)]`),
  "main is asked before a page opens a window or goes elsewhere": async () => {
    await inPage(`void window.open("http://other.invalid/")`);
    await inPage(`void setTimeout(() => location.assign("http://elsewhere.invalid/"), 0)`);
    while (seen.length < 2) await new Promise((resolve) => setTimeout(resolve, 20));
    return [seen, await inPage("document.title")];
  },
  "a page that hangs is ended by main, and its window can load again": async () => {
    const { webContents } = await (opened ??= open());
    const gone = new Promise((resolve) =>
      webContents.once("render-process-gone", (_event, { reason }) => resolve(reason !== "clean-exit")),
    );
    void webContents.executeJavaScript("setTimeout(() => { for (;;); }, 0); 0").catch(() => undefined);
    await new Promise((resolve) => setTimeout(resolve, 200));
    webContents.forcefullyCrashRenderer();
    const wasGone = await gone;
    await window?.loadURL("app://console/");
    return [wasGone, await inPage("document.title")];
  },
  "the machine is kept awake once, and let go once": () => {
    powerMonitor.on("resume", () => undefined);
    const id = powerSaveBlocker.start("prevent-app-suspension");
    return [powerSaveBlocker.isStarted(id), powerSaveBlocker.stop(id), powerSaveBlocker.isStarted(id)];
  },
};

/** Closes the window and tells in which order the runtime asks and tells. */
export function quitInOrder(): void {
  const order: string[] = [];
  const tell = (name: string) => () => order.push(name);
  window?.on("close", tell("close")).on("closed", tell("closed"));
  app.on("window-all-closed", tell("window-all-closed"));
  app.on("before-quit", tell("before-quit"));
  app.on("will-quit", tell("will-quit"));
  app.on("quit", (_event, code) => {
    console.log(`answer ${JSON.stringify(["the order of quitting", [...order, `quit ${code}`]])}`);
  });
  app.quit();
}
