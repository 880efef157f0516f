/** The console's worker thread, with its files watched. */
import { watchFiles } from "./watched-files.ts";

watchFiles();
await import("#electron/adapters/segment-encryptor/segment-worker.ts");
