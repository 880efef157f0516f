/**
 * Twenty people at once in a million evidences, who list, open and search, on SQLite and on PostgreSQL in one run; first such
 * as see all of it, then such as have rights to a thousandth.
 */
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as wait } from "node:timers/promises";
import { PostgresCluster } from "#evidence-service/testing/postgres-cluster.ts";
import { giveRole, type TestSite } from "#evidence-service/testing/test-site.ts";
import type { PartResult } from "../pipeline/part-result.ts";
import { percentile, printTable, round2 } from "../report.ts";
import { CASES, EVIDENCES, RARE_WORD } from "./seeded-records.ts";
import { seedRecordsInPostgres } from "./seeded-postgres.ts";
import { seedRecords } from "./seeded-sqlite.ts";
import { caseOfSome, letSeeSome, looseOfSome, SOME_COUNT } from "./seen-records.ts";
import { startService } from "./started-service.ts";

const PEOPLE = 20;
const SECONDS = 60;
/** A person looks at what was found before asking again; nobody is as quick as this all day. */
const THINKS_MS = 1_000;
const WANTED_P95_MS = 100;
const EVIDENCE = "/documents/api/v1/tenant/TENANT/evidence";
const ONE_CASE = "/cases/api/v1/case/TENANT";

const below = (count: number): number => Math.floor(Math.random() * count);

/** What a person may open. */
interface Openable {
  readonly evidence: () => string;
  readonly oneCase: () => string;
}

const ALL: Openable = {
  evidence: () => `evidence-${below(EVIDENCES)}`,
  oneCase: () => `case-${below(CASES)}`,
};
const SOME: Openable = {
  evidence: () => looseOfSome(below(SOME_COUNT)),
  oneCase: () => caseOfSome(below(SOME_COUNT)),
};

/** What is asked; of what is searched for a tenth are rare words. */
const questionsOf = ({ evidence, oneCase }: Openable): Readonly<Record<string, () => string>> => ({
  list: () => [EVIDENCE, ONE_CASE, `${EVIDENCE}?continuation=${1_000 + below(EVIDENCES)}`][below(3)] ?? "",
  open: () => [`${EVIDENCE}/${evidence()}`, `${ONE_CASE}/${oneCase()}`][below(2)] ?? "",
  search: () => {
    if (below(10) === 0) return `${EVIDENCE}?text=${RARE_WORD}+camera`;
    const words = ["camera", `camera+${below(2_000)}`, `north+entrance+operator${below(60)}`, "platf"];
    return `${EVIDENCE}?text=${words[below(words.length)]}`;
  },
});
const KINDS = Object.keys(questionsOf(ALL));

type Times = ReadonlyMap<string, number[]>;

/** @param kept of SQLite, filled in a run before; null for a temporary one */
export async function peoplePart(kept: string | null): Promise<PartResult> {
  const figures: Record<string, number> = {};
  for (const [engine, measure] of Object.entries({ sqlite: () => onSqlite(kept), postgres: onPostgres })) {
    process.stderr.write(`  ${engine}: a million evidences are made, unless they are there…\n`);
    const times = await measure();
    if (times === null) {
      console.log("PostgreSQL is not measured: it is not installed.");
      continue;
    }
    for (const [kind, tookMs] of times) {
      figures[`${engine}${kind}P50Ms`] = round2(percentile(tookMs, 50));
      figures[`${engine}${kind}P95Ms`] = round2(percentile(tookMs, 95));
      figures[`${engine}${kind}Count`] = tookMs.length;
    }
  }
  const rows = Object.keys(figures).filter((name) => name.endsWith("P95Ms"));
  const row = (name: string): string[] => [
    name.replace("P95Ms", ""),
    ...["Count", "P50Ms", "P95Ms"].map((of) => String(figures[name.replace("P95Ms", of)])),
  ];
  printTable([`${PEOPLE} people, ${EVIDENCES} evidences`, "asked", "p50 ms", "p95 ms"], rows.map(row));
  const worstP95Ms = Math.max(...rows.map((name) => figures[name] ?? Number.NaN));
  return {
    ...{ figures: { ...figures, worstP95Ms }, ratios: {}, wanted: { worstP95Ms: WANTED_P95_MS } },
    met: worstP95Ms <= WANTED_P95_MS,
  };
}

async function inFolder<T>(work: (folder: string) => Promise<T>): Promise<T> {
  const folder = await mkdtemp(join(tmpdir(), "bench-people-"));
  try {
    return await work(folder);
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

async function onSqlite(kept: string | null): Promise<Times> {
  const measured = async (dir: string): Promise<Times> => {
    await seedRecords(dir);
    return lookedUpIn(dir);
  };
  return kept === null ? inFolder(measured) : measured(kept);
}

async function onPostgres(): Promise<Times | null> {
  const cluster = await PostgresCluster.start();
  if (cluster === null) return null;
  try {
    return await inFolder(async (dir) => {
      await seedRecordsInPostgres(dir, { url: cluster.url, schema: "people" });
      return lookedUpIn(dir);
    });
  } finally {
    await cluster.stop();
  }
}

/** By the service of a folder. */
async function lookedUpIn(dir: string): Promise<Times> {
  await giveRole(dir, "integration");
  const all = await askedBy(dir, ALL);
  await letSeeSome(dir);
  const some = await askedBy(dir, SOME);
  return new Map([...all, ...[...some].map(([kind, times]): [string, number[]] => [`${kind}OfSome`, times])]);
}

async function askedBy(dir: string, openable: Openable): Promise<Map<string, number[]>> {
  const service = await startService(dir);
  try {
    const times = new Map(KINDS.map((kind): [string, number[]] => [kind, []]));
    const until = performance.now() + SECONDS * 1_000;
    const asked = { site: service.site, times, questions: questionsOf(openable) };
    await Promise.all(Array.from({ length: PEOPLE }, () => onePerson(asked, until)));
    return times;
  } finally {
    await service.stop();
  }
}

interface Asked {
  readonly site: TestSite;
  readonly times: Times;
  readonly questions: Readonly<Record<string, () => string>>;
}

async function onePerson({ site, times, questions }: Asked, until: number): Promise<void> {
  while (performance.now() < until) {
    await wait(THINKS_MS * 2 * Math.random());
    const kind = KINDS[below(KINDS.length)] ?? "";
    const path = questions[kind]?.() ?? "";
    const begunMs = performance.now();
    const { status } = await site.call("GET", path);
    if (status !== 200) throw new Error(`${path} answered ${status}.`);
    times.get(kind)?.push(performance.now() - begunMs);
  }
}
