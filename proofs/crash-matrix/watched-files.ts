/**
 * Makes every change that this thread makes through `node:fs/promises` an effect. The spool is all that the
 * console writes that way; the journal has its own watch.
 */
import files, { type FileHandle } from "node:fs/promises";
import { syncBuiltinESMExports } from "node:module";
import { withEffect } from "./effects.ts";

export function watchFiles(): void {
  const { open, rename, rm } = files;
  files.rename = (from, to) => withEffect("file.rename", () => rename(from, to));
  files.rm = (path, options) => withEffect("file.remove", () => rm(path, options));
  files.open = async (path, flags, mode) => {
    const opened = () => open(path, flags, mode);
    return watched(await (flags === "r" ? opened() : withEffect("file.create", opened)));
  };
  syncBuiltinESMExports();
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
