import { isBuiltin } from "node:module";
import { posix } from "node:path";
import { lineFinder } from "./functions.ts";
import { modulesNamedIn } from "./named-modules.ts";
import type { ProductionFile } from "./production-files.ts";

export interface Import {
  from: string;
  to: string;
  /** Gone when the program runs: a value import ties two files, a type import only their readers. */
  isType: boolean;
  /** Started by its address, as a thread or a process. */
  byAddress?: true;
  /** The place in the file's text. */
  start: number;
}

/** What a file imports of ours, from the repository's root; libraries are left out. */
export function importsOf(file: ProductionFile): Import[] {
  return modulesNamedIn(file).flatMap(({ specifier, isType, byAddress, start }) => {
    const to = specifier === undefined ? undefined : placeOf(file.path, specifier);
    return to === undefined ? [] : [{ from: file.path, to, isType, ...(byAddress && { byAddress }), start }];
  });
}

/** The packages that a file imports, `node:` for what comes with Node, each with the first place. */
export function librariesOf(file: ProductionFile): { library: string; start: number }[] {
  const found = new Map<string, number>();
  for (const { specifier, start } of modulesNamedIn(file)) {
    if (specifier === undefined || /^[.#]/.test(specifier)) continue;
    const library = packageOf(specifier);
    if (!found.has(library)) found.set(library, start);
  }
  return [...found].map(([library, start]) => ({ library, start }));
}

/** Where a file imports what is only known when the program runs. */
export function unknownImportsOf(file: ProductionFile): { line: number; start: number }[] {
  const lineAt = lineFinder(file.text);
  return modulesNamedIn(file).flatMap(({ specifier, start }) =>
    specifier === undefined ? [{ line: lineAt(start), start }] : [],
  );
}

function packageOf(specifier: string): string {
  if (isBuiltin(specifier)) return "node:";
  return specifier
    .split("/")
    .slice(0, specifier.startsWith("@") ? 2 : 1)
    .join("/");
}

/** The subpaths of package.json are all `#folder/*` for `./folder/*`; what follows a `?` says how it is built in. */
function placeOf(importer: string, specifier: string): string | undefined {
  const [path = ""] = specifier.split("?");
  if (path.startsWith("#")) return posix.normalize(path.slice(1));
  return path.startsWith(".") ? posix.join(posix.dirname(importer), path) : undefined;
}
