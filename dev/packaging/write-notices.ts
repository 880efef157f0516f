/** Writes the licences of what the build contains beside it; `npm run build` runs it. */
import { writeFile } from "node:fs/promises";
import { join } from "node:path";
import { rootFolder } from "#dev/launch/run-program.mjs";
import { NOTICES_FILE } from "#electron/desktop-shell/notices-path.ts";
import { containedPackages } from "./contained-packages.ts";
import { noticesOf } from "./notices.ts";

await writeFile(join(rootFolder, "out", NOTICES_FILE), noticesOf(await containedPackages()));
