/** What the proof of several services finds where something is wrong: evidence that failed, and what is there twice. */
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, expect, test } from "vitest";
import { startEvidenceService, type EvidenceService } from "#evidence-service/evidence-service.ts";
import { seedDemo } from "#evidence-service/testing/demo-seed.ts";
import { inDatabase } from "#evidence-service/testing/rows.ts";
import { giveRole } from "#evidence-service/testing/test-site.ts";
import { footageOf } from "../conformance/sending-console.ts";
import { Consoles } from "./consoles.ts";
import { evidenceIds, notOnce } from "./doubled.ts";

let [dir, service]: [string, EvidenceService | null] = ["", null];
beforeAll(async () => {
  dir = await mkdtemp(join(tmpdir(), "doubled-"));
  await seedDemo({ dir });
  service = await startEvidenceService({ dir, port: 0, logLevel: "silent" });
  await giveRole(dir, "integration");
});
afterAll(async () => {
  await service?.close();
  await rm(dir, { recursive: true, force: true });
});

/** One console that sends one evidence. */
async function sent(footage?: () => Buffer) {
  if (service === null) throw new Error("There is no service.");
  const before = await evidenceIds(dir);
  const consoles = await Consoles.start(1, service, footage);
  await consoles.sendUntil(performance.now() + 1);
  expect(consoles.failures).toEqual([]);
  const left = await consoles.notAvailable({ standsStillMs: 20_000 });
  await consoles.stop();
  const [one] = consoles.sent;
  if (one === undefined) throw new Error("Nothing was sent.");
  return { one, left, given: { dir, before, created: consoles.created, acknowledged: consoles.sent } };
}

test("evidence that failed is not taken for available", async () => {
  const { one, left, given } = await sent(() => footageOf(100_000));
  expect(left).toEqual([expect.stringContaining(`${one.evidenceId} has failed: `)]);
  expect((await notOnce(given)).join()).toContain(`has 0 times EVIDENCE_CONSOLIDATED of ${one.evidenceId}`);
});

test("evidence, files and entries of the trail that are there twice, or no more, are found", async () => {
  const { one, left, given } = await sent();
  expect([left, await notOnce(given)]).toEqual([[], []]);
  await inDatabase(dir, async (run) => {
    const twice = async (table: string, own: Readonly<Record<string, string>>, where: string) => {
      const [row] = (await run<Record<string, unknown>>(`SELECT * FROM ${table} WHERE ${where}`)).rows;
      const { seq: _, ...values } = { ...row, ...own };
      const names = Object.keys(values);
      const places = names.map(() => "?").join(", ");
      await run(`INSERT INTO ${table} (${names.join(", ")}) VALUES (${places})`, ...Object.values(values));
    };
    const { evidenceId, resourceId } = one;
    await twice("evidence", { evidenceId: "other", externalId: "other" }, `evidenceId = '${evidenceId}'`);
    await twice("resource", { resourceId: "other", externalId: "other" }, `resourceId = '${resourceId}'`);
    const entry = `entryJson LIKE '%"EVIDENCE_COMPLETED"%${evidenceId}%'`;
    await run(`INSERT INTO audit (seq, prevHash, entryJson, hash)
      SELECT 100000, prevHash, entryJson, 'other' FROM audit WHERE ${entry}`);
  });
  const found = await notOnce({ ...given, created: [...given.created, "never"] });
  expect(found).toEqual([
    "The evidence other is there, and no console has it.",
    "The evidence never is gone.",
    `The evidence ${one.evidenceId} has 2 files, and 3 with its video.`,
    expect.stringMatching(/^Two files have the same bytes/),
    `The audit trail has 2 times EVIDENCE_COMPLETED of ${one.evidenceId}.`,
  ]);
});
