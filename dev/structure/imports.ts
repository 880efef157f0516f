import { posix } from "node:path";
import type { ProductionFile } from "./production-files.ts";

export interface Import {
  from: string;
  to: string;
  /** Gone when the program runs: a value import ties two files, a type import only their readers. */
  isType: boolean;
}

/** What a file imports of ours, from the repository's root; libraries are left out. */
export function importsOf(file: ProductionFile): Import[] {
  if (file.parsed === undefined) return [];
  const { staticImports, staticExports, dynamicImports } = file.parsed.module;
  const found: Import[] = [];
  const add = (specifier: string, isType: boolean): void => {
    const to = placeOf(file.path, specifier);
    if (to !== undefined) found.push({ from: file.path, to, isType });
  };
  for (const { moduleRequest, entries } of staticImports) {
    add(moduleRequest.value, entries.length > 0 && entries.every((entry) => entry.isType));
  }
  for (const { entries } of staticExports) {
    for (const entry of entries) {
      if (entry.moduleRequest) add(entry.moduleRequest.value, entry.isType);
    }
  }
  for (const { moduleRequest } of dynamicImports) {
    const literal = /^["'](.*)["']$/.exec(file.text.slice(moduleRequest.start, moduleRequest.end));
    if (literal?.[1] !== undefined) add(literal[1], false);
  }
  return found;
}

/** The subpaths of package.json are all `#folder/*` for `./folder/*`. */
function placeOf(importer: string, specifier: string): string | undefined {
  if (specifier.startsWith("#")) return specifier.slice(1);
  return specifier.startsWith(".") ? posix.join(posix.dirname(importer), specifier) : undefined;
}
