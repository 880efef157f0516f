import { join } from "node:path";
import { PRODUCT_NAME } from "#shared/domain/brand.ts";

/** Of Electron's `app`. */
interface NamedApp {
  setName(name: string): void;
  getPath(name: "appData"): string;
  setPath(name: "userData", path: string): void;
  setAppUserModelId(id: string): void;
}

/** As packages name the program (`appId`): Windows shows notifications of what it knows by this name only. */
export const APP_ID = "org.evidencedesk.console";

/**
 * Settles the console's name and where it and its browser keep everything, before anything asks for a folder: Electron
 * makes and keeps a folder for the name that it has at the first question, and reports of crashes go there.
 * @param named the site that was asked for; null for the one in the user's data folder
 * @returns the site folder of this run
 */
export function settlePaths(app: NamedApp, named: string | null): string {
  app.setName(PRODUCT_NAME);
  if (process.platform === "win32") app.setAppUserModelId(APP_ID);
  const siteRoot = named ?? ownSite(app);
  app.setPath("userData", join(siteRoot, "console", "browser"));
  return siteRoot;
}

/** The site of whoever names none, in the user's own data folder. */
export const ownSite = (app: Pick<NamedApp, "getPath">): string =>
  join(app.getPath("appData"), PRODUCT_NAME, "site");
