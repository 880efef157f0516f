import { existsSync } from "node:fs";
import { readdir, readFile } from "node:fs/promises";
import { join } from "node:path";
import { z } from "zod";
import { rootFolder } from "#dev/launch/run-program.mjs";

/** A package of somebody else that is in what we ship. */
export interface ContainedPackage {
  readonly name: string;
  readonly version: string;
  /** Of its licence, as the package itself says it: `MIT`, `Apache-2.0`. */
  readonly licence: string;
  /** Whoever holds the copyright, where the package says so. */
  readonly author: string;
  /** Its licence and notices, word for word; empty where the package brings none. */
  readonly text: string;
}

/** What the builds say of packages that went into their files (`build.license` of Vite). */
const bundledSchema = z.array(
  z.object({
    name: z.string(),
    version: z.string(),
    identifier: z.string().default(""),
    text: z.string().default(""),
  }),
);

const lockedSchema = z.object({
  packages: z.record(
    z.string(),
    z.object({
      dev: z.boolean().default(false),
      devOptional: z.boolean().default(false),
      link: z.boolean().default(false),
    }),
  ),
});

const metadataSchema = z.object({
  name: z.string(),
  version: z.string(),
  license: z.string().default(""),
  author: z.union([z.string(), z.object({ name: z.string() }).transform(({ name }) => name)]).default(""),
});

const TEXTS = /^(licen[cs]e|copying|notice)/i;
const BUNDLES = ["main", "preload", "renderer", "web-app"];

/**
 * Packages that were built into the program's files, and those that lie beside them as they are: each once, by name.
 * @throws Error when something was not built
 */
export async function containedPackages(): Promise<ContainedPackage[]> {
  const found = [...(await installedPackages()), ...(await bundledPackages())];
  const each = new Map(found.map((one) => [`${one.name}@${one.version}`, one]));
  return [...each.values()].toSorted((a, b) => (a.name < b.name ? -1 : 1));
}

async function bundledPackages(): Promise<ContainedPackage[]> {
  const lists = BUNDLES.map(async (name) => {
    const list = await readFile(join(rootFolder, "out", name, ".vite", "license.json"), "utf8");
    return bundledSchema.parse(JSON.parse(list));
  });
  return (await Promise.all(lists)).flat().map(({ name, version, identifier, text }) => {
    return { name, version, licence: identifier, author: "", text };
  });
}

/** What electron-builder packs beside the program: everything that is not for development alone. */
async function installedPackages(): Promise<ContainedPackage[]> {
  const { packages } = lockedSchema.parse(
    JSON.parse(await readFile(join(rootFolder, "package-lock.json"), "utf8")),
  );
  const folders = Object.entries(packages)
    .filter(
      ([path, { dev, devOptional, link }]) =>
        path.startsWith("node_modules/") && !dev && !devOptional && !link,
    )
    .map(([path]) => join(rootFolder, path))
    // An optional one of another system.
    .filter((folder) => existsSync(folder));
  return await Promise.all(folders.map(packageIn));
}

async function packageIn(folder: string): Promise<ContainedPackage> {
  const said = metadataSchema.parse(JSON.parse(await readFile(join(folder, "package.json"), "utf8")));
  const files = (await readdir(folder)).filter((name) => TEXTS.test(name)).toSorted();
  const texts = await Promise.all(files.map((name) => readFile(join(folder, name), "utf8")));
  const { name, version, license: licence, author } = said;
  return { name, version, licence, author, text: texts.map((text) => text.trim()).join("\n\n") };
}
