/**
 * Stands in for fpm where electron-builder calls it for a deb: takes the same words and puts the package together with
 * Debian's own dpkg-deb (docs/decisions/0098). The words are those of fpm 1.17; one that it does not know ends it.
 */
import { execFile } from "node:child_process";
import { chmod, cp, mkdir, mkdtemp, readdir, readFile, rm, stat, writeFile } from "node:fs/promises";
import { createHash } from "node:crypto";
import { tmpdir } from "node:os";
import { dirname, join, relative } from "node:path";
import { parseArgs, promisify } from "node:util";

const run = promisify(execFile);
const text = { type: "string" } as const;
const several = { type: "string", multiple: true } as const;

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: {
    "input-type": { ...text, short: "s" },
    "output-type": { ...text, short: "t" },
    force: { type: "boolean" },
    depends: { ...several, short: "d" },
    "deb-recommends": several,
    "deb-compression": text,
    "deb-priority": text,
    "after-install": text,
    "after-remove": text,
    ...{ architecture: text, description: text, version: text, package: text, name: text },
    ...{ maintainer: text, vendor: text, url: text, category: text, license: text },
  },
});

/** @throws Error for a word that electron-builder always says */
function said(word: keyof typeof values): string {
  const value = values[word];
  if (typeof value !== "string") throw new Error(`fpm by dpkg-deb: --${word} is missing.`);
  return value;
}

/** `SOURCE=/PLACE`; of a source that ends in a slash, what is in it. */
async function place(mapping: string, tree: string): Promise<void> {
  const at = mapping.lastIndexOf("=");
  const [source, target] = [mapping.slice(0, at), join(tree, mapping.slice(at + 1))];
  await mkdir(dirname(target), { recursive: true });
  await cp(source, target, { recursive: true, verbatimSymlinks: true });
}

async function filesIn(tree: string): Promise<string[]> {
  const entries = await readdir(tree, { recursive: true, withFileTypes: true });
  return entries.filter((entry) => entry.isFile()).map((entry) => join(entry.parentPath, entry.name));
}

/** Debian's control file; the lines of a description after its first begin with a blank. */
async function controlOf(files: readonly string[]): Promise<string> {
  const sizes = await Promise.all(files.map(async (file) => (await stat(file)).size));
  const kibibytes = Math.ceil(sizes.reduce((sum, size) => sum + size, 0) / 1024);
  const fields: [string, string | undefined][] = [
    ["Package", said("name")],
    ["Version", said("version")],
    ["License", values.license],
    ["Vendor", values.vendor],
    ["Architecture", said("architecture")],
    ["Maintainer", said("maintainer")],
    ["Installed-Size", String(kibibytes)],
    ["Depends", values.depends?.join(", ")],
    ["Recommends", values["deb-recommends"]?.join(", ")],
    ["Section", values.category ?? "default"],
    ["Priority", values["deb-priority"]],
    ["Homepage", values.url],
    ["Description", said("description").trim().replaceAll(/\n\s*/g, "\n ")],
  ];
  return fields.flatMap(([name, value]) => (value ? [`${name}: ${value}\n`] : [])).join("");
}

async function checksumsOf(files: readonly string[], tree: string): Promise<string> {
  const lines: string[] = [];
  for (const file of files) {
    const sum = createHash("md5")
      .update(await readFile(file))
      .digest("hex");
    lines.push(`${sum}  ${relative(tree, file)}\n`);
  }
  return lines.join("");
}

async function script(name: string, source: string, control: string): Promise<void> {
  await cp(source, join(control, name));
  await chmod(join(control, name), 0o755);
}

const tree = await mkdtemp(join(tmpdir(), "deb-"));
try {
  if (values["input-type"] !== "dir" || values["output-type"] !== "deb")
    throw new Error("fpm by dpkg-deb makes a deb out of folders, and nothing else.");
  await chmod(tree, 0o755);
  for (const mapping of positionals) await place(mapping, tree);
  const files = await filesIn(tree);
  const control = join(tree, "DEBIAN");
  await mkdir(control);
  await writeFile(join(control, "control"), await controlOf(files));
  await writeFile(join(control, "md5sums"), await checksumsOf(files, tree));
  await script("postinst", said("after-install"), control);
  await script("postrm", said("after-remove"), control);
  const compression = said("deb-compression").replace(/^gz$/, "gzip");
  const words = [`-Z${compression}`, "--root-owner-group", "--build", tree, said("package")];
  await run("dpkg-deb", words, { maxBuffer: 2 ** 24 });
} finally {
  await rm(tree, { recursive: true, force: true });
}
