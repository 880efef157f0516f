/**
 * A main process as Electron's documentation would have it, written against Electron's own types; the tests
 * run it on the stand-in. What it observes it prints as `event NAME JSON`.
 */
import { join } from "node:path";
import { app, BrowserWindow, ipcMain, protocol, shell, utilityProcess, type WebContents } from "electron";

const observe = (name: string, value: unknown = null) =>
  console.log(`event ${name} ${JSON.stringify(value)}`);
const html = {
  "content-type": "text/html",
  "content-security-policy": "default-src 'self'; connect-src app://console",
};

app.setPath("userData", process.env["SAMPLE_USER_DATA"] ?? "");
protocol.registerSchemesAsPrivileged([{ scheme: "app", privileges: { standard: true, secure: true } }]);
app.on("second-instance", (_event, _argv, _folder, data) => observe("second-instance", data));
app.on("window-all-closed", () => {
  observe("window-all-closed");
  app.quit();
});
app.on("before-quit", () => observe("before-quit"));
app.on("web-contents-created", (_event, contents) => guard(contents));

function guard(contents: WebContents): void {
  contents.on("will-navigate", (event, url) => {
    observe("will-navigate", url);
    event.preventDefault();
  });
  contents.setWindowOpenHandler(({ url }) => {
    observe("window-open", url);
    return { action: "deny" };
  });
}

function answerPage(request: Request): Response {
  const { pathname } = new URL(request.url);
  if (pathname !== "/index.html") return new Response("nothing here", { status: 404 });
  return new Response("<!doctype html><title>Sample</title><h1>Sample</h1>", { headers: html });
}

function handleCalls(window: BrowserWindow): void {
  ipcMain.handle("echo", (_event, value: unknown) => value);
  ipcMain.handle("sender", (event) => ({
    url: event.senderFrame?.url,
    isOurs: event.sender === window.webContents,
    isMainFrame: event.senderFrame === event.sender.mainFrame && event.senderFrame.parent === null,
    window: BrowserWindow.fromWebContents(event.sender)?.id === window.id,
  }));
  ipcMain.handle("fail", () => {
    throw Object.assign(new TypeError("told why"), { code: "LOST" });
  });
  ipcMain.handle("unclonable", () => () => "never");
  ipcMain.handle("name", () => ({
    name: app.getName(),
    version: app.getVersion(),
    origin: process.env["EVIDENCE_DESK_SHELL_ORIGIN"],
  }));
  ipcMain.handle("lacking", () => app.getJumpListSettings());
  ipcMain.handle("external", (_event, url: string) => shell.openExternal(url));
  ipcMain.handle("keep-open", () => {
    window.once("close", (event) => event.preventDefault());
    window.close();
    return window.isDestroyed();
  });
  ipcMain.handle("fork", () => forkChild());
  ipcMain.on("told", (event, value: unknown) => event.reply("heard", value));
}

function forkChild(): Promise<unknown> {
  const child = utilityProcess.fork(join(import.meta.dirname, "utility.ts"), ["one"], {
    env: { ...process.env, SAMPLE: "two" },
    stdio: "pipe",
    serviceName: "sample",
  });
  return new Promise((resolve) => {
    child.stdout?.once("data", (line) => {
      child.once("message", (message: unknown) =>
        resolve({ pid: child.pid, line: String(line).trim(), message }),
      );
      child.postMessage(new Map([["key", 1]]));
    });
  });
}

async function openWindow(): Promise<void> {
  protocol.handle("app", answerPage);
  const window = new BrowserWindow({
    width: 900,
    height: 700,
    show: false,
    webPreferences: {
      preload: join(import.meta.dirname, "preload.cjs"),
      sandbox: true,
      contextIsolation: true,
    },
  });
  handleCalls(window);
  window.once("ready-to-show", () => {
    observe("ready-to-show");
    window.show();
  });
  window.on("close", () => observe("close"));
  window.on("closed", () => observe("closed"));
  await window.loadURL("app://console/index.html");
  observe("loaded", window.webContents.getURL());
}

if (app.requestSingleInstanceLock({ from: "second" })) void app.whenReady().then(openWindow);
else app.quit();
