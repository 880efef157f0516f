import { existsSync, mkdtempSync, readdirSync } from "node:fs";
import { tmpdir } from "node:os";
import { join, relative } from "node:path";
import { app } from "electron";
import { settlePaths } from "#electron/desktop-shell/settled-paths.ts";
import type { Checks } from "./checks.ts";

/** As main does: while its module is loaded, before the runtime is ready. */
export const siteDir = process.env["PROBE_SITE"] ?? mkdtempSync(join(tmpdir(), "evidence-desk-probe-site-"));
const siteRoot = settlePaths(app, siteDir);

export const pathChecks: Checks = {
  "the name is settled, and everything of the browser lies in the site": () => [
    app.getName(),
    siteRoot === siteDir,
    relative(siteDir, app.getPath("userData")),
    relative(siteDir, app.getPath("sessionData")),
    existsSync(app.getPath("userData")),
  ],
  "a site of one's own leaves nothing in the user's folder": () => readdirSync(app.getPath("appData")),
};
