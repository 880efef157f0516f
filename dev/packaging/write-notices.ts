/** Writes the licences of what the build contains beside it; `npm run build` runs it. */
import { writeFile } from "node:fs/promises";
import { join } from "node:path";
import { rootDir } from "#dev/launch/run-program.mjs";
import { NOTICES_FILE } from "#electron/desktop-shell/notices-path.ts";
import { containedPackages } from "./contained-packages.ts";
import { noticesOf } from "./notices.ts";

await writeFile(join(rootDir, "out", NOTICES_FILE), noticesOf(await containedPackages()));
