/** Several services that know nothing of each other but what is in one PostgreSQL and one bucket. */
import { createHash, randomBytes } from "node:crypto";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { auditReport } from "#evidence-service/audit/audit-report.ts";
import { startEvidenceService } from "#evidence-service/evidence-service.ts";
import { keepMetadataIn } from "#evidence-service/testing/engine-of-tests.ts";
import { encryptGcm } from "#evidence-service/testing/encrypt.ts";
import { PostgresCluster } from "#evidence-service/testing/postgres-cluster.ts";
import { rowsOf } from "#evidence-service/testing/rows.ts";
import { giveRole, TestSite } from "#evidence-service/testing/test-site.ts";
import { WEB_CHANGE_HEADER } from "#shared/web-api/web-api.ts";
import { ObjectStore } from "../conformance/object-store.ts";
import { SeveralServices } from "./several-services.ts";

const cluster = await PostgresCluster.start();
const objectStore = await ObjectStore.forTests();
const why = [
  ...(cluster === null ? ["PostgreSQL is not installed"] : []),
  ...("missing" in objectStore ? [objectStore.missing] : []),
].join(", ");
afterAll(async () => {
  await cluster?.stop();
  if (!("missing" in objectStore)) await objectStore.close();
});

const COUNT = 3;
const MIB = 1 << 20;
const PATIENT = { timeout: 30_000 };

describe.skipIf(why !== "")(`several evidence services${why === "" ? "" : ` (skipped: ${why})`}`, () => {
  let folder: string;
  let all: SeveralServices;
  let site: TestSite;
  const metadata = { url: cluster?.url ?? "", schema: "county" };

  beforeAll(async () => {
    if ("missing" in objectStore) return;
    folder = await mkdtemp(join(tmpdir(), "several-services-"));
    const s3 = await objectStore.makeBucket("county");
    all = await SeveralServices.start(COUNT, folder, { metadata, s3 });
    await giveRole(all.first.dir, "integration");
    site = TestSite.attach(all.first.dir, all.front.url, all.first.connectionFile);
  }, 120_000);
  afterAll(async () => {
    await all.stop();
    await rm(folder, { recursive: true, force: true });
  });

  const blockId = (index: number) => Buffer.from(String(index).padStart(6, "0")).toString("base64");
  const listOf = (count: number) =>
    `<BlockList>${Array.from({ length: count }, (_, index) => `<Latest>${blockId(index)}</Latest>`).join("")}</BlockList>`;
  const at = (target: string, uri: string) => uri.replace(all.front.url, `http://${target}`);

  interface Sent {
    readonly evidenceId: string;
    readonly resourceId: string;
    readonly uri: string;
    readonly file: ReturnType<typeof encryptGcm>;
    readonly blocks: number;
  }

  /** Each block to another service. */
  async function stage(blockBytes: number, lengthBytes: number): Promise<Sent> {
    const { EvidenceId: evidenceId } = await site.createEvidence();
    const { Uri: uri, ResourceId: resourceId } = await site.uploadAddress(evidenceId, {
      MimeType: "text/plain",
    });
    const file = encryptGcm(randomBytes(lengthBytes), await site.publicKey(), MIB);
    const blocks = Math.ceil(file.bytes.length / blockBytes);
    for (let index = 0; index < blocks; index += 1) {
      const body = file.bytes.subarray(index * blockBytes, (index + 1) * blockBytes);
      const { status } = await fetch(`${uri}&comp=block&blockid=${encodeURIComponent(blockId(index))}`, {
        ...{ method: "PUT", body: new Uint8Array(body) },
      });
      expect(status).toBe(201);
    }
    return { evidenceId, resourceId, uri, file, blocks };
  }

  const headersOf = ({ file }: Sent) =>
    Object.fromEntries(Object.entries(file.metadata).map(([name, value]) => [`x-ms-meta-${name}`, value]));

  function commit(sent: Sent, uri = sent.uri): Promise<Response> {
    return fetch(`${uri}&comp=blocklist`, {
      ...{ method: "PUT", headers: headersOf(sent), body: listOf(sent.blocks) },
    });
  }

  async function complete({ evidenceId, resourceId, file }: Sent): Promise<void> {
    expect((await site.completeResource(evidenceId, resourceId)).status).toBe(200);
    expect((await site.completeEvidence(evidenceId, { [resourceId]: file.sha512 })).status).toBe(200);
    await expect
      .poll(async () => (await site.readEvidence(evidenceId)).LifecycleState, PATIENT)
      .toBe("Available");
  }

  const sha512 = (bytes: Uint8Array) => createHash("sha512").update(bytes).digest("hex");

  test.each([
    ["long", 6 * MIB],
    ["short", MIB],
  ])(
    "take the blocks of one file in turn, %s ones, and each gives the whole of it out",
    async (_, blockBytes) => {
      const sent = await stage(blockBytes, 15 * MIB);
      expect((await commit(sent)).status).toBe(201);
      await complete(sent);
      const authorization = `Bearer ${await site.token()}`;
      const tenant = (await site.connection()).TenantId;
      for (const { target } of all.services) {
        const path = `documents/api/v1/tenant/${tenant}/evidence/${sent.evidenceId}/resource/${sent.resourceId}/encrypted`;
        const stored = await fetch(`http://${target}/${path}`, { headers: { authorization } });
        expect(sha512(new Uint8Array(await stored.arrayBuffer()))).toBe(sent.file.sha512);
      }
      expect([...all.front.had.values()].every((requests) => requests > 2)).toBe(true);
    },
  );

  test("asked at once to commit one list, they do it one after the other, and nothing of it is lost", async () => {
    const sent = await stage(MIB, 12 * MIB);
    const answers = await Promise.all(all.services.map(({ target }) => commit(sent, at(target, sent.uri))));
    for (const { status } of answers) expect([201, 503]).toContain(status);
    expect(answers.some(({ status }) => status === 201)).toBe(true);
    await complete(sent);
  });

  test("a block that comes while another one commits is refused for a while, and never lost unsaid", async () => {
    const sent = await stage(MIB, 12 * MIB);
    const [one, other] = all.services;
    const late = `${at(other?.target ?? "", sent.uri)}&comp=block&blockid=${encodeURIComponent(blockId(sent.blocks))}`;
    const committing = commit(sent, at(one?.target ?? "", sent.uri));
    const statuses: number[] = [];
    for (let time = 0; time < 5; time += 1) {
      statuses.push((await fetch(late, { method: "PUT", body: new Uint8Array(MIB) })).status);
    }
    expect((await committing).status).toBe(201);
    for (const status of statuses) expect([201, 503]).toContain(status);
    await complete(sent);
  });

  test("one that is killed loses nothing that it took, and its job is done by another one", async () => {
    const sent = await stage(MIB, 12 * MIB);
    const [, , third] = all.services;
    if (third === undefined) throw new Error("There are not three.");
    expect((await commit(sent, at(third.target, sent.uri))).status).toBe(201);
    await third.kill();
    await complete(sent);
    await third.restart();
    await all.passToAll();
  });

  async function webCookie(path: string, init: RequestInit = {}): Promise<Response> {
    const headers = { [WEB_CHANGE_HEADER]: "1", "content-type": "application/json", ...init.headers };
    return fetch(`${all.front.url}/web/api${path}`, { ...init, headers });
  }
  const signIn = (password: string) =>
    webCookie("/sign-in", { method: "POST", body: JSON.stringify({ username: "investigator", password }) });

  test("who signs in at one is known to all, and guesses are counted over all of them", async () => {
    const cookie = (await signIn("investigator")).headers.getSetCookie()[0]?.split(";")[0] ?? "";
    for (const { target } of all.services) {
      const answer = await fetch(`http://${target}/web/api/me`, {
        headers: { cookie, host: new URL(all.front.url).host },
      });
      expect(await answer.json()).toMatchObject({ user: { username: "investigator" } });
    }
    const statuses: number[] = [];
    for (let time = 0; time < 12; time += 1) statuses.push((await signIn("wrong")).status);
    expect(statuses.filter((status) => status === 401)).toHaveLength(10);
    expect(statuses.slice(-2)).toEqual([429, 429]);
  });

  test("one that wants the schema for itself is refused, and so is one without a bucket", async () => {
    const start = async (settings: object) => {
      const dir = await mkdtemp(join(folder, "refused-"));
      await keepMetadataIn(dir, { ...metadata, ...settings });
      return startEvidenceService({ dir, port: 0 });
    };
    await expect(start({})).rejects.toMatchObject({ code: "POSTGRES_IN_USE" });
    const alone = { schema: "elsewhere", instances: "several" };
    await expect(start(alone)).rejects.toMatchObject({ code: "SEVERAL_NEED_A_STORE" });
  });

  test("the audit trail that all of them wrote is whole", async () => {
    expect(await auditReport(all.first.dir)).toMatchObject({ isWhole: true });
    const rows = await rowsOf<{ seq: number }>(all.first.dir, "SELECT seq FROM audit ORDER BY seq");
    expect(rows.map(({ seq }) => Number(seq))).toEqual(rows.map((_, index) => index + 1));
  });
});
