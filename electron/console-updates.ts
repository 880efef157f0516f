import { join } from "node:path";
import { app } from "electron";
import type { NetworkSettings } from "./adapters/site/network-settings.ts";
import type { SettingsStore } from "./adapters/site/settings-store.ts";
import { type PublisherKey, readPublisherKey } from "./adapters/update/publisher-key.ts";
import { UpdateOffers } from "./adapters/update/update-offers.ts";
import { packageKindOf } from "./desktop-shell/package-kind.ts";
import { isChromiumShell } from "./desktop-shell/runtime.ts";
import { tellSite } from "./desktop-shell/site-after-update.ts";

/** Public key of whoever publishes this program; lies among the assets of a build that knows one. */
const KEY_FILE = "update-publisher.pem";
/** Names another key file for a program that runs from its sources; a package heeds it not. */
const KEY_VARIABLE = "EVIDENCE_DESK_UPDATE_KEY";

export interface ConsoleUpdatesParts {
  readonly settings: SettingsStore;
  readonly network: NetworkSettings;
  readonly siteRoot: string;
  /** The folder of the built program. */
  readonly outFolder: string;
  readonly hasUnfinishedExports: () => boolean;
  /** Ends everything but this process, as when the console is quit. */
  readonly stop: () => Promise<void>;
  /** Has this console started again once it has ended. */
  readonly startAnew: () => void;
}

/** Updates of the console that runs: looked for where an administrator said, installed when one presses for it. */
export function consoleUpdates(parts: ConsoleUpdatesParts): UpdateOffers {
  const { settings, network, siteRoot } = parts;
  const program = {
    platform: process.platform,
    isPackaged: app.isPackaged,
    executablePath: process.execPath,
  };
  return new UpdateOffers({
    settings,
    proxyFor: network.proxyFor,
    publisher: publisherOf(parts.outFolder),
    running: {
      version: app.getVersion(),
      architecture: process.arch,
      packageKind: async () =>
        isChromiumShell() ? null : await packageKindOf({ ...program, environment: process.env }),
    },
    folder: join(siteRoot, "console", "update"),
    nowUtcMs: Date.now,
    hasUnfinishedExports: parts.hasUnfinishedExports,
    prepareInstall: async (path, kind, offered) => {
      // It is loaded by whoever installs an update, and not at every start.
      const { prepareInstall } = await import("./desktop-shell/update-installer.ts");
      const prepared = await prepareInstall({ ...offered, path, kind }, app.isPackaged);
      return () => void endAndInstall(prepared.install, parts);
    },
  });
}

function publisherOf(outFolder: string): PublisherKey | null {
  const named = app.isPackaged ? undefined : process.env[KEY_VARIABLE];
  return readPublisherKey(named ?? join(outFolder, "assets", KEY_FILE));
}

/** First everything ends in order; then the new version takes this one's place, or this one starts again and says so. */
async function endAndInstall(
  install: () => boolean,
  { siteRoot, stop, startAnew }: ConsoleUpdatesParts,
): Promise<void> {
  console.log("The console ends to be replaced by a newer version.");
  await stop();
  tellSite(process.env, siteRoot);
  // The new one starts before this process is gone.
  app.releaseSingleInstanceLock();
  const isInstalled = tried(install);
  console.log(isInstalled ? "The newer version starts." : "The newer version was not installed.");
  if (!isInstalled) startAnew();
  app.exit(0);
}

function tried(install: () => boolean): boolean {
  try {
    return install();
  } catch (error) {
    console.error("The newer version cannot be installed.", error);
    return false;
  }
}
