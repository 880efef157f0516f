/** docs/guides/postgresql.md, line by line, against a PostgreSQL that asks for TLS and a password. */
import { chown, cp, mkdtemp, readdir, rm, stat, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import pg from "pg";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { rootFolder } from "#dev/launch/run-program.mjs";
import { startEvidenceService } from "#evidence-service/evidence-service.ts";
import { PostgresCluster } from "#evidence-service/testing/postgres-cluster.ts";
import { giveRole, TestSite } from "#evidence-service/testing/test-site.ts";
import { hasOpenssl, TestAuthority } from "#proofs/private-authority/authority.ts";
import { guideLines, runLines, type ShellOutcome } from "./guide-lines.ts";

const cluster = (await hasOpenssl()) ? await PostgresCluster.start() : null;
if (cluster === null)
  console.log("The guide to PostgreSQL is not done: PostgreSQL or openssl is not installed.");
afterAll(() => cluster?.stop());

describe.skipIf(cluster === null)("the guide to PostgreSQL", { timeout: 240_000 }, () => {
  let folder: string;
  let variables: Record<string, string>;

  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), "postgresql-guide-"));
    const { host, port, username } = new URL(cluster?.url ?? "");
    await letInOverTls(await TestAuthority.make(join(folder, "authority"), "The department's"));
    variables = {
      ...{ FOLDER: join(folder, "service"), BACKUP: join(folder, "backup"), DATABASE: host },
      ...{ PASSWORD: "n3verGuessed", AUTHORITY: join(folder, "authority", "ca.pem") },
      ...{ PGHOST: cluster?.folder ?? "", PGPORT: port, PGUSER: username },
    };
  });
  afterAll(() => rm(folder, { recursive: true, force: true }));

  /** As the server is set up in a department: a certificate, and nobody without it and a password. */
  async function letInOverTls(authority: TestAuthority): Promise<void> {
    if (cluster === null) return;
    const { key, cert } = await authority.issue({ names: ["IP:127.0.0.1"] });
    const data = join(cluster.folder, "data");
    const { uid, gid } = await stat(data);
    const files = { "server.key": key, "server.crt": cert, "pg_hba.conf": PEOPLE };
    for (const [name, text] of Object.entries(files)) {
      await writeFile(join(data, name), text, { mode: 0o600 });
      await chown(join(data, name), uid, gid);
    }
    const administrator = new pg.Client({ connectionString: cluster.url });
    await administrator.connect();
    await administrator.query("ALTER SYSTEM SET ssl = on");
    await administrator.query("SELECT pg_reload_conf()");
    await administrator.end();
  }

  /** What an administrator has in another place. */
  const KEPT = ["keys.json", "postgres.json"];
  const PEOPLE = "local all app trust\nhostssl evidence evidence 127.0.0.1/32 scram-sha-256\n";

  async function does(kind: string): Promise<ShellOutcome> {
    const outcome = await runLines(
      `set -e\n${await guideLines("postgresql.md", `sh ${kind}`)}`,
      rootFolder,
      variables,
    );
    expect(outcome.status, outcome.output).toBe(0);
    return outcome;
  }

  test("sets a service up whose role owns one schema, and restores it whole", async () => {
    await does("database");
    const { output } = await does("service");
    expect(output).toMatch(/Sign in as “administrator” with the password \S+/);
    expect((await stat(join(serviceFolder(), "postgres.json"))).mode & 0o777).toBe(0o600);

    await giveRole(serviceFolder(), "integration");
    const { site, service } = await serve();
    const { EvidenceId } = await site.createEvidence({ Name: "Before the fire" });
    const { Uri, ResourceId } = await site.uploadAddress(EvidenceId);
    await fetch(Uri, { method: "PUT", headers: { "x-ms-blob-type": "BlockBlob" }, body: "footage" });
    await service.signAuditHead();
    await does("backup");
    await service.close();

    const kept = join(folder, "kept");
    for (const name of KEPT) await cp(join(serviceFolder(), name), join(kept, name));
    await rm(serviceFolder(), { recursive: true });
    await asAdministrator("DROP DATABASE evidence");
    await asAdministrator("DROP ROLE evidence");
    await does("database");
    await cp(kept, serviceFolder(), { recursive: true });
    expect((await does("restore")).output).toContain("The audit trail is whole.");
    const restored = await serve();
    expect((await restored.site.readEvidence(EvidenceId)).Name).toBe("Before the fire");
    // What was sent and not accepted is sent again.
    expect(await readdir(join(serviceFolder(), "blobs"))).not.toContain(ResourceId);
    await restored.service.close();
  });

  test("is given all that is the reader's, and starts the service as the other guides do", async () => {
    const yours = [...(await guideLines("postgresql.md", "sh example")).matchAll(/^(\w+)=/gm)];
    expect(yours.map(([, name]) => name).filter((name = "") => !(name in variables))).toEqual([]);
    expect(await guideLines("postgresql.md", "sh start")).toBe(
      'npm run evidence-service -- --dir "$FOLDER" --port 8082 --web-app out/web-app\n',
    );
  });

  const serviceFolder = () => variables["FOLDER"] ?? "";

  async function serve() {
    const service = await startEvidenceService({ dir: serviceFolder(), port: 0, logLevel: "error" });
    return { service, site: TestSite.attach(serviceFolder(), service.url, service.connectionFile) };
  }

  async function asAdministrator(text: string): Promise<void> {
    const { status, output } = await runLines(`psql -c '${text}' postgres`, folder, variables);
    expect(status, output).toBe(0);
  }
});
