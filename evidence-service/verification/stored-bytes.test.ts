import { randomBytes } from "node:crypto";
import { appendFile, readdir, rm, truncate, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { BlockBlobClient } from "@azure/storage-blob";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import {
  WEB_CHANGE_HEADER,
  webEvidenceAnswerSchema,
  webEvidencePageSchema,
  webVerificationSchema,
} from "#shared/web-api/web-api.ts";
import { encryptCbc, encryptGcm } from "../test-console/encrypt.ts";
import { TestSite } from "../test-console/test-site.ts";

const LENGTH_BYTES = 300_000;

let site: TestSite;
let cookie: string;

beforeAll(async () => {
  site = await TestSite.start();
  const signIn = await fetch(`${site.service.url}/web/api/sign-in`, {
    method: "POST",
    headers: { "content-type": "application/json", [WEB_CHANGE_HEADER]: "1" },
    body: JSON.stringify({ username: "investigator", password: "investigator" }),
  });
  cookie = signIn.headers.getSetCookie()[0]?.split(";")[0] ?? "";
});

afterAll(() => site.stop());

/** An evidence of two attachments that nobody signed a manifest for, available. */
async function available(protocol: "1.0" | "2.0") {
  const { EvidenceId: evidenceId } = await site.createEvidence();
  const key = await site.publicKey();
  const files: { resourceId: string; sha512: string }[] = [];
  for (const name of ["report.pdf", "notes.txt"]) {
    const plain = randomBytes(LENGTH_BYTES);
    const file = protocol === "1.0" ? encryptCbc(plain, key) : encryptGcm(plain, key, 65_536);
    const about = { Name: name, MimeType: "application/octet-stream" };
    const { Uri, ResourceId: resourceId } = await site.uploadAddress(evidenceId, about);
    await new BlockBlobClient(Uri).uploadData(file.bytes, { metadata: file.metadata });
    await site.completeResource(evidenceId, resourceId);
    files.push({ resourceId, sha512: file.sha512 });
  }
  await site.completeEvidence(evidenceId, Object.fromEntries(files.map((f) => [f.resourceId, f.sha512])));
  await expect
    .poll(async () => (await site.readEvidence(evidenceId)).LifecycleState, { timeout: 20_000 })
    .toBe("Available");
  return { evidenceId, resourceId: files[1]?.resourceId ?? "" };
}

async function storedFile(resourceId: string): Promise<string> {
  const folder = join(site.dir, "blobs", resourceId);
  const [name] = await readdir(folder);
  return join(folder, name ?? "");
}

async function verify(evidenceId: string) {
  const headers = { cookie, [WEB_CHANGE_HEADER]: "1" };
  const url = `${site.service.url}/web/api/evidence/${evidenceId}/verification`;
  const answer = await fetch(url, { method: "POST", headers });
  expect(answer.status).toBe(200);
  return webVerificationSchema.parse(await answer.json());
}

async function web(path: string): Promise<unknown> {
  return await (await fetch(`${site.service.url}/web/api/evidence${path}`, { headers: { cookie } })).json();
}

const DAMAGE: readonly [string, (path: string) => Promise<void>, RegExp][] = [
  ["missing", (path) => rm(path), /“notes.txt” .* is missing/],
  ["short", (path) => truncate(path, 1_000), /1000 bytes are stored of “notes.txt”/],
  ["longer", (path) => appendFile(path, "x"), /bytes are stored of “notes.txt” .* were accepted/],
  ["changed in one byte", (path) => writeFile(path, "x", { flag: "r+" }), /“notes.txt” .* not those that/],
];

describe.each(["1.0", "2.0"] as const)("files of protocol %s that nobody signed for", (protocol) => {
  test("are found in order to the last byte", async () => {
    const { evidenceId } = await available(protocol);
    expect(await verify(evidenceId)).toMatchObject({ outcome: "absent", depth: "whole", differences: [] });
  });

  test.each(DAMAGE)("are named where one is %s, and the outcome is kept", async (_what, damage, sentence) => {
    const { evidenceId, resourceId } = await available(protocol);
    await damage(await storedFile(resourceId));
    const found = await verify(evidenceId);
    expect(found).toMatchObject({ outcome: "failed", differences: [expect.stringMatching(sentence)] });
    const shown = webEvidenceAnswerSchema.parse(await web(`/${evidenceId}`));
    expect(shown.verification).toEqual(found);
    const { evidence } = webEvidencePageSchema.parse(await web(""));
    const listed = evidence.find((one) => one.evidenceId === evidenceId);
    expect(listed?.verificationOutcome).toBe("failed");
  });
});

test("a file that is gone is a refusal when it is downloaded, not a failure of the service", async () => {
  const { evidenceId, resourceId } = await available("2.0");
  await rm(await storedFile(resourceId));
  const path = `resource/${resourceId}/content`;
  const answer = await site.download(evidenceId, path);
  expect([answer.status, await answer.json()]).toMatchObject([409, { code: "FILE_DAMAGED" }]);
});
