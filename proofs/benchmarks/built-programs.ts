/** Programs as they ship: built. From source, Node's compiler would count as memory of theirs. */
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { build } from "vite";
import {
  SERVICE_ENVIRONMENT,
  SERVICE_NODE_OPTIONS,
} from "#electron/embedded-services/service-node-options.ts";

const rootFolder = fileURLToPath(new URL("../../", import.meta.url));
const inRoot = (path: string): string => join(rootFolder, path);

/** As the console starts its services. */
export const SERVICE_OPTIONS = { nodeOptions: SERVICE_NODE_OPTIONS, env: SERVICE_ENVIRONMENT };

/** Paths of what `npm run build` made; the launcher has done so before a benchmark starts. */
export const BUILT = {
  archive: inRoot("out/main/archive.js"),
  evidenceService: inRoot("out/main/evidence-service.js"),
} as const;

/**
 * Builds programs of a benchmark's own, our code bundled, packages left outside.
 * @param inputs names to paths from the repository's root
 * @returns names to paths of what was built
 */
export async function buildPrograms<Name extends string>(
  inputs: Readonly<Record<Name, string>>,
): Promise<Record<Name, string>> {
  const names = Object.keys(inputs) as Name[];
  await build({
    ...{ configFile: false, root: inRoot("."), logLevel: "warn", publicDir: false },
    build: {
      ...{ ssr: true, outDir: inRoot("out/bench"), emptyOutDir: false, minify: false },
      rollupOptions: {
        input: Object.fromEntries(names.map((name) => [name, inRoot(inputs[name])])),
        output: { format: "es", entryFileNames: "[name].js", chunkFileNames: "[name]-[hash].js" },
      },
    },
  });
  return Object.fromEntries(names.map((name) => [name, inRoot(`out/bench/${name}.js`)])) as Record<
    Name,
    string
  >;
}
