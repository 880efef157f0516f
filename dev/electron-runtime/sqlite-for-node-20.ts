import { readFile, writeFile } from "node:fs/promises";
import { createRequire } from "node:module";
import { dirname, join } from "node:path";
import { fetchPackage, runTool } from "./fetch-package.ts";
import { NODE_API_HEADERS } from "./pinned-package.ts";

const require = createRequire(import.meta.url);

/**
 * The version that Node 20 calls experimental, and what it has under it of the later ten: the headers name released
 * versions only.
 */
const NODE_20_API = `
#define NAPI_VERSION 2147483647
#define NODE_API_EXPERIMENTAL_HAS_POST_FINALIZER
#include <node_api.h>
EXTERN_C_START
NAPI_EXTERN napi_status NAPI_CDECL node_api_post_finalizer(napi_env, napi_finalize, void*, void*);
EXTERN_C_END
`;

/**
 * Compiles better-sqlite3 for the Node-API that Node 20 has. Its shipped library asks for version 10, which Node 20 does
 * not know; told the experimental one, the C++ side also puts off what may not be done while memory is collected.
 * @param library the file to be made
 * @throws NoTestRuntime without g++
 */
export async function buildSqlite(library: string, work: string): Promise<void> {
  const headers = join(work, "headers");
  const tarball = await fetchPackage(NODE_API_HEADERS, headers);
  await runTool("tar", ["-xzf", tarball, "-C", headers]);
  const source = dirname(require.resolve("better-sqlite3/package.json"));
  const sqlite = join(source, "deps", "sqlite3");
  const cpp = dirname(require.resolve("node-addon-api/package.json"));
  const included = [sqlite, cpp, join(headers, "package", "include")].map((folder) => `-I${folder}`);
  // For tests: what is gained by -O3 is lost in compiling.
  const common = ["-O1", "-fPIC", "-w", "-DNDEBUG", ...(await definesOf(source)), ...included];
  const first = join(work, "node-20-api.h");
  await writeFile(first, NODE_20_API);
  const forNode = [
    ...["-include", first, "-std=c++20", "-fvisibility=hidden"],
    ...["-DNAPI_DISABLE_CPP_EXCEPTIONS", "-DNODE_API_SWALLOW_UNTHROWABLE_EXCEPTIONS"],
  ];
  const [c, cc] = [join(work, "sqlite3.o"), join(work, "better-sqlite3.o")];
  await Promise.all([
    runTool("gcc", [...common, "-c", join(sqlite, "sqlite3.c"), "-o", c]),
    runTool("g++", [...common, ...forNode, "-c", join(source, "src", "better_sqlite3.cpp"), "-o", cc]),
  ]);
  await runTool("g++", ["-shared", "-Wl,-Bsymbolic", c, cc, "-ldl", "-lpthread", "-lm", "-o", library]);
}

/** What SQLite is compiled with, as the package says it. */
async function definesOf(source: string): Promise<string[]> {
  const text = await readFile(join(source, "deps", "defines.gypi"), "utf8");
  return [...text.matchAll(/'([A-Z][A-Z0-9_]*(?:=[^']*)?)'/g)].map((found) => `-D${found[1]}`);
}
