import { isBuiltin } from "node:module";
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
    const literal = literalIn(file, moduleRequest);
    if (literal !== undefined) add(literal, false);
  }
  return found;
}

/** The packages that a file imports, `node:` for what comes with Node. */
export function librariesOf(file: ProductionFile): string[] {
  if (file.parsed === undefined) return [];
  const { staticImports, staticExports, dynamicImports } = file.parsed.module;
  const named = [
    ...staticImports.map(({ moduleRequest }) => moduleRequest.value),
    ...staticExports.flatMap(({ entries }) => entries.flatMap((entry) => entry.moduleRequest?.value ?? [])),
    ...dynamicImports.flatMap(({ moduleRequest }) => literalIn(file, moduleRequest) ?? []),
  ];
  return [...new Set(named.filter((specifier) => !/^[.#]/.test(specifier)).map(packageOf))];
}

function packageOf(specifier: string): string {
  if (isBuiltin(specifier)) return "node:";
  return specifier
    .split("/")
    .slice(0, specifier.startsWith("@") ? 2 : 1)
    .join("/");
}

function literalIn(file: ProductionFile, { start, end }: { start: number; end: number }): string | undefined {
  return /^["'](.*)["']$/.exec(file.text.slice(start, end))?.[1];
}

/** The subpaths of package.json are all `#folder/*` for `./folder/*`. */
function placeOf(importer: string, specifier: string): string | undefined {
  if (specifier.startsWith("#")) return specifier.slice(1);
  return specifier.startsWith(".") ? posix.join(posix.dirname(importer), specifier) : undefined;
}
