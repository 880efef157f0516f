import { join } from "node:path";
import { app, BrowserWindow, screen, session } from "electron";
import { endHangingPage } from "./hanging-page.ts";
import { reopenAfterCrash } from "./reopen-after-crash.ts";
import { APP_ORIGIN, isOfConsole } from "./page-origin.ts";
import type { Monitor } from "./windows/window-place.ts";
import type { Opening } from "./windows/console-windows.ts";

/** Of a window whose page is not there yet: `--bg-0` of design-system/tokens.css. */
const BACKGROUND = "#0a0d11";

/** Further windows may be as small as a canvas is still of use. */
const SIZES = {
  console: { width: 1600, height: 1000, minWidth: 1024, minHeight: 640 },
  canvas: { width: 1280, height: 800, minWidth: 640, minHeight: 480 },
};

/** A window of the console: sandboxed, isolated, and unable to go anywhere else. */
export function openConsoleWindow(preloadPath: string, opening: Opening): BrowserWindow {
  const { kind, bounds, place, takesFocus } = opening;
  const window = new BrowserWindow({
    ...SIZES[kind],
    ...bounds,
    show: false,
    backgroundColor: BACKGROUND,
    title: app.getName(),
    webPreferences: {
      preload: preloadPath,
      sandbox: true,
      contextIsolation: true,
      nodeIntegration: false,
      webSecurity: true,
      spellcheck: false,
    },
  });
  window.once("ready-to-show", () => {
    if (takesFocus) window.show();
    else window.showInactive();
    if (place?.isMaximized === true) window.maximize();
    if (place?.isFullScreen === true) window.setFullScreen(true);
  });
  const load = () => loadPage(window);
  reopenAfterCrash(window.webContents, load);
  endHangingPage(window.webContents);
  load();
  return window;
}

/** Loads it anew where it is there: with the policy that holds now. */
export function loadPage(window: BrowserWindow): void {
  window.loadURL(`${APP_ORIGIN}/`).catch((error: unknown) => {
    console.error("The console's page cannot be loaded.", error);
  });
}

/** The system's first one first. */
export function monitors(): Monitor[] {
  const primary = screen.getPrimaryDisplay();
  return [primary, ...screen.getAllDisplays().filter(({ id }) => id !== primary.id)];
}

/**
 * Chromium asks before a page may reach loopback addresses, and pictures come from the archive there.
 * The content policy narrows this to the archive's own origin.
 */
const ARCHIVE_PERMISSIONS: ReadonlySet<string> = new Set([
  "local-network-access",
  "local-network",
  "loopback-network",
]);

function mayReachArchive(permission: string, pageUrl: string): boolean {
  return ARCHIVE_PERMISSIONS.has(permission) && isOfConsole(pageUrl);
}

/** What a certificate is judged by that Chromium does not trust. */
export type CertificateJudge = (hostname: string, shown: { readonly data: string }) => boolean;

/** Chromium's net error for a certificate of an authority that it does not know, where nothing else is worse. */
const AUTHORITY_UNKNOWN = -202;
const TRUSTED = 0;
const AS_CHROMIUM_SAYS = -3;

/** The page reads an archive on another computer itself: what the console trusts beside the system, it does, too. */
export function trustLikeConsole(isTrusted: CertificateJudge): void {
  session.defaultSession.setCertificateVerifyProc(({ hostname, certificate, errorCode }, answer) =>
    answer(errorCode === AUTHORITY_UNKNOWN && isTrusted(hostname, certificate) ? TRUSTED : AS_CHROMIUM_SAYS),
  );
}

/** For every page that is ever made: no new windows, no navigation away, no permission but to see pictures, no download. */
export function confineAllPages(): void {
  app.on("web-contents-created", (_event, contents) => {
    contents.setWindowOpenHandler(() => ({ action: "deny" }));
    contents.on("will-navigate", (event, url) => {
      if (!isOfConsole(url)) event.preventDefault();
    });
    contents.on("will-attach-webview", (event) => event.preventDefault());
  });
  permitPictures();
  // What the page saves it asks main to save.
  session.defaultSession.on("will-download", (event) => event.preventDefault());
}

/** Whatever else a page asks for is refused. */
export function permitPictures(): void {
  session.defaultSession.setPermissionRequestHandler((_contents, permission, answer, { requestingUrl }) =>
    answer(mayReachArchive(permission, requestingUrl)),
  );
  session.defaultSession.setPermissionCheckHandler((_contents, permission, origin) =>
    mayReachArchive(permission, origin),
  );
}

export function preloadPathIn(outFolder: string): string {
  return join(outFolder, "preload", "preload.cjs");
}
