import { createHash, randomBytes } from "node:crypto";
import { appendFile, mkdtemp, readdir, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { BlockBlobClient } from "@azure/storage-blob";
import SqliteDatabase from "better-sqlite3";
import { afterEach, beforeEach, expect, test } from "vitest";
import { startEvidenceService } from "../evidence-service.ts";
import { encryptGcm } from "../testing/encrypt.ts";
import { TestSite } from "../testing/test-site.ts";
import { changeRows, inDatabase, isOnPostgres, rowsOf } from "../testing/rows.ts";
import { auditReport } from "./audit-report.ts";

let site: TestSite;
let evidenceId: string;
beforeEach(async () => {
  site = await TestSite.start();
  const { EvidenceId } = await site.createEvidence({ CaseId: "demo-case-2" });
  evidenceId = EvidenceId;
  const file = encryptGcm(randomBytes(1_000), await site.publicKey(), 1 << 20);
  const { Uri, ResourceId } = await site.uploadAddress(EvidenceId, { Name: "a.txt", MimeType: "text/plain" });
  await new BlockBlobClient(Uri).uploadData(file.bytes, { metadata: file.metadata });
  await site.completeResource(EvidenceId, ResourceId);
  await site.completeEvidence(EvidenceId, { [ResourceId]: file.sha512 });
  await expect.poll(async () => (await site.readEvidence(EvidenceId)).LifecycleState).toBe("Available");
});
afterEach(async () => {
  await site.stop();
});

async function change(sql: string): Promise<void> {
  for (const statement of sql.split(";")) await changeRows(site.dir, statement);
}

/** As somebody who can write the database and knows how the chain is made. */
function computeAnew(): Promise<void> {
  return inDatabase(site.dir, async (run) => {
    const { rows } = await run<{ seq: number; entryJson: string }>("SELECT * FROM audit ORDER BY seq");
    let prevHash = "0".repeat(64);
    for (const { seq, entryJson } of rows) {
      const hash = createHash("sha256").update(`${seq}\n${prevHash}\n${entryJson}`).digest("hex");
      await run("UPDATE audit SET prevHash = ?, hash = ? WHERE seq = ?", prevHash, hash, seq);
      prevHash = hash;
    }
  });
}

const words = async (): Promise<string> => (await auditReport(site.dir)).lines.join("\n");
const heads = (): string => join(site.dir, "audit-heads.jsonl");

test("an untouched trail is whole, while the service runs and after it stopped", async () => {
  await site.service.signAuditHead();
  expect(await auditReport(site.dir)).toMatchObject({ isWhole: true });
  await site.restart();
  await site.createEvidence({ ExternalId: "later" });
  expect(await auditReport(site.dir)).toMatchObject({ isWhole: true });
  expect(await words()).toMatch(/2 signed heads; [1-9]\d* entries since the last one/);
});

test("a tail that was cut, a trail that was emptied and one that was computed anew are found", async () => {
  await site.service.signAuditHead();
  await change("DELETE FROM audit WHERE seq > (SELECT max(seq) - 3 FROM audit)");
  expect(await words()).toMatch(/\d+ entries were signed on .*; there are only \d+\./);
  await change(`UPDATE audit SET entryJson = replace(entryJson, 'system', 'nobody') WHERE seq = 2`);
  expect(await words()).toContain("Entry 2 does not agree with the one before it.");
  await change("DELETE FROM audit");
  expect(await words()).toContain("there are only 0.");
});

test("a chain that was computed anew is not the one whose head was signed", async () => {
  await site.service.signAuditHead();
  await change(`UPDATE audit SET entryJson = replace(entryJson, 'system', 'nobody') WHERE seq = 2`);
  await computeAnew();
  expect(await words()).toMatch(
    /Entry \d+ is not the one that was signed on .*: the chain was computed anew/,
  );
});

test("heads that are altered, taken out or all gone are found; a line that a power cut left is none", async () => {
  await site.service.signAuditHead();
  await site.createEvidence({ ExternalId: "b" });
  await site.service.signAuditHead();
  const whole = await readFile(heads(), "utf8");
  await appendFile(heads(), '{"seq": 4');
  expect(await auditReport(site.dir)).toMatchObject({ isWhole: true });
  await site.createEvidence({ ExternalId: "c" });
  await site.service.signAuditHead();
  expect(await auditReport(site.dir)).toMatchObject({ isWhole: true });
  await writeFile(heads(), whole.replace(/"seq":\d+/, '"seq":1'));
  expect(await words()).toContain("The signed head 1 is not signed with this service's key.");
  await writeFile(heads(), whole.split("\n").slice(1).join("\n"));
  expect(await words()).toContain("The signed head 1 does not follow the one before it.");
  await rm(heads());
  expect(await words()).toContain("No head of this trail was ever signed.");
});

test.each([
  ["UPDATE evidence SET name = 'Other'", /The evidence “Other” .* was changed/],
  ["UPDATE evidence SET startUtcMs = startUtcMs - 60000", /The evidence .* was changed/],
  ["UPDATE evidence SET caseId = 'demo-case-3'", /is in another case than the trail says/],
  ["UPDATE evidence SET lifecycleState = 'Failed'", /is Failed; the trail says Available/],
  ["UPDATE evidence SET completionJson = NULL", /its completion was changed/],
  ["UPDATE evidence SET completionJson = completionJson || ' '", /the checksums .* were changed/],
  [
    "UPDATE caseFile SET state = 'Open'",
    /The case “Damaged ticket machine” .* is Open; the trail says Closed/,
  ],
  ["UPDATE caseFile SET recordNumber = 'R9' WHERE caseId = 'demo-case-2'", /The case .* was changed/],
  ["DELETE FROM caseFile WHERE caseId = 'demo-case-3'", /The case demo-case-3 is missing/],
  ["UPDATE resource SET name = 'other' WHERE state <> 'Derived'", /The file “other” .* was changed/],
  ["UPDATE resource SET lengthBytes = 1 WHERE state <> 'Derived'", /has another length than the trail says/],
  [`UPDATE resource SET checksumHex = '00' WHERE state <> 'Derived'`, /has another checksum/],
  [
    "UPDATE blob SET metadataJson = replace(metadataJson, 'AES_GCM_256', 'AES_CBC_256')",
    /The file .*: how it is decrypted was changed/,
  ],
  ["UPDATE blob SET metadataJson = '{}'", /The file .*: how it is decrypted was changed/],
  [
    "UPDATE resource SET encryptionProtocol = '1.0' WHERE state <> 'Derived'",
    /The file .*: how it is decrypted was changed/,
  ],
  ["DELETE FROM resource", /The file .* is missing/],
  ["UPDATE evidence SET lifecycleDetail = 'Whole.'", /what is said of its state was changed/],
  [
    "UPDATE resource SET state = 'Created' WHERE state <> 'Derived'",
    /The file .* is Created; the trail says otherwise/,
  ],
  [
    "INSERT INTO deviceKey VALUES ('console', 'planted', 'AAAA', 'Console', 0)",
    /The key of the console “Console” \(planted\) was never registered/,
  ],
  ["DELETE FROM resource; DELETE FROM evidence", /The evidence .* is missing/],
  ["UPDATE verification SET outcome = 'verified'", /what its latest verification found was changed/],
  ["DELETE FROM verification", /what its latest verification found was changed/],
])("what was changed beside the service is found: %s", async (sql, wanted) => {
  await site.service.signAuditHead();
  await change(sql);
  expect(await words()).toMatch(wanted);
});

test("an evidence that nobody announced is found", async () => {
  await site.service.signAuditHead();
  const copied = `principalId, name, description, startUtcMs, endUtcMs, caseId, deviceJson, createdBy, createdUtcMs,
    lifecycleState, lifecycleDetail, completionJson, searchText, createdOnBehalfOf`;
  await change(`INSERT INTO evidence (seq, evidenceId, externalId, ${copied})
    SELECT 999, 'planted', 'x', ${copied} FROM evidence WHERE evidenceId = '${evidenceId}'`);
  expect(await words()).toContain("(planted) was never created.");
});

test.each([
  ["DELETE FROM auditIndex WHERE seq = 3", "differs from the trail at entry 3"],
  [
    "UPDATE auditIndex SET actor = 'system' WHERE action = 'EVIDENCE_CREATED'",
    "differs from the trail at entry",
  ],
  ["UPDATE auditIndex SET caseId = 'demo-case-9' WHERE action = 'CASE_CREATED'", "differs from the trail at"],
  ["DELETE FROM auditScope WHERE scope = 'case:demo-case-2'", "differs from the trail at entry"],
  ["INSERT INTO auditScope VALUES ('user:olga', 2)", "has entries that the trail has not"],
])("an index that says something else than the trail is found: %s", async (sql, wanted) => {
  await site.service.signAuditHead();
  expect(await auditReport(site.dir)).toMatchObject({ isWhole: true });
  await change(sql);
  expect(await words()).toContain(wanted);
});

test("entries that a service of before wrote are not missing in the index: they are yet to be taken up", async () => {
  await site.service.signAuditHead();
  await change("DELETE FROM auditIndex WHERE seq > 4; DELETE FROM auditScope WHERE seq > 4");
  expect(await auditReport(site.dir)).toMatchObject({ isWhole: true });
  await site.restart();
  const missing = "SELECT (SELECT max(seq) FROM audit) - (SELECT max(seq) FROM auditIndex) AS missing";
  await expect
    .poll(async () => Number((await rowsOf<{ missing: number }>(site.dir, missing))[0]?.missing))
    .toBe(0);
  expect(await auditReport(site.dir)).toMatchObject({ isWhole: true });
});

test("a folder that holds no service is refused, and stays as it is", async () => {
  const dir = await mkdtemp(join(tmpdir(), "no-service-"));
  await expect(auditReport(dir)).rejects.toMatchObject({ code: "NO_SERVICE" });
  expect(await readdir(dir)).toEqual([]);
  await rm(dir, { recursive: true });
});

test.skipIf(isOnPostgres)(
  "tables of another version of the program are named, and stay as they are when the trail is read",
  async () => {
    await site.service.close();
    const database = new SqliteDatabase(join(site.dir, "evidence.sqlite"));
    const version = () => Number(database.pragma("user_version", { simple: true }));
    const known = version();
    database.exec("DROP INDEX assertionsOfAccount; ALTER TABLE usedAssertion DROP COLUMN usedWatchedMs");
    database.pragma(`user_version = ${known - 1}`);
    await expect(auditReport(site.dir)).rejects.toMatchObject({ code: "SCHEMA_EARLIER" });
    expect(version()).toBe(known - 1);
    database.pragma(`user_version = ${known + 1}`);
    await expect(auditReport(site.dir)).rejects.toMatchObject({ code: "SCHEMA_LATER" });
    await expect(startEvidenceService({ dir: site.dir, port: 0 })).rejects.toMatchObject({
      code: "SCHEMA_LATER",
    });
    database.close();
  },
);
