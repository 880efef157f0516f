/**
 * npm run bench -- consolidation [ROUNDS]: joins the 24 segments of a day of one camera into one video, as the evidence
 * service does when the last of them has come, in turn with mediabunny going through the same tables; then the same
 * segments in a service of its own, while somebody else asks it something.
 */
import { mkdtemp, rm } from "node:fs/promises";
import { loadavg, tmpdir } from "node:os";
import { join } from "node:path";
import { buildPrograms, SERVICE_OPTIONS } from "./built-programs.ts";
import { daySegments } from "./consolidation/day-of-segments.ts";
import { consolidateInService, type ServiceDay } from "./consolidation/service-day.ts";
import { runMeasured, type Run } from "./export/measured-run.ts";
import { median, printResult, printTable, round2 } from "./report.ts";

const MEGABYTE = 1e6;
const RATES = [25, 60];
/** Of a day at 25 frames a second. */
const WANTED = { serviceRssMb25: 250, mediabunnyToJoin25: 1 };

interface Joined extends Run {
  readonly frames: number;
  readonly longestStallMs: number;
}

interface Measured {
  readonly rate: number;
  readonly joined: readonly Joined[];
  readonly walked: readonly Run[];
  readonly service: ServiceDay;
}

const programs = await buildPrograms({
  "join-segments": "proofs/benchmarks/consolidation/join-segments.ts",
  "walk-with-mediabunny": "proofs/benchmarks/consolidation/walk-with-mediabunny.ts",
});

async function measure(rate: number, rounds: number, folder: string): Promise<Measured> {
  const { nodeOptions, env } = SERVICE_OPTIONS;
  const paths = await daySegments(folder, rate);
  const joined: Joined[] = [];
  const walked: Run[] = [];
  const runBuilt = (program: string): Promise<Run> =>
    runMeasured(process.execPath, [...nodeOptions, program, ...paths], null, env);
  for (let round = 0; round < rounds; round += 1) {
    joined.push((await runBuilt(programs["join-segments"])) as Joined);
    walked.push(await runBuilt(programs["walk-with-mediabunny"]));
  }
  return { rate, joined, walked, service: await consolidateInService(folder, paths) };
}

/** Figures of one rate, by name without it. */
function figuresOf({ joined, walked, service }: Measured) {
  const toWalk = joined.map((run, round) => (walked[round]?.seconds ?? Number.NaN) / run.seconds);
  return {
    joinSeconds: round2(median(joined.map((run) => run.seconds))),
    longestStallMs: round2(median(joined.map((run) => run.longestStallMs))),
    mediabunnyToJoin: round2(median(toWalk)),
    serviceSeconds: round2(service.seconds),
    serviceRssMb: round2(service.peakRssBytes / MEGABYTE),
    longestAnswerMs: round2(service.longestAnswerMs),
  };
}

function report(all: readonly Measured[]): void {
  const found = all.map((measured) => ({ measured, figures: figuresOf(measured) }));
  const names = Object.keys(found[0]?.figures ?? {});
  const rows = found.map(({ measured: { rate, joined }, figures }) => [
    `${rate} a second: ${joined[0]?.frames ?? 0} frames`,
    ...Object.values(figures).map(String),
  ]);
  printTable(["", ...names], rows);
  const named = found.flatMap(({ measured: { rate }, figures }) =>
    Object.entries(figures).map(([name, value]) => [`${name}${rate}`, value] as const),
  );
  const isRatio = ([name]: readonly [string, number]): boolean => name.startsWith("mediabunny");
  const figures: Record<string, number> = Object.fromEntries(named.filter((entry) => !isRatio(entry)));
  const ratios = Object.fromEntries(named.filter(isRatio));
  const met =
    (figures["serviceRssMb25"] ?? Infinity) <= WANTED.serviceRssMb25 &&
    (ratios["mediabunnyToJoin25"] ?? 0) >= WANTED.mediabunnyToJoin25;
  figures["loadAverage"] = round2(loadavg()[0] ?? 0);
  printResult({ bench: "consolidation", figures, ratios, wanted: WANTED, met });
}

const folder = await mkdtemp(join(tmpdir(), "evidence-desk-bench-"));
try {
  const all: Measured[] = [];
  for (const rate of RATES) all.push(await measure(rate, Number(process.argv[2] ?? 3), folder));
  report(all);
} finally {
  await rm(folder, { recursive: true, force: true });
}
