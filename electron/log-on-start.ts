import { app } from "electron";
import { PRODUCT_NAME } from "#shared/domain/brand.ts";
import { AutostartEntry } from "./adapters/log-on-start/autostart-entry.ts";
import { loginItem } from "./adapters/log-on-start/login-item.ts";
import { type LogOnStart, noLogOnStart } from "./adapters/log-on-start/log-on-start.ts";
import type { SiteFolder } from "./adapters/site/site-folder.ts";
import { isChromiumShell } from "./desktop-shell/runtime.ts";
import { ownSite } from "./desktop-shell/settled-paths.ts";
import { type StartCommand, withoutDebugging } from "./desktop-shell/start-command.ts";

/** @param start how this console would be started again */
export function logOnStartOf(site: SiteFolder, start: StartCommand): LogOnStart {
  const { program, words } = withoutDebugging(start);
  if (process.platform === "linux") {
    return new AutostartEntry({
      configFolder: app.getPath("appData"),
      siteRoot: site.root,
      siteName: site.facts.name,
      command: [program, ...words],
    });
  }
  if (isChromiumShell()) return noLogOnStart("Not where the console runs in Chromium.");
  if (process.platform === "win32") return loginItem(app, { program, words }, `${PRODUCT_NAME} ${site.root}`);
  if (!app.isPackaged) return noLogOnStart("macOS starts the packaged console only.");
  if (site.root !== ownSite(app))
    return noLogOnStart(
      "macOS starts a program without words: only on the site in the user's own data folder.",
    );
  return loginItem(app, null, PRODUCT_NAME);
}
