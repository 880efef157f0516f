/**
 * Makes every change that this thread makes through `node:fs/promises` an effect. The spool, and what was shown of bytes,
 * are all that the console writes that way; the journal has its own watch.
 */
import files, { type FileHandle } from "node:fs/promises";
import { syncBuiltinESMExports } from "node:module";
import { withEffect } from "./effects.ts";

export function watchFiles(): void {
  const { open, rename, rm } = files;
  files.rename = (from, to) => withEffect(effectOfRename(from), () => rename(from, to));
  files.rm = (path, options) => withEffect("file.remove", () => rm(path, options));
  files.open = async (path, flags, mode) => {
    const opened = () => open(path, flags, mode);
    return watched(await (flags === "r" ? opened() : withEffect("file.create", opened)));
  };
  syncBuiltinESMExports();
}

/** What was shown of bytes is kept as often as time allows; of the spool each rename counts. */
function effectOfRename(from: unknown): string {
  return String(from).endsWith("shown-bytes.json.part") ? "shown-bytes.rename" : "file.rename";
}

function watched(handle: FileHandle): FileHandle {
  for (const name of ["write", "writeFile", "sync"] as const) {
    const original: unknown = handle[name];
    if (typeof original !== "function") continue;
    const value = (...inputs: unknown[]): unknown =>
      withEffect(`file.${name}`, () => Reflect.apply(original, handle, inputs) as unknown);
    Object.defineProperty(handle, name, { value });
  }
  return handle;
}
