/** In the place of Electron's default app: runs the program whose folder is named, as `electron FOLDER` does. */
import { app } from "electron";
import { readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { join, resolve } from "node:path";
import { pathToFileURL } from "node:url";

const words = process.argv.slice(1);
const requires = [];
let folder;
for (let at = 0; at < words.length && folder === undefined; at += 1) {
  const word = words[at];
  if (word === "-v" || word === "--version") {
    console.log(`v${process.versions.electron}`);
    process.exit(0);
  } else if (word === "-r" || word === "--require") requires.push(words[(at += 1)]);
  else if (!word.startsWith("-")) folder = resolve(word);
}
if (folder === undefined) {
  console.error("Name the folder of a program.");
  process.exit(1);
}

const { name, productName, version, main } = JSON.parse(readFileSync(join(folder, "package.json"), "utf8"));
process.defaultApp = true;
app.setVersion?.(version);
app.name = productName ?? name;
app.setAppPath?.(folder);
const require = createRequire(join(folder, "package.json"));
for (const path of requires) require(resolve(path));
await import(pathToFileURL(join(folder, main)).href);
