/** Takes a folder and keeps it until it is killed. */
import { openSync } from "node:fs";
import { join } from "node:path";
import { lockFolder, type LockFiles } from "./folder-lock.ts";

const [folder = "", files = ""] = process.argv.slice(2);
const names = JSON.parse(files) as LockFiles;
await lockFolder(folder, names, 0);
openSync(join(folder, names.keptOpen), "w");
process.send?.("locked");
// With nothing left to do it would end by itself, and the folder would be free.
setInterval(() => undefined, 60_000);
