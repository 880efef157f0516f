import { join, resolve } from "node:path";

/**
 * The site folder of this run: `--site DIR`, else `site` in the user's data folder.
 * @param argv of the process
 */
export function siteFolderFrom(argv: readonly string[], userDataFolder: string): string {
  const flag = argv.indexOf("--site");
  const inline = argv.find((argument) => argument.startsWith("--site="))?.slice("--site=".length);
  const folder = inline ?? (flag === -1 ? undefined : argv[flag + 1]);
  return folder === undefined || folder === "" ? join(userDataFolder, "site") : resolve(folder);
}
