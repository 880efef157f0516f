/** Tries a folder and prints what came of it, for tests that limit this process or its view of the disks. */
import { tryFolder } from "./try-folder.ts";

console.log(JSON.stringify(await tryFolder(process.argv[2] ?? "", [], { occupied: [] })));
