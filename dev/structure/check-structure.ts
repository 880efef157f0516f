/**
 * Measures how the production code is built and holds it to the bounds beside this file, every import to the walls, and
 * all code to its dialects, the rooms of its tests, the forms of shared/words and the words of the glossary; `npm run check` runs it.
 * `node dev/structure/check-structure.ts --places` lists what each figure counts, `--lower` writes lower bounds down
 * where the figures have fallen. Nothing raises a bound but a hand, which a reader of the change sees.
 */
import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { parseArgs } from "node:util";
import { lowered, overBound, type Bounds } from "./bounds.ts";
import { dialectOffences } from "./dialects.ts";
import { idleIn } from "./idle-rows.ts";
import { FIGURES, measure, type Structure } from "./figures.ts";
import { colourOffences } from "./literal-colours.ts";
import { readOtherFiles, readProductionFiles } from "./production-files.ts";
import { needlessSpokenForms, spokenFormOffences } from "./spoken-forms.ts";
import { testRoomOffences } from "./test-rooms.ts";
import { breachesOf } from "./wall-breaches.ts";
import { WALLS } from "./walls.ts";
import { wordBreachesOf } from "./word-breaches.ts";
import { WORDS } from "./words.ts";

const BOUNDS_FILE = join(import.meta.dirname, "bounds.json");

const { values } = parseArgs({ options: { places: { type: "boolean" }, lower: { type: "boolean" } } });
const root = join(import.meta.dirname, "..", "..");
const production = readProductionFiles(root);
const structure = measure(production, WALLS);
const files = [...production, ...readOtherFiles(root)];
const breaches = [
  ...breachesOf(files, WALLS),
  ...idleIn(files, WALLS),
  ...testRoomOffences(files),
  ...dialectOffences(files),
  ...spokenFormOffences(production),
  ...colourOffences(production),
  ...needlessSpokenForms(production),
  ...wordBreachesOf(files, WORDS),
];
const bounds = JSON.parse(readFileSync(BOUNDS_FILE, "utf8")) as Bounds;

printTable();
const over = overBound(structure.figures, bounds);
for (const name of values.places === true ? FIGURES : over) printPlaces(name);
for (const files of structure.needlessReasons) {
  console.error(`${files} share no run any more: take them out of dev/structure/repeated-on-purpose.ts.`);
}
if (values.lower === true) lower();
if (over.length > 0) {
  console.error(`Over the bound: ${over.map((name) => structure.figures[name].says).join("; ")}.`);
}
for (const sentence of breaches) console.error(sentence);
if (over.length + structure.needlessReasons.length + breaches.length > 0) process.exitCode = 1;

function printTable(): void {
  console.log(`${"".padEnd(46)}${["today", "bound", "wanted"].map((word) => word.padStart(8)).join("")}`);
  for (const name of FIGURES) {
    const { says, value } = structure.figures[name];
    const { bound, wanted } = bounds[name];
    const today = Number(value.toFixed(2));
    console.log(`${says.padEnd(46)}${[today, bound, wanted].map((one) => String(one).padStart(8)).join("")}`);
  }
  for (const { of, count, median, p90 } of structure.sizes) {
    console.log(`${count} ${of}: median ${median} lines, p90 ${p90}`);
  }
}

function printPlaces(name: keyof Structure["figures"]): void {
  const { says, places } = structure.figures[name];
  if (places.length > 0) console.log([`${says}:`, ...places.map((place) => `  ${place}`)].join("\n"));
}

function lower(): void {
  const rows = Object.entries(lowered(structure.figures, bounds)).map(
    ([name, { bound, wanted }]) => `  "${name}": { "bound": ${bound}, "wanted": ${wanted} }`,
  );
  writeFileSync(BOUNDS_FILE, `{\n${rows.join(",\n")}\n}\n`);
}
