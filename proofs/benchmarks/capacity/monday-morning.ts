/** The busiest hour of a large organisation, played over what things were measured to cost. */
import { percentile } from "../report.ts";
import { type Chance, chance } from "./chance.ts";
import type { Cost, Costs } from "./measured-costs.ts";
import { simulate, type Station, type Task } from "./queueing.ts";

/** What there is. */
export interface Plan {
  readonly instances: number;
  readonly coresOfInstance: number;
  readonly coresOfDatabase: number;
  /** Until a commit is on the database's disk, seconds. */
  readonly commitS: number;
  /** Requests that the store answers at a time, and how long one takes beside its bytes. */
  readonly storeStreams: number;
  readonly storeRequestS: number;
  readonly storeMbPerS: number;
}

/** What comes in that hour. */
export interface Hour {
  readonly evidence: number;
  readonly gigabytesOfEvidence: number;
  /** Pages and searches that people ask for, a second. */
  readonly looksPerS: number;
  /** Who watches at the same time, and at which rate. */
  readonly viewers: number;
  readonly viewedMbitPerS: number;
}

const HOUR_S = 3_600;
/** An upload is seen as chunks of so much, each waiting in line by itself; so is what people watch. */
const CHUNK_GB = 0.064;
const MEGABYTES_OF_GIGABYTE = 1_000;

/** In the midst of it one service is killed and comes back, the database restarts, and the store is away for a minute. */
const KILLED = { fromS: 600, untilS: 630 };
const DATABASE_RESTARTS = { fromS: 1_500, untilS: 1_530 };
const STORE_IS_AWAY = { fromS: 2_400, untilS: 2_460 };

const WRITER = "writer's turn";
const DATABASE = "database";
const STORE = "object store";
const serviceName = (number: number): string => `service ${number + 1}`;

export interface Morning {
  /** By kind: what is waited in line until it is done, seconds. */
  readonly waitedS: Readonly<
    Record<string, { readonly p50: number; readonly p95: number; readonly most: number }>
  >;
  readonly busy: Readonly<Record<string, number>>;
  /** Without faults: how often as much this hour could bring until the first station is busy all the time, and which. */
  readonly first: { readonly station: string; readonly times: number };
}

export function mondayMorning(costs: Costs, plan: Plan, hour: Hour): Morning {
  const tasks = [...tasksOf(costs, plan, hour)];
  const { done, busy } = simulate(stationsOf(plan), tasks);
  const kinds = [...new Set(done.map(({ kind }) => kind))];
  const waited = kinds.map((kind) => {
    const times = done.filter((one) => one.kind === kind).map(({ waitedS }) => waitedS);
    return [
      kind,
      { p50: percentile(times, 50), p95: percentile(times, 95), most: percentile(times, 100) },
    ] as const;
  });
  return { waitedS: Object.fromEntries(waited), busy, first: firstLimit(plan, tasks) };
}

function stationsOf(plan: Plan): readonly Station[] {
  const services = Array.from({ length: plan.instances }, (_, number) => ({
    ...{ name: serviceName(number), servers: plan.coresOfInstance },
    outages: number === 0 ? [KILLED] : [],
  }));
  return [
    ...services,
    { name: WRITER, servers: 1, outages: [DATABASE_RESTARTS] },
    { name: DATABASE, servers: plan.coresOfDatabase, outages: [DATABASE_RESTARTS] },
    { name: STORE, servers: plan.storeStreams, outages: [STORE_IS_AWAY] },
  ];
}

/** The station that would be the first to be busy all the time. */
function firstLimit(plan: Plan, tasks: readonly Task[]): Morning["first"] {
  const asked = new Map<string, number>();
  for (const { steps } of tasks) {
    for (const { station, takesS } of steps) asked.set(station, (asked.get(station) ?? 0) + takesS);
  }
  const rows = stationsOf(plan).map(({ name, servers }) => ({
    station: name,
    times: (HOUR_S * servers) / (asked.get(name) ?? Number.MIN_VALUE),
  }));
  const [first] = rows.toSorted((a, b) => a.times - b.times);
  if (first === undefined) throw new Error("There are no stations.");
  return { ...first, station: first.station.startsWith("service ") ? "services" : first.station };
}

function* tasksOf(costs: Costs, plan: Plan, hour: Hour): Generator<Task> {
  const random = chance(20_261_130);
  const task = (kind: string, arrivesS: number, cost: Cost, gigabytes = 0): Task => {
    return { kind, arrivesS, steps: stepsOf(cost, gigabytes, { plan, random }) };
  };
  for (const atS of arrivals(random, hour.evidence / HOUR_S)) {
    yield task("evidence", atS, costs.evidence);
    for (const gigabytes of chunksOf(hour.gigabytesOfEvidence)) {
      yield task("upload of 64 MB", atS + 60 * random.next(), scaled(costs.gigabyteIn, gigabytes), gigabytes);
      yield task(
        "verification",
        atS + 60 + 60 * random.next(),
        scaled(costs.gigabyteVerified, gigabytes),
        gigabytes,
      );
    }
  }
  for (const atS of arrivals(random, hour.looksPerS)) {
    const kinds = [costs.list, costs.open, costs.search];
    yield task("look", atS, kinds[Math.floor(random.next() * kinds.length)] ?? costs.list);
  }
  const watchedGbPerS = (hour.viewers * hour.viewedMbitPerS) / 8 / MEGABYTES_OF_GIGABYTE;
  for (const atS of arrivals(random, watchedGbPerS / CHUNK_GB)) {
    yield task("64 MB watched", atS, scaled(costs.gigabyteOut, CHUNK_GB), CHUNK_GB);
  }
}

function* arrivals(random: Chance, perSecond: number): Generator<number> {
  for (let atS = random.gap(perSecond); atS < HOUR_S; atS += random.gap(perSecond)) yield atS;
}

function* chunksOf(gigabytes: number): Generator<number> {
  for (let left = gigabytes; left > 0; left -= CHUNK_GB) yield Math.min(left, CHUNK_GB);
}

function scaled(cost: Cost, by: number): Cost {
  return {
    ...{
      serviceCpuS: cost.serviceCpuS * by,
      databaseCpuS: cost.databaseCpuS * by,
      commits: cost.commits * by,
    },
    ...{ storeRequests: cost.storeRequests * by, databaseBytes: cost.databaseBytes * by },
  };
}

function stepsOf(
  cost: Cost,
  gigabytes: number,
  { plan, random }: { readonly plan: Plan; readonly random: Chance },
): Task["steps"] {
  const bytesS = (gigabytes * MEGABYTES_OF_GIGABYTE) / (plan.storeMbPerS / plan.storeStreams);
  const steps = [
    { station: serviceName(Math.floor(random.next() * plan.instances)), takesS: cost.serviceCpuS },
    { station: DATABASE, takesS: cost.databaseCpuS },
    { station: WRITER, takesS: cost.commits * plan.commitS },
    { station: STORE, takesS: cost.storeRequests * plan.storeRequestS + bytesS },
  ];
  return steps.filter(({ takesS }) => takesS > 0);
}
