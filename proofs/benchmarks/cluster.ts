/**
 * npm run bench -- cluster [SECONDS] [CONSOLES] [PEOPLE]: three services behind nginx, with the file of deploy/, on one
 * PostgreSQL and one bucket (versitygw). Consoles send and people look, while every 20 seconds one of the services is
 * killed; PostgreSQL is restarted once, the bucket is away for a tenth of the time, and nginx for two seconds. Ten minutes,
 * 40 consoles and 20 people unless told. Afterwards whatever was acknowledged is available and there exactly once, with its
 * files and its entries of the audit trail, every stored byte of it is what arrived, and the trail is whole; people were
 * refused with nothing but a word to come again. What is waited for is said, and given up when it stands still for five
 * minutes.
 */
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { PostgresCluster } from "#evidence-service/testing/postgres-cluster.ts";
import { ObjectStore } from "../conformance/object-store.ts";
import { disturbed, type Found } from "../several-services/disturbed.ts";
import { percentile, printResult, printTable, round2 } from "./report.ts";

const [seconds = 600, consoles = 40, people = 20] = process.argv.slice(2).map(Number);
const NAMED_MOST = 10;

function report(found: Found): boolean {
  const { told, faults, doubled, answeredMs, kills, sent, verified, differing, isTrailWhole, refused } =
    found;
  printTable(
    ["what happened"],
    told.map((line) => [line]),
  );
  for (const fault of [...faults.slice(0, NAMED_MOST), ...doubled.slice(0, NAMED_MOST)]) console.log(fault);
  const isOnce = faults.length + doubled.length === 0;
  const met = sent > 0 && isOnce && differing === 0 && verified >= sent && isTrailWhole;
  const figures = {
    ...{ front: found.front, seconds, consoles, people, kills, sent, faults: faults.length },
    ...{ doubled: doubled.length, verified, differing },
    ...{ trail: isTrailWhole ? "whole" : "not whole", answers: answeredMs.length, refused },
    ...{ answerP50Ms: round2(percentile(answeredMs, 50)), answerP95Ms: round2(percentile(answeredMs, 95)) },
    longestAnswerS: round2(percentile(answeredMs, 100) / 1_000),
  };
  const wanted = { faults: 0, doubled: 0, differing: 0 };
  printResult({ bench: "cluster", figures, ratios: {}, wanted, met });
  return met;
}

const beganMs = performance.now();
const say = (line: string): void =>
  console.log(`${Math.round((performance.now() - beganMs) / 1_000)} s: ${line}`);

const cluster = await PostgresCluster.start();
const store = await ObjectStore.forTests();
if (cluster === null || "missing" in store) {
  const missing = cluster === null ? "PostgreSQL is not installed" : "missing" in store && store.missing;
  console.log(`Nothing was measured: ${missing}.`);
  process.exitCode = 1;
} else {
  const folder = await mkdtemp(join(tmpdir(), "cluster-"));
  try {
    const found = await disturbed({ cluster, store, folder, seconds, consoles, people, say });
    process.exitCode = report(found) ? 0 : 1;
  } finally {
    await store.close();
    await cluster.stop();
    await rm(folder, { recursive: true, force: true });
  }
}
