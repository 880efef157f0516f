/** Listing, opening and searching in a million evidences and a hundred thousand cases. */
import type { TestSite } from "#evidence-service/testing/test-site.ts";
import type { PartResult } from "../pipeline/part-result.ts";
import { percentile, printTable, round2 } from "../report.ts";
import { CASES, EVIDENCES, RARE_WORD } from "./seeded-records.ts";
import { seedRecords } from "./seeded-sqlite.ts";
import { startService } from "./started-service.ts";

const ROUNDS = 40;
const WANTED_P95_MS = 100;
const EVIDENCE = "/documents/api/v1/tenant/TENANT/evidence";
const ONE_CASE = "/cases/api/v1/case/TENANT";

/** Where each is asked for, the n-th time. */
const QUESTIONS: Readonly<Record<string, (round: number) => string>> = {
  evidenceFirstPage: () => EVIDENCE,
  evidenceLaterPage: (round) => `${EVIDENCE}?continuation=${1_000 + round * 20_000}`,
  casesFirstPage: () => ONE_CASE,
  openEvidence: (round) => `${EVIDENCE}/evidence-${(round * 24_001) % EVIDENCES}`,
  openCase: (round) => `${ONE_CASE}/case-${(round * 2_401) % CASES}`,
  commonWord: () => `${EVIDENCE}?text=camera`,
  oneLetter: () => `${EVIDENCE}?text=c`,
  beginningOfWord: () => `${EVIDENCE}?text=platf`,
  numberedCamera: (round) => `${EVIDENCE}?text=camera+${round * 37}`,
  threeWords: () => `${EVIDENCE}?text=north+entrance+operator7`,
  rareWord: () => `${EVIDENCE}?text=${RARE_WORD}`,
  rareAndCommonWord: () => `${EVIDENCE}?text=camera+${RARE_WORD}`,
  absentWord: () => `${EVIDENCE}?text=unheardof`,
  wordsNeverTogether: () => `${EVIDENCE}?text=north+south+gate`,
  commonWordLaterPage: (round) => `${EVIDENCE}?text=camera&continuation=${500_000 + round * 10_000}`,
  caseNumber: (round) => `${ONE_CASE}?text=2026+${round * 2_000 + 17}`,
  casesCommonWord: () => `${ONE_CASE}?text=incident`,
  casesAbsentWord: () => `${ONE_CASE}?text=unheardof`,
};

export async function searchPart(dir: string): Promise<PartResult> {
  process.stderr.write("  a million evidences are made, unless they are there…\n");
  await seedRecords(dir);
  const service = await startService(dir);
  try {
    const figures: Record<string, number> = {};
    for (const [name, addressOf] of Object.entries(QUESTIONS)) {
      const tookMs = await askOften(service.site, addressOf);
      figures[`${name}P50Ms`] = round2(percentile(tookMs, 50));
      figures[`${name}P95Ms`] = round2(percentile(tookMs, 95));
    }
    const names = Object.keys(QUESTIONS);
    const row = (name: string): string[] => [
      name,
      ...["P50Ms", "P95Ms"].map((of) => String(figures[name + of])),
    ];
    printTable([`${EVIDENCES} evidences`, "p50 ms", "p95 ms"], names.map(row));
    const worstP95Ms = Math.max(...names.map((name) => figures[`${name}P95Ms`] ?? Number.NaN));
    return {
      ...{ figures: { ...figures, worstP95Ms }, ratios: {}, wanted: { worstP95Ms: WANTED_P95_MS } },
      met: worstP95Ms <= WANTED_P95_MS,
    };
  } finally {
    await service.stop();
  }
}

async function askOften(site: TestSite, addressOf: (round: number) => string): Promise<number[]> {
  const tookMs: number[] = [];
  await site.call("GET", addressOf(0));
  for (let round = 1; round <= ROUNDS; round += 1) {
    const begunMs = performance.now();
    const { status } = await site.call("GET", addressOf(round));
    if (status !== 200) throw new Error(`${addressOf(round)} answered ${status}.`);
    tookMs.push(performance.now() - begunMs);
  }
  return tookMs;
}
