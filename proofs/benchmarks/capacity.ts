/**
 * npm run bench -- capacity: what an evidence, a gigabyte, a list, a search and a viewing cost the service, its database
 * and its store (one service, PostgreSQL and versitygw, on this machine), and the busiest hour of an organisation with
 * 10 million evidences, 1,000 consoles and 5 PB, played over these costs. `docs/capacity.md` says what follows.
 */
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { PostgresCluster } from "#evidence-service/testing/postgres-cluster.ts";
import { ObjectStore } from "../conformance/object-store.ts";
import { COST_KINDS, type Costs, measureCosts } from "./capacity/measured-costs.ts";
import { type Hour, mondayMorning, type Plan } from "./capacity/monday-morning.ts";
import { printResult, printTable, round2, round3 } from "./report.ts";

/** 5,500 evidences of 0.5 GB a day for five years, a sixth of a day in its busiest hour. */
const BUSIEST_HOUR: Hour = {
  ...{ evidence: 920, gigabytesOfEvidence: 0.5 },
  ...{ looksPerS: 50, viewers: 200, viewedMbitPerS: 4 },
};

/** Usual for a rented machine with a disk over the network, and for a store of spinning disks. */
const PLANS: Readonly<Record<string, Plan>> = Object.fromEntries(
  [1, 2, 3].map((instances) => [
    instances === 1 ? "1 service" : `${instances} services`,
    {
      ...{ instances, coresOfInstance: 4, coresOfDatabase: 4, commitS: 0.003 },
      ...{ storeStreams: 128, storeRequestS: 0.03, storeMbPerS: 1_000 },
    },
  ]),
);
const LOOKS_WAIT_MOST_S = 0.1;

function printCosts(costs: Costs): void {
  const rows = COST_KINDS.map((kind) => {
    const { serviceCpuS, databaseCpuS, commits, storeRequests, databaseBytes } = costs[kind];
    const amounts = [
      serviceCpuS * 1_000,
      databaseCpuS * 1_000,
      commits,
      storeRequests,
      databaseBytes / 1_000,
    ];
    return [kind, ...amounts.map((amount) => String(round2(amount)))];
  });
  const of = ["service ms", "database ms", "commits", "store requests", "database kB"];
  printTable(["cost of one", ...of], rows);
}

const cluster = await PostgresCluster.start();
const store = await ObjectStore.forTests();
if (cluster === null || "missing" in store) {
  const missing = cluster === null ? "PostgreSQL is not installed" : "missing" in store && store.missing;
  console.log(`Nothing was measured: ${missing}.`);
  process.exitCode = 1;
} else {
  const folder = await mkdtemp(join(tmpdir(), "bench-capacity-"));
  try {
    const costs = await measureCosts(cluster, store, folder);
    printCosts(costs);
    const figures: Record<string, number | string> = {};
    for (const [name, plan] of Object.entries(PLANS)) {
      const { waitedS, busy, first } = mondayMorning(costs, plan, BUSIEST_HOUR);
      const rows = Object.entries(waitedS).map(([kind, { p50, p95, most }]) => {
        return [kind, ...[p50, p95, most].map((one) => String(round3(one)))];
      });
      printTable([`${name}: waits in line`, "p50 s", "p95 s", "most s"], rows);
      const shares = Object.entries(busy).map(([station, share]) => `${station} ${round2(share)}`);
      console.log(
        `busy: ${shares.join(", ")}; ${first.station} first, at ${round2(first.times)} times as much`,
      );
      figures[`${name} looksWaitP95S`] = round3(waitedS["look"]?.p95 ?? Number.NaN);
      figures[`${name} first`] = `${first.station} at ${round2(first.times)}`;
    }
    const looksP95S = Number(figures["3 services looksWaitP95S"]);
    printResult({
      ...{ bench: "capacity", figures, ratios: {}, wanted: { looksP95S: LOOKS_WAIT_MOST_S } },
      met: looksP95S <= LOOKS_WAIT_MOST_S,
    });
  } finally {
    await store.close();
    await cluster.stop();
    await rm(folder, { recursive: true, force: true });
  }
}
