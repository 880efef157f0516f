/**
 * npm run bench -- pipeline [PART…] [ROUNDS]: what an export makes of the machine. The parts, all of them where none is
 * named: `speed`, bytes a second of each stage and of the whole; `cost`, processor seconds for each gigabyte beside
 * native tools that do the same; `line`, how full an export keeps a line of 1 Gbit/s.
 */
import { openBenchSite, type BenchSite } from "./pipeline/bench-site.ts";
import type { PartResult } from "./pipeline/part-result.ts";
import { costPart } from "./pipeline/processor-cost.ts";
import { inNamespaceOfItsOwn, linePart } from "./pipeline/shaped-line.ts";
import { measureSpeeds, reportSpeeds } from "./pipeline/speed-parts.ts";
import { printResult } from "./report.ts";

/** What stays on the disk until the end; the whole alone is 12 hours of footage in each round. */
const FOOTAGE_BYTES = 5e9;
const ROUND_BYTES = 9e9;
const COST_BYTES = 6e9;

const words = process.argv.slice(2);
const rounds = Number(words.find((word) => /^\d+$/.test(word)) ?? 3);

/** Answers null for what cannot be measured here, after it has said why. */
const PARTS: Readonly<Record<string, (site: BenchSite) => Promise<PartResult | null>>> = {
  speed: async (site) => reportSpeeds(await measureSpeeds(site, rounds)),
  cost: costPart,
  line: linePart,
};

async function measureAll(names: readonly string[]): Promise<void> {
  const site = await openBenchSite(FOOTAGE_BYTES + COST_BYTES + rounds * ROUND_BYTES);
  try {
    const results: PartResult[] = [];
    for (const name of names) {
      const result = await PARTS[name]?.(site);
      if (result) results.push(result);
    }
    printResult({
      bench: "pipeline",
      figures: Object.assign({}, ...results.map(({ figures }) => figures)),
      ratios: Object.assign({}, ...results.map(({ ratios }) => ratios)),
      wanted: Object.assign({}, ...results.map(({ wanted }) => wanted)),
      met: results.length === names.length && results.every(({ met }) => met),
    });
  } finally {
    await site.stop();
  }
}

const named = Object.keys(PARTS).filter((name) => words.includes(name));
// The line is shaped in a namespace where nobody else's traffic is.
if (!inNamespaceOfItsOwn(words)) await measureAll(named.length > 0 ? named : Object.keys(PARTS));
