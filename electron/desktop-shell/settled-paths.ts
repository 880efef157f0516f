import { join } from "node:path";
import { PRODUCT_NAME } from "#shared/domain/brand.ts";
import { siteFolderFrom } from "./command-line.ts";

/** Of Electron's `app`. */
interface NamedApp {
  setName(name: string): void;
  getPath(name: "appData"): string;
  setPath(name: "userData", path: string): void;
}

/**
 * Settles the console's name and where it and its browser keep everything, before anything asks for a folder: Electron
 * makes and keeps a folder for the name that it has at the first question, and reports of crashes go there.
 * @returns the site folder of this run
 */
export function settlePaths(app: NamedApp, argv: readonly string[]): string {
  app.setName(PRODUCT_NAME);
  const siteRoot = siteFolderFrom(argv, join(app.getPath("appData"), PRODUCT_NAME));
  app.setPath("userData", join(siteRoot, "console", "browser"));
  return siteRoot;
}
