/**
 * A hundred consoles with five uploads each, to one, two and three services on one PostgreSQL and one bucket, beside the
 * same bytes put into the bucket by its own client.
 */
import { randomBytes } from "node:crypto";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as wait } from "node:timers/promises";
import { PutObjectCommand } from "@aws-sdk/client-s3";
import pLimit from "p-limit";
import { s3Client } from "#evidence-service/blobs/s3/bucket.ts";
import { PostgresCluster } from "#evidence-service/testing/postgres-cluster.ts";
import { giveRole, TestSite } from "#evidence-service/testing/test-site.ts";
import { ObjectStore } from "../../conformance/object-store.ts";
import { SeveralServices } from "../../several-services/several-services.ts";
import type { PartResult } from "../pipeline/part-result.ts";
import { percentile, printTable, round2 } from "../report.ts";

const CONSOLES = 100;
const UPLOADS = 5;
const BLOCKS = 2;
const BLOCK_BYTES = 1 << 20;
const ALL_MB = (CONSOLES * UPLOADS * BLOCKS * BLOCK_BYTES) / 1e6;
const INSTANCES = [1, 2, 3] as const;
/** Sockets of the store's own client. */
const PUTS_AT_ONCE = 64;
const LONGEST_REQUEST_S = 60;
const COME_AGAIN = 503;
const CREATED = 201;

const block = randomBytes(BLOCK_BYTES);
const BLOCK_IDS = Array.from({ length: BLOCKS }, (_, number) =>
  Buffer.from(String(number).padStart(4, "0")).toString("base64"),
);
const LIST = `<?xml version="1.0" encoding="utf-8"?><BlockList>${BLOCK_IDS.map((id) => `<Latest>${id}</Latest>`).join("")}</BlockList>`;

interface Load {
  readonly tookMs: number[];
  /** How often a service said that one is to come again. */
  waits: number;
  readonly errors: string[];
}

interface Measured extends Load {
  readonly seconds: number;
}

export async function instancesPart(): Promise<PartResult | null> {
  const cluster = await PostgresCluster.start();
  const store = await ObjectStore.forTests();
  if (cluster === null || "missing" in store) {
    const missing = cluster === null ? "PostgreSQL is not installed" : "missing" in store && store.missing;
    console.log(`Several services are not measured: ${missing}.`);
    return null;
  }
  try {
    const storeMbPerS = ALL_MB / (await putIntoStore(store));
    const measured: Measured[] = [];
    for (const count of INSTANCES) measured.push(await sendTo(count, cluster, store));
    return told(storeMbPerS, measured);
  } finally {
    await store.close();
    await cluster.stop();
  }
}

function told(storeMbPerS: number, measured: readonly Measured[]): PartResult {
  const figures: Record<string, number> = { storeMbPerS: round2(storeMbPerS) };
  const ratios: Record<string, number> = {};
  const rows = measured.map(({ seconds, tookMs, waits, errors }, index) => {
    const [name, mbPerS] = [`of${INSTANCES[index]}`, ALL_MB / seconds];
    figures[`${name}MbPerS`] = round2(mbPerS);
    figures[`${name}RequestP95Ms`] = round2(percentile(tookMs, 95));
    figures[`${name}LongestS`] = round2(percentile(tookMs, 100) / 1_000);
    figures[`${name}Waits`] = waits;
    figures[`${name}Errors`] = errors.length;
    ratios[`${name}ToStore`] = round2(mbPerS / storeMbPerS);
    for (const error of errors.slice(0, 5)) console.log(error);
    return [
      String(INSTANCES[index]),
      ...["MbPerS", "RequestP95Ms", "LongestS", "Waits", "Errors"].map((of) => String(figures[name + of])),
    ];
  });
  printTable(
    ["services", "MB/s", "request p95 ms", "longest s", "waits", "errors"],
    [...rows, ["store alone", String(figures["storeMbPerS"]), "", "", "", ""]],
  );
  const longestS =
    percentile(
      measured.flatMap(({ tookMs }) => tookMs),
      100,
    ) / 1_000;
  const errors = measured.reduce((sum, one) => sum + one.errors.length, 0);
  return {
    ...{ figures: { ...figures, longestS: round2(longestS), errors }, ratios },
    wanted: { longestS: LONGEST_REQUEST_S, errors: 0 },
    met: errors === 0 && longestS <= LONGEST_REQUEST_S,
  };
}

/** @returns seconds */
async function putIntoStore(store: ObjectStore): Promise<number> {
  const client = s3Client(await store.makeBucket("alone"));
  const limit = pLimit(PUTS_AT_ONCE);
  const begunMs = performance.now();
  const puts = Array.from({ length: CONSOLES * UPLOADS * BLOCKS }, (_, number) =>
    limit(() => client.send(new PutObjectCommand({ Bucket: "alone", Key: `object-${number}`, Body: block }))),
  );
  await Promise.all(puts);
  client.destroy();
  return (performance.now() - begunMs) / 1_000;
}

async function sendTo(count: number, cluster: PostgresCluster, store: ObjectStore): Promise<Measured> {
  const folder = await mkdtemp(join(tmpdir(), "bench-instances-"));
  const metadata = { url: cluster.url, schema: `instances_${count}` };
  const s3 = await store.makeBucket(`instances-${count}`);
  const all = await SeveralServices.start(count, folder, { metadata, s3 });
  try {
    await giveRole(all.first.dir, "integration");
    const site = TestSite.attach(all.first.dir, all.front.url, all.first.connectionFile);
    await site.token();
    const load: Load = { tookMs: [], waits: 0, errors: [] };
    const begunMs = performance.now();
    const targets = all.services.map(({ target }) => target);
    await Promise.all(Array.from({ length: CONSOLES }, () => oneConsole(site, targets, load)));
    return { ...load, seconds: (performance.now() - begunMs) / 1_000 };
  } finally {
    await all.stop();
    await rm(folder, { recursive: true, force: true });
  }
}

async function oneConsole(site: TestSite, targets: readonly string[], load: Load): Promise<void> {
  const { EvidenceId } = await site.createEvidence();
  const uploads = Array.from({ length: UPLOADS }, async () => {
    const { Uri } = await site.uploadAddress(EvidenceId);
    for (const id of BLOCK_IDS) {
      await put({ uri: `${Uri}&comp=block&blockid=${encodeURIComponent(id)}`, body: block }, targets, load);
    }
    await put({ uri: `${Uri}&comp=blocklist`, body: LIST }, targets, load);
  });
  await Promise.all(uploads);
}

let next = 0;

/** Each request goes to the next service, until it is taken. */
async function put(
  { uri, body }: { readonly uri: string; readonly body: Buffer<ArrayBuffer> | string },
  targets: readonly string[],
  load: Load,
): Promise<void> {
  for (;;) {
    next += 1;
    const address = new URL(uri);
    address.host = targets[next % targets.length] ?? "";
    const begunMs = performance.now();
    const { status, headers } = await fetch(address, { method: "PUT", body });
    load.tookMs.push(performance.now() - begunMs);
    if (status === CREATED) return;
    if (status !== COME_AGAIN) return void load.errors.push(`${address.pathname} answered ${status}.`);
    load.waits += 1;
    await wait(1_000 * Number(headers.get("retry-after") ?? 1));
  }
}
