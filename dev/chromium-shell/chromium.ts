import { existsSync } from "node:fs";
import { readFile, rm } from "node:fs/promises";
import { delimiter, join } from "node:path";
import { setTimeout } from "node:timers/promises";
import { chromium, type BrowserContext } from "playwright-core";
import { listenForSchemes } from "./custom-protocol.ts";

/** Chromium as the shell started it: all windows are pages of its one context. */
export interface RunningChromium {
  context: BrowserContext;
  headless: boolean;
  /** Where a script attaches with `connectOverCDP`, `http://127.0.0.1:PORT`. */
  debuggingAddress: string;
}

const candidates = ["chromium", "chromium-browser", "google-chrome"];

/** Where macOS and Windows keep browsers, none of which they put into the PATH. */
function usualPlaces(): string[] {
  if (process.platform === "darwin")
    return ["Google Chrome", "Chromium"].map((name) => `/Applications/${name}.app/Contents/MacOS/${name}`);
  const roots = [process.env["PROGRAMFILES"], process.env["PROGRAMFILES(X86)"], process.env["LOCALAPPDATA"]];
  return roots.flatMap((root) =>
    root === undefined ? [] : [join(root, "Google", "Chrome", "Application", "chrome.exe")],
  );
}

/** @returns the executable named by EVIDENCE_DESK_CHROMIUM or the first one found on PATH */
export function findChromium(): string {
  const named = process.env["EVIDENCE_DESK_CHROMIUM"];
  if (named) return named;
  const folders = ["/usr/bin", ...(process.env["PATH"] ?? "").split(delimiter)];
  const paths = candidates.flatMap((name) => folders.map((folder) => join(folder, name)));
  const found = [...paths, ...usualPlaces()].find((path) => existsSync(path));
  if (!found)
    throw new Error("No Chromium found: install the package chromium or set EVIDENCE_DESK_CHROMIUM.");
  return found;
}

/** Headed only where there is a display, unless EVIDENCE_DESK_HEADLESS=1 asks for none. */
function wantsHeadless(): boolean {
  const hasDisplay = process.platform !== "linux" || Boolean(process.env["DISPLAY"]);
  return process.env["EVIDENCE_DESK_HEADLESS"] === "1" || !hasDisplay;
}

/**
 * Starts Chromium. It is tied to this process by a pipe and ends by itself when this process is killed.
 *
 * @param profileFolder Chromium's own folder below `userData`
 * @param switches what main appended to the command line, each `--name` or `--name=value`
 */
export async function launchChromium(profileFolder: string, switches: string[]): Promise<RunningChromium> {
  const headless = wantsHeadless();
  const schemePort = await listenForSchemes();
  const portFile = join(profileFolder, "DevToolsActivePort");
  // One of an earlier start names a port that is nobody's any more.
  await rm(portFile, { force: true });
  const isRoot = process.getuid?.() === 0;
  const context = await chromium.launchPersistentContext(profileFolder, {
    executablePath: findChromium(),
    headless,
    chromiumSandbox: !isRoot,
    // Null leaves to the page what Electron leaves to it; the emulated defaults of a test browser do not.
    viewport: null,
    colorScheme: null,
    reducedMotion: null,
    forcedColors: null,
    handleSIGINT: false,
    handleSIGTERM: false,
    handleSIGHUP: false,
    args: [
      `--remote-debugging-port=${process.env["EVIDENCE_DESK_DEBUGGING_PORT"] || "0"}`,
      `--host-resolver-rules=MAP *.localhost:80 127.0.0.1:${schemePort}`,
      "--autoplay-policy=no-user-gesture-required",
      "--disable-gpu",
      "--no-first-run",
      "--disable-background-networking",
      "--disable-component-update",
      "--disable-sync",
      ...switches,
    ],
  });
  return { context, headless, debuggingAddress: await debuggingAddressIn(portFile) };
}

const PORT_FILE_LOOKS = 500;
const PORT_FILE_PAUSE_MS = 20;

/** Chromium makes the file first and writes it then: it is there, and empty, for a moment. */
async function debuggingAddressIn(portFile: string): Promise<string> {
  for (let look = 0; look < PORT_FILE_LOOKS; look += 1) {
    const written = await readFile(portFile, "utf8").catch(() => "");
    const port = /^(\d+)\n/.exec(written)?.[1];
    if (port !== undefined) return `http://127.0.0.1:${port}`;
    await setTimeout(PORT_FILE_PAUSE_MS);
  }
  throw new Error(`Chromium named no port for debugging in ${portFile}.`);
}
