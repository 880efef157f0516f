import { randomBytes } from "node:crypto";
import { readdir, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { BlockBlobClient } from "@azure/storage-blob";
import { afterEach, beforeEach, expect, test } from "vitest";
import { WEB_CHANGE_HEADER, webJobsSchema, webVerificationRunSchema } from "#shared/web-api/web-api.ts";
import { encryptGcm } from "../testing/encrypt.ts";
import { changeRows, rowsOf } from "../testing/rows.ts";
import { TestSite } from "../testing/test-site.ts";

const PATH = "/web/api/administration/verification";
const JOBS = "/web/api/administration/jobs";
const PATIENT = { timeout: 20_000 };

let site: TestSite;
let cookie = "";
beforeEach(async () => {
  site = await TestSite.start();
  cookie = "";
  const answer = await web("POST", "/web/api/sign-in", {
    username: "investigator",
    password: "investigator",
  });
  cookie = answer.headers.getSetCookie()[0]?.split(";")[0] ?? "";
});
afterEach(() => site.stop());

function web(method: string, path: string, body: unknown = {}): Promise<Response> {
  const headers = { cookie, [WEB_CHANGE_HEADER]: "1", "content-type": "application/json" };
  const sent = method === "GET" ? {} : { body: JSON.stringify(body) };
  return fetch(`${site.service.url}${path}`, { method, headers, ...sent });
}

const theRun = async () => {
  const run = webVerificationRunSchema.parse(await (await web("GET", PATH)).json());
  if (run === null) throw new Error("Everything was never verified.");
  return run;
};
const ended = () => expect.poll(async () => (await theRun()).endedUtc, PATIENT).not.toBeNull();

async function available(name: string): Promise<{ evidenceId: string; resourceId: string }> {
  const { EvidenceId: evidenceId } = await site.createEvidence({ Name: name });
  const { Uri, ResourceId: resourceId } = await site.uploadAddress(evidenceId, { MimeType: "text/plain" });
  const file = encryptGcm(randomBytes(10_000), await site.publicKey(), 4_096);
  await new BlockBlobClient(Uri).uploadData(file.bytes, { metadata: file.metadata });
  await site.completeResource(evidenceId, resourceId);
  await site.completeEvidence(evidenceId, { [resourceId]: file.sha512 });
  await expect
    .poll(async () => (await site.readEvidence(evidenceId)).LifecycleState, PATIENT)
    .toBe("Available");
  return { evidenceId, resourceId };
}

/** What the audit trail says of verifying, in its order. */
async function told(): Promise<string[]> {
  const rows = await rowsOf<{ entryJson: string }>(site.dir, "SELECT entryJson FROM audit ORDER BY seq");
  const actions = rows.map(({ entryJson }) => (JSON.parse(entryJson) as { action: string }).action);
  return actions.filter((action) => action.startsWith("VERIF"));
}

async function damage(resourceId: string): Promise<void> {
  const folder = join(site.dir, "blobs", resourceId);
  const [name = ""] = await readdir(folder);
  await writeFile(join(folder, name), "x", { flag: "r+" });
}

test("every byte of all evidence is read; what does not agree is named, and each verdict is kept and told", async () => {
  expect(await (await web("GET", PATH)).json()).toBeNull();
  for (const name of ["First", "Second"]) await available(name);
  const damaged = await available("Damaged");
  await damage(damaged.resourceId);
  await site.createEvidence({ Name: "Still arriving" });
  expect((await web("POST", PATH)).status).toBe(200);
  await ended();
  expect(await theRun()).toMatchObject({
    ...{ checked: 3, differing: 1, endedBecause: null },
    named: [{ evidenceId: damaged.evidenceId, name: "Damaged" }],
  });
  // Each is a job of its own, and the last one finds none left: videos are joined in between.
  const metrics = await (await fetch(`${site.service.url}/metrics`)).text();
  expect(metrics).toContain('job_duration_seconds_count{kind="verify-everything",outcome="done"} 4');
  expect(await told()).toEqual([
    "VERIFY_EVERYTHING_STARTED",
    ...["VERIFIED", "VERIFIED", "VERIFIED"],
    "VERIFY_EVERYTHING_ENDED",
  ]);
});

test("it goes on where it was when the service ended, and each evidence is verified once", async () => {
  for (let number = 1; number <= 8; number += 1) await available(`Number ${number}`);
  await web("POST", PATH);
  await site.restart();
  await ended();
  expect(await theRun()).toMatchObject({ checked: 8, differing: 0, named: [] });
  expect((await told()).filter((action) => action === "VERIFIED")).toHaveLength(8);
});

test("one is under way at a time", async () => {
  await web("POST", PATH);
  await ended();
  await changeRows(site.dir, "UPDATE verificationRun SET endedUtcMs = NULL");
  const refused = await web("POST", PATH);
  expect([refused.status, await refused.json()]).toMatchObject([409, { code: "VERIFICATION_UNDER_WAY" }]);
});

test("jobs are shown; one that is not there, or whose kind is unknown, is not found", async () => {
  expect(webJobsSchema.parse(await (await web("GET", JOBS)).json())).toEqual({
    counts: { waiting: 0, running: 0, failed: 0 },
    ...{ waiting: [], running: [], failed: [] },
  });
  for (const path of ["consolidate/1/cancel", "nothing/1/start-anew", "consolidate/..%2f1/cancel"]) {
    expect([path, (await web("POST", `${JOBS}/${path}`)).status]).toEqual([path, 404]);
  }
});
