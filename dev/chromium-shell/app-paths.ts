import { mkdirSync, readFileSync } from "node:fs";
import { homedir, tmpdir } from "node:os";
import { dirname, join } from "node:path";

interface ProgramIdentity {
  folder: string;
  name: string;
  version: string;
}

/** Electron takes name and version from the package.json nearest to the program. */
function readIdentity(): ProgramIdentity {
  for (let folder = dirname(process.argv[1] ?? "."); ; folder = dirname(folder)) {
    try {
      const found = JSON.parse(readFileSync(join(folder, "package.json"), "utf8")) as Record<string, string>;
      return {
        folder,
        name: found["productName"] ?? found["name"] ?? "Electron",
        version: found["version"] ?? "0.0.0",
      };
    } catch {
      // No readable package.json here: the next folder up may have one.
      if (dirname(folder) === folder) return { folder: process.cwd(), name: "Electron", version: "0.0.0" };
    }
  }
}

export const identity = readIdentity();

function appDataFolder(): string {
  if (process.platform === "win32") return process.env["APPDATA"] ?? join(homedir(), "AppData", "Roaming");
  if (process.platform === "darwin") return join(homedir(), "Library", "Application Support");
  return process.env["XDG_CONFIG_HOME"] ?? join(homedir(), ".config");
}

let namedAfter = identity.name;

/** What folders are named after that nobody has asked for yet. */
export function nameFolders(name: string): void {
  namedAfter = name;
}

const overridden = new Map<string, string>();

/** Names understood by `app.getPath`; the rest of Electron's names throws, as unknown names do there. */
export type PathName =
  "home" | "appData" | "userData" | "sessionData" | "temp" | "exe" | "logs" | "downloads" | "documents";

/** @returns the folder Electron documents for this name on this platform */
export function pathFor(name: PathName): string {
  const set = overridden.get(name);
  if (set !== undefined) return set;
  if (name === "home") return homedir();
  if (name === "temp") return tmpdir();
  if (name === "exe") return process.execPath;
  if (name === "appData") return appDataFolder();
  // As in Electron the first question settles it: the folder is made, and keeps the name of that moment.
  if (name === "userData") {
    setPathFor("userData", join(pathFor("appData"), namedAfter));
    return pathFor("userData");
  }
  if (name === "sessionData") return pathFor("userData");
  if (name === "logs") return join(pathFor("userData"), "logs");
  // As xdg-user-dir answers.
  if (name === "downloads") return process.env["XDG_DOWNLOAD_DIR"] ?? join(homedir(), "Downloads");
  if (name === "documents") return join(homedir(), "Documents");
  throw new Error(`Failed to get '${String(name)}' path`);
}

/** Moves a folder, creating it as Electron does. */
export function setPathFor(name: PathName, path: string): void {
  mkdirSync(path, { recursive: true });
  overridden.set(name, path);
}
