/** The short form of `npm run bench -- cluster`. */
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, expect, test } from "vitest";
import { PostgresCluster } from "#evidence-service/testing/postgres-cluster.ts";
import { ObjectStore } from "../conformance/object-store.ts";
import { hasNginx } from "../deploy/files/nginx.ts";
import { disturbed } from "./disturbed.ts";

const SECONDS = 25;
const cluster = await PostgresCluster.start();
const store = await ObjectStore.forTests();
const isMissing = cluster === null || "missing" in store;
const isPlain = !(await hasNginx());
const why = isMissing
  ? " (skipped: PostgreSQL or the object store is not installed)"
  : isPlain
    ? " (nginx is not installed: behind a round robin of ours)"
    : "";
afterAll(async () => {
  await cluster?.stop();
  if (!("missing" in store)) await store.close();
});

test.skipIf(isMissing)(
  `services that are killed, and what they stand on that goes away, lose and double nothing that was acknowledged${why}`,
  { timeout: 600_000 },
  async () => {
    if (cluster === null || "missing" in store) return;
    const folder = await mkdtemp(join(tmpdir(), "disturbed-"));
    const found = await disturbed({ cluster, store, folder, seconds: SECONDS, consoles: 2, people: 2 });
    await rm(folder, { recursive: true, force: true });
    expect(found).toMatchObject({ faults: [], doubled: [], differing: 0, isTrailWhole: true });
    expect(found.front).toBe(isPlain ? "a round robin of ours" : "nginx");
    expect(found.kills).toBeGreaterThan(0);
    expect(found.sent).toBeGreaterThan(0);
    expect(found.verified).toBeGreaterThanOrEqual(found.sent);
  },
);
