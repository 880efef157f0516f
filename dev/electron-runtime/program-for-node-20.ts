import { cp, mkdir, readdir, readFile, rm, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { rolldown, type Plugin } from "rolldown";
import { programForNode20, runtimeFolder, SQLITE_LIBRARY } from "./test-runtime.ts";

const rootFolder = fileURLToPath(new URL("../../", import.meta.url));
const built = join(rootFolder, "out");

const SQLITE = "better-sqlite3";
const LOADED_LIBRARY = "prebuilds/linux-x64.node";

/** Modules of Node that lack in 20 what our programs use of them, to what stands in their place. */
const COMPLETED = new Map(
  ["tls", "crypto"].flatMap((name) => {
    const path = join(import.meta.dirname, `${name}-for-node-20.ts`);
    return [`node:${name}`, name].map((source) => [source, path] as const);
  }),
);

const completeModules: Plugin = {
  name: "complete-modules",
  resolveId(source, importer) {
    const path = COMPLETED.get(source);
    return path === importer ? null : path;
  },
};

/**
 * Brings modules into a form that Node 20 can run: newer syntax lowered, packages bundled (some require modules that
 * Node 20 can only import), and what they use of newer modules of Node put beside these.
 * @param input names of programs to their paths
 */
export async function bundleForNode20(
  input: Readonly<Record<string, string>>,
  folder: string,
): Promise<void> {
  const bundle = await rolldown({
    input: { ...input },
    platform: "node",
    external: ["electron", SQLITE],
    plugins: [completeModules],
    transform: { target: "node20" },
    logLevel: "silent",
  });
  await bundle.write({
    ...{ dir: folder, format: "esm", sourcemap: true },
    ...{ entryFileNames: "[name].js", chunkFileNames: "[name]-[hash].js" },
  });
  await bundle.close();
}

/** The program as it was built (`npm run build`), for the test runtime: pages as they are, main and its services lowered. */
export async function makeProgramForNode20(): Promise<void> {
  await rm(programForNode20, { recursive: true, force: true });
  await mkdir(programForNode20, { recursive: true });
  // All of them: which are programs and threads of their own, and which they share, is the build's to know.
  const files = (await readdir(join(built, "main"))).filter((file) => file.endsWith(".js"));
  const inputs = Object.fromEntries(files.map((file) => [file.slice(0, -3), join(built, "main", file)]));
  await bundleForNode20(inputs, join(programForNode20, "main"));
  for (const part of ["preload", "renderer", "web-app", "assets"])
    await cp(join(built, part), join(programForNode20, part), { recursive: true });
  await putSqliteInto(programForNode20);
  const { name, version } = JSON.parse(await readFile(join(rootFolder, "package.json"), "utf8")) as Record<
    string,
    string
  >;
  // Last: what is whole has it.
  const about = { name, version, type: "module", main: "main/main.js" };
  await writeFile(join(programForNode20, "package.json"), JSON.stringify(about, null, 2));
}

async function putSqliteInto(folder: string): Promise<void> {
  const from = join(rootFolder, "node_modules", SQLITE);
  const to = join(folder, "node_modules", SQLITE);
  for (const part of ["package.json", "lib"]) await cp(join(from, part), join(to, part), { recursive: true });
  await cp(join(runtimeFolder(), SQLITE_LIBRARY), join(to, LOADED_LIBRARY));
}
