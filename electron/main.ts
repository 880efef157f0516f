/** Composition root of the console: window, page, requests and events around the assembled program. */
import { join } from "node:path";
import {
  app,
  type BrowserWindow,
  powerMonitor,
  powerSaveBlocker,
  safeStorage,
  screen,
  shell,
} from "electron";
import { PRODUCT_NAME } from "#shared/domain/brand.ts";
import { type ExportAccount, isUnfinished } from "#shared/domain/export-status.ts";
import type { DestinationState } from "#shared/ipc-contract/destination-contract.ts";
import { chooseProxy } from "./adapters/proxy/proxy-choice.ts";
import { ensureFirstOperator, OperatorList } from "./adapters/site/operator-list.ts";
import { type ConsoleLog, openConsoleLog, recordTerminal } from "./adapters/log/console-log.ts";
import { pageErrorsInto } from "./adapters/log/page-errors.ts";
import { SiteReports } from "./adapters/report/site-reports.ts";
import type { UpdateOffers } from "./adapters/update/update-offers.ts";
import { exportFacts, settingFacts, versionFacts } from "./adapters/report/report-facts.ts";
import { openSiteFolder, type SiteFolder } from "./adapters/site/site-folder.ts";
import { assembleConsole, type ConsoleProgram } from "./console-program.ts";
import { heedBrokenTerminal } from "#runtime/process/broken-terminal.ts";
import { readCommandLine } from "./desktop-shell/read-command-line.mjs";
import { wordsGiven } from "./desktop-shell/command-line.ts";
import { endAtOnce, endRefused, endUnstarted } from "./desktop-shell/end-at-once.ts";
import { setApplicationMenu } from "./desktop-shell/application-menu.ts";
import { isIssuedByAuthority } from "./adapters/trust/shown-chain.ts";
import { addedAuthorities } from "./adapters/trust/trusted-authorities.ts";
import {
  confineAllPages,
  loadPage,
  monitors,
  openConsoleWindow,
  preloadPathIn,
  trustLikeConsole,
} from "./desktop-shell/console-window.ts";
import { registerPageScheme, servePage } from "./desktop-shell/page-protocol.ts";
import { systemProxy } from "./desktop-shell/system-proxy.ts";
import { announcerTo, listenForRequests } from "./desktop-shell/request-channel.ts";
import { isChromiumShell, pageOrigins, runtimeLabel } from "./desktop-shell/runtime.ts";
import { coalesced } from "./desktop-shell/status-broadcast.ts";
import { consoleUpdates } from "./console-updates.ts";
import { noticesPath } from "./desktop-shell/notices-path.ts";
import { siteTold } from "./desktop-shell/site-after-update.ts";
import { settlePaths } from "./desktop-shell/settled-paths.ts";
import { StayAwake } from "./desktop-shell/stay-awake.ts";
import { SystemTray } from "./desktop-shell/system-tray.ts";
import { cameraFeed } from "./desktop-shell/camera-feed.ts";
import { FileToImport } from "./desktop-shell/file-to-import.ts";
import { watchForUnforeseenErrors } from "./end-after-error.ts";
import { fileOfSecondStart, messageToFirst } from "./desktop-shell/second-start.ts";
import { logOnStartOf } from "./log-on-start.ts";
import { startAnewAfterEnd } from "./desktop-shell/start-anew.ts";
import { commandToStart } from "./desktop-shell/start-command.ts";
import { UnforeseenEnd } from "./desktop-shell/unforeseen-end.ts";
import { whyNotUsable } from "./desktop-shell/usable-site.ts";
import { type WakeReason, watchForWake } from "./desktop-shell/wake-watch.ts";
import { ConsoleWindows } from "./desktop-shell/windows/console-windows.ts";
import { RememberedWindows } from "./desktop-shell/windows/remembered-windows.ts";
import { WaitingForOperator } from "./desktop-shell/waiting-for-operator.ts";
import { watchCameras } from "./desktop-shell/camera-watch.ts";
import { cameraHandlers } from "./ipc-handlers/camera-handlers.ts";
import { connectionFileHandlers } from "./ipc-handlers/connection-file-handlers.ts";
import { destinationHandlers, destinationState } from "./ipc-handlers/destination-handlers.ts";
import { dispatch } from "./ipc-handlers/dispatch.ts";
import { exportHandlers } from "./ipc-handlers/export-handlers.ts";
import { networkHandlers } from "./ipc-handlers/network-handlers.ts";
import { reportHandlers } from "./ipc-handlers/report-handlers.ts";
import { preferenceHandlers } from "./ipc-handlers/preference-handlers.ts";
import { startupHandlers } from "./ipc-handlers/startup-handlers.ts";
import { siteHandlers } from "./ipc-handlers/site-handlers.ts";
import { updateHandlers } from "./ipc-handlers/update-handlers.ts";
import { snapshotHandlers } from "./ipc-handlers/snapshot-handlers.ts";
import { type LoggedOn, operatorHandlers, logOnStateOf } from "./ipc-handlers/operator-handlers.ts";
import { windowHandlers } from "./ipc-handlers/window-handlers.ts";

const outFolder = join(import.meta.dirname, "..");
/** Null until the console is put together. */
let windows: ConsoleWindows<BrowserWindow> | null = null;
const announce = announcerTo(() => windows?.all() ?? []);
/** What further windows show nothing of. */
const announceToFirst = announcerTo(() => firstWindow());
/** Exports go on without a window, and without an icon in the system's tray. */
let goesOnUnseen = false;
const takeCameras = cameraFeed((change) => announce("cameras.changed", change));
const loggedOn: LoggedOn = { operator: null };
const clickedExport = new WaitingForOperator<string>(
  "send-to-clearance",
  () => loggedOn.operator,
  (_exportId, isForOthers) => void (isForOthers || announceToFirst("exports.clicked", null)),
);
const fileToImport = new FileToImport(
  () => loggedOn.operator,
  (opened) => announceToFirst("connectionFile.opened", opened),
);
const awake = new StayAwake(powerSaveBlocker);

heedBrokenTerminal();
const told = readCommandLine(wordsGiven(process.argv, app.isPackaged), process.cwd());
if (told.kind === "start") begin(settlePaths(app, told.site ?? siteTold(process.env)), told.file);
else endAtOnce(told);

/** @param file that was to be opened with this start; where the console is open already, there */
function begin(siteRoot: string, file: string | null): void {
  const unusable = whyNotUsable(siteRoot);
  if (unusable !== null) return endRefused(unusable, 1);
  registerPageScheme();
  // Electron takes `--no-sandbox` away with this, and root cannot do without it; the window's own sandbox is on anyway.
  if (!app.commandLine.hasSwitch("no-sandbox")) app.enableSandbox();
  if (app.requestSingleInstanceLock(messageToFirst(file))) {
    if (file !== null) fileToImport.open(file);
    app.on("second-instance", (_event, _argv, _folder, words) => {
      showWindow();
      const named = fileOfSecondStart(words);
      if (named !== null) fileToImport.open(named);
    });
    // As macOS hands over a file, to a console that runs or that it starts for it.
    app.on("open-file", (event, path) => {
      event.preventDefault();
      fileToImport.open(path);
    });
    app
      .whenReady()
      .then(() => start(siteRoot))
      .catch(endUnstarted);
  } else {
    console.error(`${PRODUCT_NAME} is open already on this site.`);
    app.exit(1);
  }
}

async function start(siteRoot: string): Promise<void> {
  const site = openSiteFolder(siteRoot);
  const unforeseenEnd = new UnforeseenEnd(site.console);
  const endedUtcMs = unforeseenEnd.take();
  const log = await openConsoleLog(site.root, (error) => console.error("The log is not written.", error));
  recordTerminal(log);
  console.log(`${PRODUCT_NAME} ${app.getVersion()} starts in ${runtimeLabel()}.`);
  const firstPasswordPath = await ensureFirstOperator(site.console);
  if (firstPasswordPath !== null) console.log(`The first operator's password is in ${firstPasswordPath}`);
  const program = assembleConsole({
    site,
    outFolder,
    pageOrigins: pageOrigins(),
    software: { name: PRODUCT_NAME, version: app.getVersion() },
    keyring: safeStorage,
    proxyFor: chooseProxy(process.env, systemProxy),
    onStatusChange: coalesced(() => statusChanged(program, tray)),
    onServiceOutput: (service, line) => {
      log.write(service, "info", line);
      process.stderr.write(`[${service}] ${line}\n`);
    },
    onArchiveAccessChange: ({ isMoved }) => {
      if (isMoved) readPicturesElsewhere();
      else announce("cameras.accessChanged", undefined);
    },
    onBug: (error) => console.error("The export pipeline made a mistake.", error),
  });
  const stop = endCleanly(program);
  const startAnew = () => startAnewAfterEnd(startedAs(site.root));
  watchForUnforeseenErrors({ unforeseenEnd, stop: () => program.stop(), startAnew });
  const tray = isChromiumShell() ? null : new SystemTray(trayOptions());
  await program.startServices();
  windows = windowsOf(program);
  setApplicationMenu();
  confineAllPages();
  trustLikeConsole((hostname, shown) => isIssuedByAuthority(hostname, shown, addedAuthorities()));
  servePage(join(outFolder, "renderer"), program.archiveOrigin);
  const updates = consoleUpdates({
    ...{ settings: program.settings, network: program.network, siteRoot: site.root, outFolder, stop },
    hasUnfinishedExports: () => program.feed.snapshot().exports.some(isUnfinished),
    startAnew,
  });
  serveRequests(program, site, { tray, endedUtcMs, log, updates, ourWindows: windows });
  showWindow();
  app.on("activate", showWindow);
  app.on("window-all-closed", () => leaveOrStay(program, tray));
  watchCameras(program.archive, takeCameras);
  goOnAfterSleep(program);
  void updates.lookAtStart();
  await program.pipeline.resume(program.account.identity());
  program.forgetUnusedAccounts();
}

interface ServedParts {
  readonly tray: SystemTray | null;
  readonly endedUtcMs: number | null;
  readonly log: ConsoleLog;
  readonly updates: UpdateOffers;
  readonly ourWindows: ConsoleWindows<BrowserWindow>;
}

function serveRequests(
  program: ConsoleProgram,
  site: SiteFolder,
  { tray, endedUtcMs, log, updates, ourWindows }: ServedParts,
): void {
  const operators = new OperatorList(site.console);
  const ofRun = { runtime: runtimeLabel(), endedByErrorUtcMs: endedUtcMs };
  const logOnState = () => logOnStateOf({ loggedOn, operators, facts: site.facts, ofRun });
  const announceOperator = () => {
    ourWindows.operatorIs(loggedOn.operator?.username ?? null);
    announce("operator.changed", logOnState());
    fileToImport.operatorChanged();
    clickedExport.operatorChanged();
  };
  const announceDestination = (state: DestinationState) => announce("destination.changed", state);
  // Who looks at the settings while the service is starting sees where it is as soon as it is there.
  const toDestination = { ...program, announce: announceDestination };
  program.account.watchEmbedded(() => void destinationState(toDestination, null).then(announceDestination));
  const handlers = {
    ...operatorHandlers({ loggedOn, operators, state: logOnState, announce: announceOperator }),
    ...siteHandlers({ ...program, site, announceOperator }),
    ...cameraHandlers(program.archive, program.archiveAddress, takeCameras),
    ...exportHandlers({
      ...program,
      takeClicked: () => clickedExport.take(),
      accountNow: () => program.account.identity(),
      openInBrowser: (account, path) => openInBrowser(program, account, path),
    }),
    ...destinationHandlers(toDestination),
    ...connectionFileHandlers({ file: fileToImport, account: program.account }),
    ...startupHandlers(logOnStartOf(site, startedAs(site.root))),
    ...networkHandlers(program),
    ...reportHandlers({
      software: softwareFacts(),
      logFolder: log.folder,
      noticesPath: noticesPath(outFolder, app.isPackaged),
      reports: new SiteReports({
        siteRoot: site.root,
        logFolder: log.folder,
        facts: () => reportFacts(program, site),
        nowUtcMs: Date.now,
      }),
      onPageError: pageErrorsInto(log),
    }),
    ...updateHandlers(updates),
    ...snapshotHandlers(() => app.getPath("downloads")),
    ...preferenceHandlers(program.settings, ({ trayIcon }) => tray?.setMode(trayIcon)),
    ...windowHandlers({
      windows: ourWindows,
      askFirst: (asked) => announceToFirst("windows.evidenceAsked", asked),
      announceSent: (sent) => announce("windows.rangesSent", sent),
    }),
  };
  listenForRequests(
    (name, input, windowId) => dispatch(handlers, { operator: loggedOn.operator, windowId }, { name, input }),
    () => ourWindows.all(),
  );
}

const startedAs = (siteRoot: string) =>
  commandToStart({
    ...{ execPath: process.execPath, execArgv: process.execArgv, argv: process.argv },
    ...{ isPackaged: app.isPackaged, appImage: process.env["APPIMAGE"] },
    ...{ siteRoot, switches: told.kind === "start" ? told.switches : [] },
  });

const softwareFacts = () => ({ name: PRODUCT_NAME, version: app.getVersion(), runtime: runtimeLabel() });

/** What a report says beside the logs, by the file that it stands in. */
function reportFacts(program: ConsoleProgram, site: SiteFolder) {
  return {
    "versions.json": versionFacts(softwareFacts(), site.facts.timeZone),
    "settings.json": settingFacts({
      destination: program.settings.destination(),
      proxy: program.network.proxy,
      authorityCount: program.network.authorities.length,
      usesKeyFile: program.secrets.usesKeyFile,
    }),
    "exports.json": exportFacts(program.feed.snapshot().exports),
  };
}

function statusChanged(program: ConsoleProgram, tray: SystemTray | null): void {
  const change = program.feed.takeChange();
  if (change === null) return;
  const { exports } = program.feed.snapshot();
  tray?.show(exports, change);
  if (goesOnUnseen && !exports.some(isUnfinished)) app.quit();
  awake.update(program.settings.destination().keepAwake, exports.some(isUnfinished));
  program.forgetUnusedAccounts(exports);
  if (loggedOn.operator?.privileges.includes("send-to-clearance") !== true) return;
  announceToFirst("exports.changed", change);
}

/** What died meanwhile is begun anew at once, not when its pause is over or its silence has lasted long enough. */
function goOnAfterSleep(program: ConsoleProgram): void {
  const watch = watchForWake((reason) => {
    console.error(WOKE[reason]);
    program.resumeAfterWake();
  });
  powerMonitor.on("resume", () => watch.wake("slept"));
}

const WOKE: Record<WakeReason, string> = {
  slept: "The machine woke up; connections are made anew.",
  stopped: "The console stood still; connections are made anew.",
  network: "The network has changed; connections are made anew.",
};

function windowsOf(program: ConsoleProgram): ConsoleWindows<BrowserWindow> {
  const made = new ConsoleWindows({
    open: (opening) => openConsoleWindow(preloadPathIn(outFolder), opening),
    monitors,
    remembered: new RememberedWindows(program.settings),
  });
  screen.on("display-removed", () => made.bringIntoSight());
  return made;
}

function firstWindow(): BrowserWindow[] {
  const first = windows?.first() ?? null;
  return first === null ? [] : [first];
}

function showWindow(): void {
  goesOnUnseen = false;
  windows?.showFirst();
}

/**
 * Closing the window while exports run keeps them running where there is a tray to come back from. Whoever wants to see
 * nothing of that there is left no program that nobody sees once they have ended.
 */
function leaveOrStay(program: ConsoleProgram, tray: SystemTray | null): void {
  if (tray === null || !program.feed.snapshot().exports.some(isUnfinished)) return app.quit();
  console.log("The window is closed; exports go on.");
  goesOnUnseen = tray.mode === "hide";
  tray.tellStillRunning(loggedOn.operator?.username ?? "");
}

/** @returns ends everything but this process, once; it never rejects */
function endCleanly(program: ConsoleProgram): () => Promise<void> {
  let stopping: Promise<void> | null = null;
  let isStopped = false;
  const stop = () => {
    windows?.leave();
    return (stopping ??= program
      .stop()
      .catch((error: unknown) => console.error("The console did not end cleanly.", error))
      .finally(() => {
        isStopped = true;
      }));
  };
  app.on("before-quit", (event) => {
    if (isStopped) return;
    event.preventDefault();
    void stop().then(() => app.quit());
  });
  return stop;
}

/** The policy of a page names one place for pictures and cannot be changed while the page is there. */
function readPicturesElsewhere(): void {
  console.error(
    "Somebody else has the archive's port; its pictures come from another one, and pages are loaded anew.",
  );
  for (const window of windows?.all() ?? []) loadPage(window);
}

async function openInBrowser(
  program: ConsoleProgram,
  account: ExportAccount | null,
  path: string,
): Promise<boolean> {
  const api = program.account.of(account)?.connection.api ?? account?.webAddress;
  if (api === undefined || api === null) return false;
  await shell.openExternal(new URL(path, api).href);
  return true;
}

function trayOptions() {
  const icons = join(outFolder, "assets");
  return {
    iconPath: join(icons, "tray.png"),
    issueIconPath: join(icons, "tray-issue.png"),
    onOpen: showWindow,
    onOpenExport: (exportId: string) => {
      showWindow();
      clickedExport.put(exportId);
    },
  };
}
