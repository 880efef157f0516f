import { execFileSync } from "node:child_process";
import { randomBytes } from "node:crypto";
import { appendFile, chmod, mkdir, readdir, rm, stat, symlink, truncate, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { BlockBlobClient } from "@azure/storage-blob";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import {
  WEB_CHANGE_HEADER,
  webEvidenceAnswerSchema,
  webEvidencePageSchema,
  webVerificationSchema,
} from "#shared/web-api/web-api.ts";
import { encryptCbc, encryptGcm } from "../testing/encrypt.ts";
import { TestSite } from "../testing/test-site.ts";
import { changeRows, inDatabase } from "../testing/rows.ts";

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
  ["short", (path) => truncate(path, 1_000), /1,000 bytes are stored of “notes.txt”/],
  ["longer", (path) => appendFile(path, "x"), /bytes are stored of “notes.txt” .* were accepted/],
  ["another kind of file", (path) => rm(path).then(() => mkdir(path)), /“notes.txt”/],
  ["one that the system does not open", (path) => rm(path).then(() => symlink(path, path)), /“notes.txt”/],
  ["changed in one byte", (path) => writeFile(path, "x", { flag: "r+" }), /“notes.txt” .* not those that/],
];

describe.each(["1.0", "2.0"] as const)("files of protocol %s that nobody signed for", (protocol) => {
  test("are found in order to the last byte", async () => {
    const { evidenceId } = await available(protocol);
    expect(await verify(evidenceId)).toMatchObject({ outcome: "absent", depth: "whole", differences: [] });
  });

  test.each(DAMAGE)("are named where one is %s, and the verdict is kept", async (_what, damage, sentence) => {
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

test("a file that the service's own tables do not know any more, or know otherwise, is named", async () => {
  const { evidenceId, resourceId } = await available("2.0");
  await changeRows(
    site.dir,
    "UPDATE resource SET checksumHex = ? WHERE resourceId = ?",
    "0".repeat(128),
    resourceId,
  );
  expect((await verify(evidenceId)).differences).toEqual([
    expect.stringMatching(
      /^The checksum that is kept of “notes.txt” .* is not the one that it was accepted with/,
    ),
    expect.stringMatching(/“notes.txt” .* are not those that were accepted/),
  ]);
  const [row] = await inDatabase(site.dir, async (run) => {
    const { rows } = await run<object>("SELECT * FROM resource WHERE resourceId = ?", resourceId);
    await run("DELETE FROM resource WHERE resourceId = ?", resourceId);
    return rows;
  });
  expect(await verify(evidenceId)).toMatchObject({
    outcome: "failed",
    differences: [`A file of the evidence (${resourceId}) is not known any more.`],
  });
  const added = { ...row, seq: 999_999, resourceId: "added", name: "added.txt" };
  const columns = Object.keys(added);
  const values = columns.map(() => "?").join(", ");
  const insert = `INSERT INTO resource (${columns.join(", ")}) VALUES (${values})`;
  await changeRows(site.dir, insert, ...Object.values(added));
  expect((await verify(evidenceId)).differences).toContainEqual(
    expect.stringMatching(/^“added.txt” .* was not there when the evidence was completed/),
  );
});

test.each([
  ["its encryption is no JSON", "UPDATE blob SET metadataJson = '{' WHERE blobName = ?"],
  ["its encryption is no text", `UPDATE blob SET metadataJson = '{"encryptiondata":5}' WHERE blobName = ?`],
  ["its length is said to be nothing", "UPDATE blob SET lengthBytes = 0 WHERE blobName = ?"],
  ["it is not known where it lies", "DELETE FROM blockList WHERE blobName = ?"],
  [
    "it is said to lie elsewhere",
    "UPDATE committedBlock SET fileName = '../../keys.json' WHERE list = (SELECT list FROM blockList WHERE blobName = ?)",
  ],
  ["it is not known", "DELETE FROM blob WHERE blobName = ?"],
  ["its checksum is of no known kind", "UPDATE resource SET checksumAlgorithm = 'Md5' WHERE resourceId = ?"],
])("a file of which %s is named by Verify, and fails no request", async (_what, statement) => {
  const { evidenceId, resourceId } = await available("2.0");
  expect(await changeRows(site.dir, statement, resourceId)).toBe(1);
  const { outcome, differences } = await verify(evidenceId);
  expect(outcome).toBe("failed");
  expect(differences.join()).toContain("notes.txt");
  for (const ending of ["content", "encrypted"]) {
    const answer = await site.download(evidenceId, `resource/${resourceId}/${ending}`);
    expect(answer.status).toBeLessThan(500);
    expect((await answer.text().catch(String)).includes("keyStoreKey")).toBe(false);
  }
});

test("a file that cannot be read is a refusal when it is downloaded, not a failure of the service", async () => {
  const { evidenceId, resourceId } = await available("2.0");
  const stored = await storedFile(resourceId);
  await rm(stored);
  const pipe = async () => {
    await rm(stored);
    execFileSync("mkfifo", [stored]);
  };
  for (const damage of [async () => undefined, () => symlink(stored, stored), pipe]) {
    await damage();
    for (const ending of ["content", "encrypted"]) {
      const answer = await site.download(evidenceId, `resource/${resourceId}/${ending}`);
      expect([answer.status, await answer.json()]).toMatchObject([409, { code: "FILE_DAMAGED" }]);
    }
  }
});

test("what others leave beside the stored files keeps the service from nothing, and stays", async () => {
  const { resourceId } = await available("2.0");
  const blobs = join(site.dir, "blobs");
  const folders = ["lost+found", "@eaDir", join(resourceId, "@eaDir")].map((name) => join(blobs, name));
  for (const folder of folders) await mkdir(folder);
  const files = [
    join(blobs, ".DS_Store"),
    join(blobs, resourceId, ".DS_Store"),
    join(folders[0] ?? "", "#12"),
  ];
  for (const file of files) await writeFile(file, "a file browser's");
  // What is this service's own, and nobody's any more, goes.
  const orphans = [
    join(blobs, resourceId, "0".repeat(24)),
    join(blobs, resourceId, `${"1".repeat(24)}.part`),
  ];
  for (const file of orphans) await writeFile(file, "left");
  await site.restart();
  for (const left of [...folders, ...files])
    expect((await stat(left)).isDirectory()).toBe(folders.includes(left));
  for (const orphan of orphans) await expect(stat(orphan)).rejects.toThrow("ENOENT");
});

test.skipIf(process.getuid?.() === 0)(
  "a folder that cannot be read keeps the service from no other file (not as root)",
  async () => {
    const [lost, other] = [await available("2.0"), await available("2.0")];
    const folder = join(site.dir, "blobs", lost.resourceId);
    const statusOf = async ({ evidenceId, resourceId }: typeof lost) =>
      (await site.download(evidenceId, `resource/${resourceId}/content`)).status;
    await chmod(folder, 0);
    try {
      await site.restart();
      expect([await statusOf(lost), await statusOf(other)]).toEqual([409, 200]);
    } finally {
      await chmod(folder, 0o700);
    }
    expect(await statusOf(lost)).toBe(200);
  },
);

test("a person verifies one evidence at a time, and one that nobody waits for ends", async () => {
  const { evidenceId } = await available("1.0");
  const headers = { cookie, [WEB_CHANGE_HEADER]: "1" };
  const url = `${site.service.url}/web/api/evidence/${evidenceId}/verification`;
  const answers = await Promise.all(
    Array.from({ length: 4 }, async () => (await fetch(url, { method: "POST", headers })).status),
  );
  expect(answers.toSorted((a, b) => a - b)).toEqual([200, 429, 429, 429]);
  const left = new AbortController();
  const asked = fetch(url, { method: "POST", headers, signal: left.signal });
  left.abort();
  await expect(asked).rejects.toThrow();
  await expect.poll(async () => (await fetch(url, { method: "POST", headers })).status).toBe(200);
});
