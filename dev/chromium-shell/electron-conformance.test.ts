import { execFile } from "node:child_process";
import { mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";
import type { EventEmitter } from "node:events";
import type * as Electron from "electron";
import { glob } from "node:fs/promises";
import { parseSync, Visitor } from "vite";
import { expect, test } from "vitest";
import * as standIn from "./electron-module.ts";

const rootFolder = fileURLToPath(new URL("../../", import.meta.url));

/** Members of ours that Electron does not have or has with another type. */
type Differences<Real, Ours> = {
  [Name in Exclude<keyof Ours, keyof EventEmitter>]: Name extends keyof Real
    ? Ours[Name] extends Real[Name]
      ? never
      : Name
    : Name;
}[Exclude<keyof Ours, keyof EventEmitter>];
type None<Difference extends never> = Difference;
type Only<Allowed, Difference extends Allowed> = Difference;
type Default = typeof standIn.session.defaultSession;

/**
 * Held against electron.d.ts by the compiler. What is listed by name differs only because its type mentions a
 * class or an answer (window, contents, frame, display, login item) of which the stand-in has a part, or is how our own files talk to
 * each other; that the console uses no other part is what the last test below has the compiler check.
 */
export type HeldAgainstElectron = [
  Only<
    "commandLine" | "becomeReady" | "windowWasClosed" | "getLoginItemSettings",
    Differences<Electron.App, typeof standIn.app>
  >,
  None<Differences<Electron.CommandLine, typeof standIn.app.commandLine>>,
  Only<"webContents", Differences<Electron.BrowserWindow, standIn.BrowserWindow>>,
  None<Differences<Electron.BrowserWindowConstructorOptions, standIn.BrowserWindowConstructorOptions>>,
  Only<
    "attach" | "detach" | "navigate" | "mainFrame" | "session" | "setWindowOpenHandler",
    Differences<Electron.WebContents, standIn.WebContents>
  >,
  Only<"parent" | "top", Differences<Electron.WebFrameMain, standIn.WebFrameMain>>,
  Only<"handle" | "handleOnce", Differences<Electron.IpcMain, typeof standIn.ipcMain>>,
  Only<"sender" | "senderFrame", Differences<Electron.IpcMainInvokeEvent, standIn.IpcMainInvokeEvent>>,
  None<Differences<Electron.Protocol, typeof standIn.protocol>>,
  Only<
    | "webRequest"
    | "setPermissionRequestHandler"
    | "setPermissionCheckHandler"
    | "setCertificateVerifyProc"
    | "on",
    Differences<Electron.Session, Default>
  >,
  None<Differences<Electron.Dialog, typeof standIn.dialog>>,
  None<Differences<Electron.Shell, typeof standIn.shell>>,
  None<Differences<Electron.SafeStorage, typeof standIn.safeStorage>>,
  None<Differences<Electron.PowerMonitor, typeof standIn.powerMonitor>>,
  None<Differences<Electron.PowerSaveBlocker, typeof standIn.powerSaveBlocker>>,
  None<Differences<Electron.NativeTheme, typeof standIn.nativeTheme>>,
  Only<"getPrimaryDisplay" | "getAllDisplays", Differences<Electron.Screen, typeof standIn.screen>>,
  None<Differences<Electron.Net, typeof standIn.net>>,
  None<Differences<typeof Electron.utilityProcess, typeof standIn.utilityProcess>>,
  None<Differences<Electron.UtilityProcess, standIn.UtilityProcess>>,
];

/** Values and their members that main's files take from "electron", as `app` and `app.getPath`. */
async function usedByConsole(): Promise<Set<string>> {
  const used = new Set<string>();
  for await (const file of glob("electron/**/*.ts", { cwd: rootFolder })) {
    if (file.endsWith("preload.ts") || file.endsWith(".test.ts")) continue;
    const { program } = parseSync(file, await readFile(join(rootFolder, file), "utf8"));
    const names = new Set<string>();
    new Visitor({
      ImportDeclaration(node) {
        if (node.source.value !== "electron" || node.importKind === "type") return;
        for (const specifier of node.specifiers) {
          if (specifier.type === "ImportSpecifier" && specifier.importKind === "type") continue;
          names.add(specifier.local.name);
          used.add(specifier.local.name);
        }
      },
      MemberExpression(node) {
        const { object, property } = node;
        if (object.type !== "Identifier" || property.type !== "Identifier" || node.computed) return;
        if (names.has(object.name)) used.add(`${object.name}.${property.name}`);
      },
    }).visit(program);
  }
  return used;
}

const exported = standIn as unknown as Record<string, Record<string, unknown> | undefined>;

test("the stand-in has every value that the console takes from electron", async () => {
  const missing = [...(await usedByConsole())].filter((used) => {
    const [name = "", member] = used.split(".");
    const value = exported[name];
    return value === undefined || (member !== undefined && !(member in value));
  });
  expect(missing).toEqual([]);
});

test("a lacking member says so instead of staying silent", () => {
  const lacking = standIn.app as unknown as Record<string, unknown>;
  expect(() => lacking["dock"]).toThrow("app.dock: not available in the Chromium shell");
  expect(() => new standIn.Tray("icon.png")).toThrow("Tray: not available in the Chromium shell");
  expect(standIn.Notification.isSupported()).toBe(false);
  expect(standIn.safeStorage.isEncryptionAvailable()).toBe(false);
});

test("the console type-checks with the stand-in in electron's place", { timeout: 60_000 }, async () => {
  const folder = await mkdtemp(join(tmpdir(), "console-on-shell-"));
  const configPath = join(folder, "tsconfig.json");
  const root = (path: string) => join(rootFolder, path);
  const compilerOptions = {
    noEmit: true,
    composite: false,
    declaration: false,
    emitDeclarationOnly: false,
    rootDir: rootFolder,
    lib: ["ES2024", "DOM"],
    types: ["node"],
    typeRoots: [root("node_modules/@types")],
    paths: { electron: [root("dev/chromium-shell/electron-module.ts")] },
  };
  const include = [
    root("electron/main.ts"),
    root("electron/desktop-shell/**/*.ts"),
    root("electron/ipc-handlers/**/*.ts"),
    root("electron/**/*.d.ts"),
    root("dev/chromium-shell/electron-module.ts"),
  ];
  const config = {
    extends: root("tsconfig.base.json"),
    compilerOptions,
    include,
    exclude: [root("**/*.test.ts")],
  };
  await writeFile(configPath, JSON.stringify(config));
  const compiler = root("node_modules/typescript/bin/tsc");
  const said = await promisify(execFile)(
    process.execPath,
    [compiler, "-p", configPath, "--pretty", "false"],
    { cwd: rootFolder },
  ).then(
    ({ stdout }) => stdout,
    (error: { stdout: string }) => error.stdout,
  );
  await rm(folder, { recursive: true, force: true });
  expect(said).toBe("");
});
