/**
 * npm run bench -- service [PART…] [--keep DIR] [--profile DIR]: what the evidence service stands. The parts, all of them where none is
 * named: `search`, listing, opening and searching in a million evidences; `statements`, how long each statement of SQLite
 * keeps the service's thread there; `people`, twenty people at once on SQLite and on PostgreSQL; `instances`, a hundred consoles and
 * one, two and three services; `receive`, 1 and 40 uploads of `curl -T` beside
 * nginx; `load`, Put Block while people sign in, the longest lists of blocks are committed and 64 people watch. With
 * --keep the million evidences stay in a folder for the next time; with --profile the service leaves a profile of its
 * processor time under load in a folder.
 */
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { parseArgs } from "node:util";
import { seedDemo } from "#evidence-service/testing/demo-seed.ts";
import { giveRole } from "#evidence-service/testing/test-site.ts";
import { buildPrograms } from "./built-programs.ts";
import type { PartResult } from "./pipeline/part-result.ts";
import { printResult } from "./report.ts";
import { loadPart } from "./service/load-part.ts";
import { instancesPart } from "./service/instances-part.ts";
import { peoplePart } from "./service/people-part.ts";
import { receivePart } from "./service/receive-part.ts";
import { searchPart } from "./service/search-part.ts";
import { statementsPart } from "./service/statements-part.ts";

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: { keep: { type: "string" }, profile: { type: "string" } },
});
const profiling = values.profile === undefined ? [] : ["--cpu-prof", `--cpu-prof-dir=${values.profile}`];

/** Works in a service's folder of its own. */
async function inFolder<T>(work: (dir: string) => Promise<T>): Promise<T> {
  const dir = await mkdtemp(join(tmpdir(), "bench-service-"));
  try {
    await seedDemo({ dir });
    await giveRole(dir, "integration");
    return await work(dir);
  } finally {
    await rm(dir, { recursive: true, force: true });
  }
}

const PARTS: Readonly<Record<string, () => Promise<PartResult | null>>> = {
  search: () => (values.keep === undefined ? inFolder(searchPart) : searchPart(values.keep)),
  statements: () => (values.keep === undefined ? inFolder(statementsPart) : statementsPart(values.keep)),
  people: () => peoplePart(values.keep ?? null),
  instances: instancesPart,
  receive: () => inFolder(receivePart),
  load: async () => {
    const { storm } = await buildPrograms({ storm: "proofs/benchmarks/service/storm.ts" });
    return inFolder((dir) => loadPart(dir, storm, profiling));
  },
};

const named = Object.keys(PARTS).filter((name) => positionals.includes(name));
const names = named.length > 0 ? named : Object.keys(PARTS);
const results: PartResult[] = [];
for (const name of names) {
  const result = await PARTS[name]?.();
  if (result) results.push(result);
}
printResult({
  bench: "service",
  figures: Object.assign({}, ...results.map(({ figures }) => figures)),
  ratios: Object.assign({}, ...results.map(({ ratios }) => ratios)),
  wanted: Object.assign({}, ...results.map(({ wanted }) => wanted)),
  met: results.length === names.length && results.every(({ met }) => met),
});
