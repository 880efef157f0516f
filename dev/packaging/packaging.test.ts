import { readdir, readFile } from "node:fs/promises";
import { createRequire } from "node:module";
import { join, relative } from "node:path";
import { fileURLToPath } from "node:url";
import { expect, test } from "vitest";
import { APP_ID } from "#electron/desktop-shell/settled-paths.ts";
import { CONNECTION_FILE_ENDINGS } from "#shared/domain/connection-file-name.ts";

const rootFolder = fileURLToPath(new URL("../../", import.meta.url)).replace(/[/\\]$/, "");
// electron-builder's own library and its libraries, at exactly the version that would package the console.
const fromBuilder = createRequire(createRequire(import.meta.url).resolve("electron-builder/package.json"));
const fromLibrary = createRequire(fromBuilder.resolve("app-builder-lib/package.json"));

interface Configuration {
  appId: string;
  files: string[];
  electronFuses: Record<string, boolean>;
  fileAssociations: { ext: string; mimeType: string }[];
  linux: { target: string[] };
  win: { target: string[] };
  mac: { target: string[] };
}
type Validate = (configuration: unknown, log: { add: () => void }) => Promise<void>;
type Filter = (path: string, stat: { isDirectory(): boolean }) => boolean;
type Matcher = new (
  from: string,
  to: string,
  expand: (pattern: string) => string,
  patterns: string[],
) => { createFilter(): Filter };

const { validateConfiguration } = fromBuilder("app-builder-lib/out/util/config/config.js") as {
  validateConfiguration: Validate;
};
const { FileMatcher } = fromBuilder("app-builder-lib/out/fileMatcher.js") as { FileMatcher: Matcher };
const { load } = fromLibrary("js-yaml") as { load: (text: string) => unknown };

const readConfiguration = async () =>
  load(await readFile(join(rootFolder, "electron-builder.yml"), "utf8")) as Configuration;

/** What a build leaves behind, in case none has been made here. */
const built = [
  "out/main/main.js",
  "out/main/main.js.map",
  "out/main/archive.js",
  "out/main/evidence-service.js",
  "out/main/segment-worker.js",
  "out/preload/preload.cjs",
  "out/renderer/index.html",
  "out/renderer/assets/index.js",
  "out/renderer/assets/index.js.map",
  "out/web-app/index.html",
  "out/assets/tray.png",
  "out/.built",
];

/** Files of the repository as it lies there, the packages aside: electron-builder adds the production ones itself. */
async function filesInRepository(): Promise<string[]> {
  const folders = await readdir(rootFolder, { withFileTypes: true });
  const inFolders = folders.map(async (entry) => {
    if (!entry.isDirectory()) return [entry.name];
    if (["node_modules", ".git", ".tsbuild"].includes(entry.name)) return [];
    const below = await readdir(join(rootFolder, entry.name), { recursive: true, withFileTypes: true });
    return below
      .filter((file) => file.isFile())
      .map((file) => relative(rootFolder, join(file.parentPath, file.name)));
  });
  return (await Promise.all(inFolders)).flat();
}

async function filesInAsar(): Promise<string[]> {
  const { files } = await readConfiguration();
  const matches = new FileMatcher(rootFolder, rootFolder, (pattern) => pattern, files).createFilter();
  const candidates = new Set([...(await filesInRepository()), ...built]);
  return [...candidates]
    .filter((file) => matches(join(rootFolder, file), { isDirectory: () => false }))
    .toSorted();
}

test("the packaging configuration satisfies electron-builder's own schema", async () => {
  await validateConfiguration(await readConfiguration(), { add: () => {} });
  const misspelt = { ...(await readConfiguration()), asarUnpak: [] };
  await expect(validateConfiguration(misspelt, { add: () => {} })).rejects.toThrow("asarUnpak");
});

test("there is a package for Linux, Windows and macOS, with every fuse set", async () => {
  const { linux, win, mac, electronFuses } = await readConfiguration();
  expect([linux.target, win.target, mac.target]).toEqual([["AppImage", "deb"], ["nsis"], ["dmg", "zip"]]);
  expect(electronFuses).toEqual({
    runAsNode: false,
    enableCookieEncryption: true,
    enableNodeOptionsEnvironmentVariable: false,
    enableNodeCliInspectArguments: false,
    enableEmbeddedAsarIntegrityValidation: true,
    onlyLoadAppFromAsar: true,
    loadBrowserProcessSpecificV8Snapshot: false,
    grantFileProtocolExtraPrivileges: false,
  });
});

test("the archive of the program holds what was built and neither source, development nor test", async () => {
  const files = await filesInAsar();
  expect(files).toContain("package.json");
  for (const file of built.filter((path) => !path.endsWith(".map") && path !== "out/.built"))
    expect(files).toContain(file);
  const strangers = files.filter(
    (file) => file !== "package.json" && !/^out[/\\](main|preload|renderer|web-app|assets)[/\\]/.test(file),
  );
  expect(strangers).toEqual([]);
  expect(files.filter((file) => /\.(ts|tsx|map)$|\.test\./.test(file))).toEqual([]);
});

test("no exclusion reaches into the production packages, to which electron-builder applies exclusions too", async () => {
  const { files } = await readConfiguration();
  const exclusions = files.filter((pattern) => pattern.startsWith("!"));
  const matches = new FileMatcher(rootFolder, rootFolder, (pattern) => pattern, [
    "**/*",
    ...exclusions,
  ]).createFilter();
  const needed = ["node_modules/fastify/fastify.js", "node_modules/better-sqlite3/package.json"];
  expect(needed.filter((file) => matches(join(rootFolder, file), { isDirectory: () => false }))).toEqual(
    needed,
  );
});

test.each(["linux-x64", "linux-arm64", "win32-x64", "darwin-arm64"])(
  "a package for %s carries the native library for it, no other, and no sources",
  async (system) => {
    const { files } = await readConfiguration();
    const [platform = "", arch = ""] = system.split("-");
    const expand = (pattern: string) => pattern.replace("${platform}", platform).replace("${arch}", arch);
    const exclusions = files.filter((pattern) => pattern.startsWith("!"));
    const matches = new FileMatcher(rootFolder, rootFolder, expand, ["**/*", ...exclusions]).createFilter();
    const sqlite = join(rootFolder, "node_modules", "better-sqlite3");
    const entries = await readdir(sqlite, { recursive: true, withFileTypes: true });
    const packed = entries
      .filter((entry) => entry.isFile())
      .map((entry) => join(entry.parentPath, entry.name))
      .filter((file) => matches(file, { isDirectory: () => false }))
      .map((file) => relative(sqlite, file).replaceAll("\\", "/"));
    expect(packed.filter((file) => file.endsWith(".node"))).toEqual([`prebuilds/${system}.node`]);
    expect(packed.filter((file) => /\.(c|cpp|h|hpp)$/.test(file))).toEqual([]);
    expect(packed).toContain("lib/index.js");
  },
);

test("no system has files of its own, with which electron-builder would take in the whole repository", async () => {
  const { linux, win, mac } = await readConfiguration();
  for (const system of [linux, win, mac]) expect(system).not.toHaveProperty("files");
});

test("what is bundled into the pages is no production dependency", async () => {
  const { dependencies } = JSON.parse(await readFile(join(rootFolder, "package.json"), "utf8")) as {
    dependencies: object;
  };
  const bundled = [
    "react",
    "react-dom",
    "video.js",
    "zustand",
    "@tanstack/react-query",
    "electron",
    "vite",
    "@playwright/test",
  ];
  expect(Object.keys(dependencies).filter((name) => bundled.includes(name))).toEqual([]);
});

test("what a desktop opens with the console has an ending that an import takes, and is not everybody's", async () => {
  const { fileAssociations } = await readConfiguration();
  const endings = fileAssociations.map(({ ext }) => `.${ext}`);
  expect(endings).toEqual(CONNECTION_FILE_ENDINGS.filter((ending) => ending !== ".json"));
  // Without it nothing is written for desktops on Linux.
  expect(fileAssociations.map(({ mimeType }) => mimeType)).toEqual([
    expect.stringMatching(/^application\/vnd\./),
  ]);
});

test("Windows knows the program by the name under which it is installed", async () => {
  expect((await readConfiguration()).appId).toBe(APP_ID);
});
