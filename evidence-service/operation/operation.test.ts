import { chmod, mkdtemp, readdir, rm, stat } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { BlockBlobClient } from "@azure/storage-blob";
import { afterAll, beforeAll, expect, test } from "vitest";
import { meSchema } from "#shared/web-api/web-api.ts";
import { startEvidenceService } from "../evidence-service.ts";
import { encryptGcm } from "../testing/encrypt.ts";
import { TestSite } from "../testing/test-site.ts";

const MIB = 1 << 20;
let freeBytes = 10_000 * MIB;
let site: TestSite;

beforeAll(async () => {
  site = await TestSite.start({ diskFreeBytes: async () => freeBytes });
});
afterAll(() => site.stop());

const get = (path: string, headers: Record<string, string> = {}) =>
  fetch(`${site.service.url}${path}`, { headers });

async function signIn(): Promise<Response> {
  return fetch(`${site.service.url}/web/api/sign-in`, {
    method: "POST",
    headers: { "x-evidence-desk": "1", "content-type": "application/json" },
    body: JSON.stringify({ username: "investigator", password: "investigator" }),
  });
}

async function send(): Promise<string> {
  const { EvidenceId } = await site.createEvidence();
  const { Uri, ResourceId } = await site.uploadAddress(EvidenceId, { MimeType: "text/plain" });
  const file = encryptGcm(Buffer.alloc(1_000), await site.publicKey(), 4_096);
  await new BlockBlobClient(Uri).uploadData(file.bytes, { metadata: file.metadata });
  await site.completeResource(EvidenceId, ResourceId);
  await site.completeEvidence(EvidenceId, { [ResourceId]: file.sha512 });
  await expect.poll(async () => (await site.readEvidence(EvidenceId)).LifecycleState).toBe("Available");
  return `${EvidenceId}/resource/${ResourceId}`;
}

test("what it measures can be read by Prometheus on this machine, and names nobody", async () => {
  const path = await send();
  expect((await signIn()).status).toBe(200);
  const answer = await get("/metrics");
  expect(answer.headers.get("content-type")).toContain("text/plain");
  const text = await answer.text();
  for (const line of [
    'evidence_upload_duration_seconds_count{operation="blob",outcome="stored"} 1',
    'evidence_job_duration_seconds_count{kind="consolidate",outcome="done"} 1',
    'evidence_sign_ins_total{outcome="signed-in"} 1',
    "evidence_jobs_waiting 0",
    `evidence_disk_free_bytes ${freeBytes}`,
  ]) {
    expect(text.split("\n")).toContain(line);
  }
  expect(text).toMatch(/evidence_upload_bytes_total 1\d{3}\n/);
  for (const secret of [...path.split("/resource/"), "investigator", "sig="])
    expect(text).not.toContain(secret);
  expect((await get("/metrics", { "x-forwarded-for": "192.0.2.1" })).status).toBe(403);
});

test("a full disk refuses uploads with a time to come again; sign-in, reading and the audit go on", async () => {
  const stored = await send();
  const { EvidenceId } = await site.createEvidence();
  const { Uri } = await site.uploadAddress(EvidenceId);
  expect((await get("/healthz")).status).toBe(200);
  freeBytes = 512 * MIB + 100;
  // Far from full, uploads go by what was said within the last second; this asks at once.
  expect((await get("/healthz/ready")).status).toBe(200);
  const put = (length: number) =>
    fetch(Uri, { method: "PUT", headers: { "x-ms-blob-type": "BlockBlob" }, body: new Uint8Array(length) });
  expect((await put(50)).status).toBe(201);
  const refused = await put(1_000);
  expect([refused.status, refused.headers.get("retry-after")]).toEqual([503, "30"]);
  expect(refused.headers.get("x-ms-error-code")).toBe("ServerBusy");
  freeBytes = 100 * MIB;
  expect((await put(50)).status).toBe(503);
  const ready = await get("/healthz/ready");
  expect([ready.status, await ready.json()]).toMatchObject([503, { code: "NOT_READY" }]);
  expect((await get("/healthz/live")).status).toBe(200);
  const signedIn = await signIn();
  expect(meSchema.parse(await signedIn.json()).user).not.toBeNull();
  const [evidenceId = "", resourceId = ""] = stored.split("/resource/");
  const content = await site.download(evidenceId, `resource/${resourceId}/content`);
  expect((await content.arrayBuffer()).byteLength).toBe(1_000);
  freeBytes = 10_000 * MIB;
  expect((await put(1_000)).status).toBe(201);
});

test.skipIf(process.platform === "win32")(
  "a folder that others could read is its owner's alone",
  async () => {
    const dir = await mkdtemp(join(tmpdir(), "wide-"));
    const service = () =>
      startEvidenceService({ dir, port: 0, logLevel: "error", settings: { diskBallastBytes: 1_000 } });
    await (await service()).close();
    await chmod(dir, 0o755);
    for (const name of await readdir(dir)) await chmod(join(dir, name), 0o755);
    const again = await service();
    const modes = async () => {
      const paths = [dir, ...(await readdir(dir)).map((name) => join(dir, name))];
      const found = await Promise.all(
        paths.map(async (path) => [path, (await stat(path)).mode & 0o077] as const),
      );
      return found.filter(([, others]) => others !== 0);
    };
    expect(await modes()).toEqual([]);
    await again.close();
    expect(await modes()).toEqual([]);
    await rm(dir, { recursive: true });
  },
);
