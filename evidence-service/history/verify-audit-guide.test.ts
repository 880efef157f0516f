/** docs/guides/verify-audit.md, line by line, on a receipt and on an exported trail. */
import { execFile } from "node:child_process";
import { mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, expect, test } from "vitest";
import { auditReport } from "../audit/audit-report.ts";
import { TestSite } from "../testing/test-site.ts";
import { gapsIn } from "./evidence-receipt.ts";

const GUIDE = new URL("../../docs/guides/verify-audit.md", import.meta.url);

let site: TestSite;
let lines: string;
let expectedKey: string;
const files = new Map<string, string>();
beforeAll(async () => {
  site = await TestSite.start();
  const answer = await fetch(`${site.service.url}/web/api/sign-in`, {
    method: "POST",
    headers: { "x-evidence-desk": "1", "content-type": "application/json" },
    body: JSON.stringify({ username: "investigator", password: "investigator" }),
  });
  const cookie = answer.headers.getSetCookie()[0]?.split(";")[0] ?? "";
  const read = async (path: string): Promise<string> =>
    (await fetch(`${site.service.url}${path}`, { headers: { cookie } })).text();
  const { EvidenceId } = await site.createEvidence({ Name: 'Gate "A" / Süd', CaseId: "demo-case-2" });
  await site.createResource(EvidenceId);
  files.set("receipt", await read(`/web/api/evidence/${EvidenceId}/receipt`));
  files.set("receipt of a case", await read("/web/api/cases/demo-case-2/receipt"));
  files.set("audit", await read("/web/api/audit/export/json"));
  await site.service.signAuditHead();
  const report = (await auditReport(site.dir)).lines.join("\n");
  expectedKey = /SHA-256 ([0-9a-f]{64})/.exec(report)?.[1] ?? "";
  const blocks = (await readFile(GUIDE, "utf8")).matchAll(/^```sh\n(.*?)^```$/gms);
  lines = Array.from(blocks, ([, text]) => text ?? "").join("");
});
afterAll(() => site.stop());

async function check(text: string, key = expectedKey): Promise<{ status: number; output: string }> {
  const cwd = await mkdtemp(join(tmpdir(), "verify-audit-"));
  await writeFile(join(cwd, "signed-file.json"), text);
  const env = { ...process.env, EXPECTED_KEY_SHA256: key };
  const found = await new Promise<{ status: number; output: string }>((resolve) => {
    execFile("sh", ["-c", lines], { cwd, env }, (error, stdout, stderr) =>
      resolve({ status: Number(error?.code ?? 0), output: stdout + stderr }),
    );
  });
  await rm(cwd, { recursive: true });
  return found;
}

test.each(["receipt", "receipt of a case", "audit"])(
  "the guide's lines find a signed file right, and any change of it: %s",
  async (name) => {
    const text = files.get(name) ?? "";
    const right = await check(text);
    expect([right.status, right.output]).toEqual([
      0,
      expect.stringContaining("OK: the file is as it was signed"),
    ]);
    expect(right.output).toContain("OK: the key is the service's");
    expect(await check(text, "0".repeat(64))).toMatchObject({ status: 1 });
    const bytes = Buffer.from(text);
    for (let at = 3; at < bytes.length; at += Math.ceil(bytes.length / 12)) {
      const changed = Buffer.from(bytes);
      changed[at] = (changed[at] ?? 0) ^ 1;
      expect([at, (await check(changed.toString("latin1"))).status]).toEqual([at, 1]);
    }
  },
);

test("a receipt says what the evidence is, its files, what is missing and where the trail stood", async () => {
  const { receipt } = JSON.parse(files.get("receipt") ?? "{}");
  expect(receipt).toMatchObject({
    evidence: { name: 'Gate "A" / Süd', caseId: "demo-case-2" },
    files: [{ name: "segment-1.mp4", isComplete: false, checksum: null }],
    gaps: [{ startUtc: "2026-11-23T10:00:00.000Z", endUtc: "2026-11-23T10:02:00.000Z" }],
    verification: null,
    by: "user:investigator",
  });
  const ofCase = JSON.parse(files.get("receipt of a case") ?? "{}").receipt;
  expect(ofCase).toMatchObject({ case: { CaseId: "demo-case-2" }, evidence: [{ files: receipt.files }] });
  const { audit } = JSON.parse(files.get("audit") ?? "{}");
  const told = audit.entries.find(({ seq }: { seq: number }) => seq === receipt.trail.seq);
  expect(told).toMatchObject({ action: "RECEIPT_GIVEN", hash: receipt.trail.hash });
});

test("gaps are what no file covers", () => {
  const range = { startUtcMs: 0, endUtcMs: 100 };
  const file = (startUtcMs: number, endUtcMs: number) => ({ startUtcMs, endUtcMs });
  expect(gapsIn(range, [])).toEqual([range]);
  expect(gapsIn(range, [file(-5, 105)])).toEqual([]);
  expect(gapsIn(range, [file(50, 70), file(10, 20), file(15, 30)])).toEqual([
    file(0, 10),
    file(30, 50),
    file(70, 100),
  ]);
  expect(gapsIn(range, [file(120, 130)])).toEqual([range]);
});
