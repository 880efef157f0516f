/** docs/guides/moving.md, line by line, against a PostgreSQL and an object store. */
import { mkdtemp, readFile, rm, stat, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import pg from "pg";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { rootFolder } from "#dev/launch/run-program.mjs";
import { startEvidenceService } from "#evidence-service/evidence-service.ts";
import { PostgresCluster } from "#evidence-service/testing/postgres-cluster.ts";
import { TestSite } from "#evidence-service/testing/test-site.ts";
import { ObjectStore } from "#proofs/conformance/object-store.ts";
import { guideLines, runLines } from "./guide-lines.ts";

const objectStore = await ObjectStore.forTests();
const cluster = "missing" in objectStore ? null : await PostgresCluster.start();
if (cluster === null)
  console.log("The guide to moving is not done: PostgreSQL or versitygw is not installed.");
afterAll(async () => {
  await cluster?.stop();
  if (!("missing" in objectStore)) await objectStore.close();
});

describe.skipIf(cluster === null)("the guide to moving", { timeout: 240_000 }, () => {
  let folder: string;
  let old: TestSite;
  let variables: Record<string, string>;

  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), "moving-guide-"));
    old = await TestSite.start({}, folder, null);
    if ("missing" in objectStore) return;
    const { endpoint = "", accessKeyId, secretAccessKey } = await objectStore.makeBucket("evidence");
    variables = {
      ...{ OLD: old.dir, NEW: join(folder, "new"), DATABASE: cluster?.url ?? "", ENDPOINT: endpoint },
      ...{ BUCKET: "evidence", KEY_ID: accessKeyId, KEY_SECRET: secretAccessKey },
    };
  });
  afterAll(() => rm(folder, { recursive: true, force: true }));

  async function does(kind: string, status: number): Promise<string> {
    const outcome = await runLines(await guideLines("moving.md", `sh ${kind}`), rootFolder, variables);
    expect(outcome.status, outcome.output).toBe(status);
    return outcome.output;
  }

  test("moves a service that runs, goes back, moves it again, and removes the old place", async () => {
    const { EvidenceId } = await old.createEvidence({ Name: "Before" });
    const mail = JSON.stringify({ host: "127.0.0.1", tls: "never", from: "desk@service.example" });
    await writeFile(join(old.dir, "mail.json"), mail, { mode: 0o600 });
    await does("place", 0);
    expect(await does("pass", 3)).toContain("Stop it and give the same command again");
    await old.service.close();
    expect(await does("move", 0)).toContain("The audit trail is whole.");

    await does("back-out", 0);
    const again = await startEvidenceService({ dir: old.dir, port: 0, logLevel: "error" });
    await again.close();
    // Another new place, as the one that was left is not filled again.
    const s3 = "missing" in objectStore ? null : await objectStore.makeBucket("evidence-2");
    variables = { ...variables, NEW: join(folder, "newer"), BUCKET: s3?.bucket ?? "" };
    await clearDatabase();
    await does("place", 0);
    await does("move", 0);
    const fresh = await startEvidenceService({ dir: variables["NEW"] ?? "", port: 0, logLevel: "error" });
    const site = TestSite.attach(variables["NEW"] ?? "", fresh.url, fresh.connectionFile);
    expect((await site.readEvidence(EvidenceId)).Name).toBe("Before");
    expect(await readFile(join(variables["NEW"] ?? "", "mail.json"), "utf8")).toBe(mail);
    expect(await does("compare", 0)).toContain("and are the same.");
    await does("remove", 0);
    await expect(stat(join(old.dir, "evidence.sqlite"))).rejects.toMatchObject({ code: "ENOENT" });
    expect((await site.readEvidence(EvidenceId)).Name).toBe("Before");
    await fresh.close();
  });

  test("is given all that is the reader's, and starts the service as the other guides do", async () => {
    const yours = [...(await guideLines("moving.md", "sh example")).matchAll(/^(\w+)=/gm)];
    expect(yours.map(([, name]) => name).filter((name = "") => !(name in variables))).toEqual([]);
    expect(await guideLines("moving.md", "sh start")).toBe(
      'npm run evidence-service -- --dir "$NEW" --port 8082 --web-app out/web-app\n',
    );
  });

  async function clearDatabase(): Promise<void> {
    const administrator = new pg.Client({ connectionString: cluster?.url });
    await administrator.connect();
    await administrator.query("DROP SCHEMA evidence_desk CASCADE");
    await administrator.end();
  }
});
