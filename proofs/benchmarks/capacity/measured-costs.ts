/** What each thing that is asked of a service costs it, its database and its store, measured with one service alone. */
import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { setTimeout as wait } from "node:timers/promises";
import { sql } from "kysely";
import { openPostgresMetadata } from "#evidence-service/storage/postgres/postgres-metadata.ts";
import type { Metadata } from "#evidence-service/storage/metadata-tables.ts";
import type { PostgresCluster } from "#evidence-service/testing/postgres-cluster.ts";
import { giveRole, TestSite } from "#evidence-service/testing/test-site.ts";
import type { ObjectStore } from "../../conformance/object-store.ts";
import { footageOf, must, SendingConsole } from "../../conformance/sending-console.ts";
import { People } from "../../several-services/people.ts";
import { RoundRobin } from "../../several-services/round-robin.ts";
import { SeveralServices } from "../../several-services/several-services.ts";
import { processorTimeS } from "./processor-time.ts";

const SMALL = { evidence: 60, bytes: 64 << 10 };
const LARGE = { evidence: 12, bytes: 64 << 20 };
const CONSOLES = 4;
const QUESTIONS = 300;
const GIGABYTE = 1e9;
const VERIFIED_WITHIN_MS = 300_000;
const LOOK_EVERY_MS = 500;
const EVIDENCE = "/documents/api/v1/tenant/TENANT/evidence";

/** Of one evidence, gigabyte or question. */
export interface Cost {
  readonly serviceCpuS: number;
  readonly databaseCpuS: number;
  /** Commits that waited for the database's disk. */
  readonly commits: number;
  readonly storeRequests: number;
  /** Of rows that stay. */
  readonly databaseBytes: number;
}

type Counts = Omit<Cost, "databaseBytes">;

export const COST_KINDS = [
  ...["evidence", "gigabyteIn", "gigabyteVerified", "gigabyteOut", "list", "open", "search"],
] as const;
export type Costs = Readonly<Record<(typeof COST_KINDS)[number], Cost>>;

interface Stand {
  readonly url: string;
  readonly connectionFile: string;
  readonly site: TestSite;
  readonly meter: Meter;
}

interface Sent {
  readonly evidenceId: string;
  readonly resourceId: string;
}

/** Counts what work costs. */
class Meter {
  readonly #servicePid: number;
  readonly #databasePid: number;
  readonly #db: Metadata;
  readonly #front: RoundRobin;

  constructor(
    pids: { readonly service: number; readonly database: number },
    db: Metadata,
    front: RoundRobin,
  ) {
    [this.#servicePid, this.#databasePid, this.#db, this.#front] = [pids.service, pids.database, db, front];
  }

  async of(units: number, work: () => Promise<unknown>): Promise<Cost> {
    const bytesBefore = await this.#databaseBytes();
    const before = await this.#read();
    await work();
    const after = await this.#read();
    const databaseBytes = ((await this.#databaseBytes()) - bytesBefore) / units;
    const each = (name: keyof Counts): number => (after[name] - before[name]) / units;
    return {
      ...{ serviceCpuS: each("serviceCpuS"), databaseCpuS: each("databaseCpuS"), commits: each("commits") },
      ...{ storeRequests: each("storeRequests"), databaseBytes },
    };
  }

  async #read(): Promise<Counts> {
    const { rows } = await sql<{ commits: number }>`SELECT wal_sync AS commits FROM pg_stat_wal`.execute(
      this.#db,
    );
    return {
      serviceCpuS: await processorTimeS(this.#servicePid),
      databaseCpuS: await processorTimeS(this.#databasePid),
      commits: Number(rows[0]?.commits),
      storeRequests: [...this.#front.had.values()].reduce((sum, count) => sum + count, 0),
    };
  }

  /** Of rows that stay: what was changed or taken away since leaves room that is used again. */
  async #databaseBytes(): Promise<number> {
    await sql`VACUUM FULL`.execute(this.#db);
    const size = sql<{ bytes: number }>`SELECT pg_database_size(current_database()) AS bytes`;
    return Number((await size.execute(this.#db)).rows[0]?.bytes);
  }
}

export async function measureCosts(
  cluster: PostgresCluster,
  store: ObjectStore,
  folder: string,
): Promise<Costs> {
  const bucketFront = await RoundRobin.start();
  bucketFront.targets = [`127.0.0.1:${store.port}`];
  const s3 = { ...(await store.makeBucket("capacity")), endpoint: bucketFront.url };
  const metadata = { url: cluster.url, schema: "capacity" };
  const all = await SeveralServices.start(1, folder, { metadata, s3 });
  const db = await openPostgresMetadata(metadata, () => undefined);
  try {
    await giveRole(all.first.dir, "integration");
    const [postmaster = ""] = (await readFile(join(cluster.folder, "data", "postmaster.pid"), "utf8")).split(
      "\n",
    );
    const meter = new Meter({ service: all.first.pid, database: Number(postmaster) }, db, bucketFront);
    const site = TestSite.attach(all.first.dir, all.front.url, all.first.connectionFile);
    await site.token();
    return await costsAt({ site, meter, url: all.front.url, connectionFile: all.first.connectionFile });
  } finally {
    await db.destroy();
    await all.stop();
    await bucketFront.close();
  }
}

async function costsAt(stand: Stand): Promise<Costs> {
  const { site, meter, url } = stand;
  await send(stand, { evidence: CONSOLES, bytes: SMALL.bytes }); // Nothing is compiled or opened any more.
  const evidence = await meter.of(SMALL.evidence, () => send(stand, SMALL));
  const sent: Sent[] = [];
  const large = await meter.of(LARGE.evidence, async () => void sent.push(...(await send(stand, LARGE))));
  const gigabytes = (LARGE.evidence * LARGE.bytes) / GIGABYTE;
  const people = await People.signIn(1, url);
  const gigabyteVerified = await meter.of(gigabytes, () => people.verifyEverything(VERIFIED_WITHIN_MS));
  const gigabyteOut = await meter.of(gigabytes, () => readAll(site, sent));
  const asked = (path: string): Promise<Cost> => meter.of(QUESTIONS, () => ask(site, path));
  return {
    ...{ evidence, gigabyteIn: perGigabyte(large, evidence), gigabyteVerified, gigabyteOut },
    list: await asked(EVIDENCE),
    open: await asked(`${EVIDENCE}/${sent[0]?.evidenceId}`),
    search: await asked(`${EVIDENCE}?text=gate`),
  };
}

/** Of a large evidence what is more than of a small one is its bytes'. */
function perGigabyte(large: Cost, small: Cost): Cost {
  const each = (name: keyof Cost): number =>
    (Math.max(0, large[name] - small[name]) * GIGABYTE) / (LARGE.bytes - SMALL.bytes);
  return {
    ...{ serviceCpuS: each("serviceCpuS"), databaseCpuS: each("databaseCpuS"), commits: each("commits") },
    ...{ storeRequests: each("storeRequests"), databaseBytes: each("databaseBytes") },
  };
}

/** As consoles do, a few at a time. @returns when nothing more is done about them */
async function send(
  { url, connectionFile }: Stand,
  { evidence, bytes }: { readonly evidence: number; readonly bytes: number },
): Promise<readonly Sent[]> {
  const sent: Sent[] = [];
  let left = evidence;
  const one = async (): Promise<void> => {
    const desk = await SendingConsole.attached(footageOf(bytes), { url, connectionFile });
    while (left > 0) {
      left -= 1;
      const evidenceId = await desk.createEvidence();
      const segment = await desk.spoolSegment();
      const { resourceId } = await desk.send(evidenceId, segment);
      const files = [{ resourceId, sha512: segment.sha512 }];
      must(await desk.destination.completeEvidence(evidenceId, files, desk.call));
      await settled(desk, evidenceId);
      sent.push({ evidenceId, resourceId });
    }
    await desk.stop();
  };
  await Promise.all(Array.from({ length: CONSOLES }, one));
  return sent;
}

async function settled(desk: SendingConsole, evidenceId: string): Promise<void> {
  for (;;) {
    const state = must(await desk.destination.lifecycle(evidenceId, desk.call));
    // Random bytes are no video: that they cannot be joined is found once they are verified.
    if (state.kind === "available" || state.kind === "failed") return;
    await wait(LOOK_EVERY_MS);
  }
}

async function readAll(site: TestSite, sent: readonly Sent[]): Promise<void> {
  for (const { evidenceId, resourceId } of sent) {
    const stream = (await (await site.reader(evidenceId, resourceId)).download()).readableStreamBody;
    if (stream === undefined) throw new Error("There is nothing to read.");
    for await (const _piece of stream) void _piece;
  }
}

async function ask(site: TestSite, path: string): Promise<void> {
  for (let times = 0; times < QUESTIONS; times += 1) {
    const { status } = await site.call("GET", path);
    if (status !== 200) throw new Error(`${path} answered ${status}.`);
  }
}
