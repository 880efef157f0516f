import { cpSync, existsSync, readdirSync, statSync, utimesSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { packageScript, rootFolder, runNode } from "./run-program.mjs";

/** What is built, and what says how; the image's build gets nothing else. */
export const sources = [
  "electron",
  "archive",
  "design-system",
  "evidence-service",
  "media",
  "renderer",
  "runtime",
  "shared",
  "web-app",
  "assets",
];
export const settings = [
  "electron.vite.config.ts",
  "package.json",
  "package-lock.json",
  "tsconfig.base.json",
];
const stampPath = join(rootFolder, "out", ".built");

/** Whoever asks for it: in a test's environment React would be its developers' build, half as large again. */
const AS_SHIPPED = { env: { NODE_ENV: "production" } };

/** Builds the console and the service's web application into out/. @returns {Promise<number>} an exit code */
export async function build() {
  // Taken before the build: a file saved while it runs makes the next build due.
  const startedAt = new Date();
  const console = await runNode(
    [packageScript("electron-vite", "bin", "electron-vite.js"), "build"],
    AS_SHIPPED,
  );
  if (console !== 0) return console;
  const webAppConfig = "web-app/vite.config.ts";
  const vite = packageScript("vite", "bin", "vite.js");
  const webApp = await runNode([vite, "build", "--config", webAppConfig], AS_SHIPPED);
  if (webApp !== 0) return webApp;
  const notices = await runNode(["dev/packaging/write-notices.ts"]);
  if (notices === 0) {
    // Icons of the system tray and the window lie beside the program, packaged or not.
    cpSync(join(rootFolder, "assets"), join(rootFolder, "out", "assets"), { recursive: true });
    writeFileSync(stampPath, "");
    utimesSync(stampPath, startedAt, startedAt);
  }
  return notices;
}

/** Builds only when a source is newer than what lies in out/. */
export async function ensureBuilt() {
  const builtMs = existsSync(stampPath) ? statSync(stampPath).mtimeMs : 0;
  if (newestMs() < builtMs) return;
  if ((await build()) !== 0) throw new Error("The build failed; its messages stand above.");
}

/** @returns {number} when the newest source was last changed, in ms of Unix time */
function newestMs() {
  const files = sources.flatMap((folder) =>
    readdirSync(join(rootFolder, folder), { recursive: true }).map((file) => join(folder, file)),
  );
  const inBuild = [...files, ...settings].filter((file) => !/\.test\.tsx?$/.test(file));
  // A file may vanish between listing and looking; then it is no source any more.
  const stats = inBuild.map((file) => statSync(join(rootFolder, file), { throwIfNoEntry: false }));
  return Math.max(...stats.map((stat) => stat?.mtimeMs ?? 0));
}
