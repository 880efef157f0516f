import { linkSync, renameSync, rmSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import {
  AppImageUpdater,
  type AppUpdater,
  BaseUpdater,
  DebUpdater,
  MacUpdater,
  NsisUpdater,
  Provider,
  type ResolvedUpdateFileInfo,
  type UpdateInfo,
} from "electron-updater";
import type { ProviderRuntimeOptions } from "electron-updater/out/providers/Provider.js";
import type { PackageKind } from "../adapters/update/update-description.ts";
import { feedPackage } from "./package-feed.ts";

/** A package that was fetched and is what its publisher signed. */
export interface SoundPackage {
  readonly path: string;
  readonly kind: PackageKind;
  readonly version: string;
  readonly sizeBytes: number;
  /** Lower-case hex. */
  readonly sha512: string;
}

/** Ends what runs meanwhile; it is called once. */
export interface PreparedInstall {
  /**
   * Puts the new version in the place of this one and has it started as soon as this process ends.
   * @returns false where it was not installed, and everything is as before
   */
  readonly install: () => boolean;
}

const UPDATERS = { AppImage: AppImageUpdater, deb: DebUpdater, nsis: NsisUpdater, "mac-zip": MacUpdater };
const ENDINGS: Readonly<Record<PackageKind, string>> = {
  ...{ AppImage: ".AppImage", deb: ".deb", nsis: ".exe", "mac-zip": ".zip" },
};

/**
 * Has electron-updater take over a package that was found to be sound. It does nothing by itself: nothing is looked for,
 * and nothing is installed when the console quits.
 * @param isPackaged false for a program that runs from its sources, as in tests
 * @throws Error where the package cannot be taken over
 */
export async function prepareInstall(sound: SoundPackage, isPackaged: boolean): Promise<PreparedInstall> {
  const feed = await feedPackage(sound.path, `evidence-desk-${sound.version}${ENDINGS[sound.kind]}`);
  try {
    const updater = quiet(new UPDATERS[sound.kind](), isPackaged);
    updater.updateConfigPath = writeConfiguration(dirname(sound.path));
    updater.setFeedURL({ provider: "custom", updateProvider: providerOf(sound, feed.url) });
    await updater.checkForUpdates();
    await updater.downloadUpdate();
    return { install: () => (sound.kind === "AppImage" ? replacing(updater) : started(updater)) };
  } finally {
    feed.close();
  }
}

function quiet<Updater extends AppUpdater>(updater: Updater, isPackaged: boolean): Updater {
  updater.autoDownload = false;
  updater.autoInstallOnAppQuit = false;
  updater.disableDifferentialDownload = true;
  updater.forceDevUpdateConfig = !isPackaged;
  const say = (message: unknown) => console.log(`Update: ${String(message)}`);
  updater.logger = {
    info: say,
    warn: say,
    error: (message: unknown) => console.error(`Update: ${String(message)}`),
  };
  return updater;
}

/** Packages of this console have no such file of their own: whoever builds one publishes nothing. */
function writeConfiguration(folder: string): string {
  const path = join(folder, "app-update.yml");
  writeFileSync(path, "provider: custom\nupdaterCacheDirName: evidence-desk-updater\n");
  return path;
}

/** Tells electron-updater of one package and of nothing else. */
function providerOf({ version, sizeBytes, sha512 }: SoundPackage, url: string) {
  const file = { url, size: sizeBytes, sha512: Buffer.from(sha512, "hex").toString("base64") };
  return class extends Provider<UpdateInfo> {
    constructor(_options: unknown, _updater: unknown, runtime: ProviderRuntimeOptions) {
      super(runtime);
    }

    getLatestVersion(): Promise<UpdateInfo> {
      return Promise.resolve({
        ...{ version, files: [file], path: url, sha512: file.sha512 },
        releaseDate: new Date(0).toISOString(),
      });
    }

    resolveFiles(): ResolvedUpdateFileInfo[] {
      return [{ url: new URL(url), info: file }];
    }
  };
}

/** electron-updater removes the file that runs before it puts the new one there: where that fails, the old one comes back. */
function replacing(updater: AppUpdater): boolean {
  const running = process.env["APPIMAGE"] ?? "";
  const kept = `${running}.before-update`;
  rmSync(kept, { force: true });
  linkSync(running, kept);
  const isInstalled = started(updater);
  if (isInstalled) rmSync(kept);
  else renameSync(kept, running);
  return isInstalled;
}

function started(updater: AppUpdater): boolean {
  if (updater instanceof BaseUpdater) return updater.install(true, true);
  updater.quitAndInstall();
  return true;
}
