import { appendFileSync, existsSync } from "node:fs";
import { app } from "electron";
import { commandToStart } from "#electron/desktop-shell/start-command.ts";
import { startAnewAfterEnd } from "#electron/desktop-shell/start-anew.ts";
import { siteDir } from "./path-checks.ts";

/**
 * As the console after an error that nobody foresaw: it has itself started again, and ends. Each start writes down its
 * words; the second one has the lock of the site, since the first is gone, and ends.
 * @param path of what is written down
 */
export function startOnceMore(path: string): void {
  const isAgain = existsSync(path);
  const hasLock = app.requestSingleInstanceLock();
  appendFileSync(path, `${JSON.stringify([hasLock, process.argv.slice(1)])}\n`);
  if (!isAgain) {
    startAnewAfterEnd(
      commandToStart({
        ...{ execPath: process.execPath, execArgv: process.execArgv, argv: process.argv },
        ...{ isPackaged: app.isPackaged, appImage: undefined },
        ...{ siteRoot: siteDir, switches: process.argv.includes("--no-sandbox") ? ["--no-sandbox"] : [] },
      }),
    );
  }
  app.exit(isAgain ? 0 : 1);
}
