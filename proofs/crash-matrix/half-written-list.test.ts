import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import SqliteDatabase from "better-sqlite3";
import { afterAll, beforeAll, expect, test } from "vitest";
import { giveRole, TestSite } from "#evidence-service/testing/test-site.ts";
import { ServiceProcess } from "./service-process.ts";

const ENTRIES = 50_000;
let folder: string;
let service: ServiceProcess;

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), "half-written-list-"));
  service = await ServiceProcess.start(join(folder, "service"));
});
afterAll(async () => {
  await service.kill();
  await rm(folder, { recursive: true });
});

const id = (text: string): string => Buffer.from(text).toString("base64");
const list = (block: string, entries: number): string =>
  `<BlockList>${`<Latest>${id(block)}</Latest>`.repeat(entries)}</BlockList>`;

function rows(): Readonly<Record<string, number>> {
  const database = new SqliteDatabase(join(service.dir, "evidence.sqlite"), { readonly: true });
  const counted = database.prepare(
    "SELECT state, count(*) AS blocks FROM blockList JOIN committedBlock USING (list) GROUP BY state",
  );
  const found = counted.all() as { state: string; blocks: number }[];
  database.close();
  return Object.fromEntries(found.map(({ state, blocks }) => [state, blocks]));
}

test("a service killed while the longest list is written has the earlier content, and nothing of the list", async () => {
  await giveRole(service.dir, "integration");
  const site = TestSite.attach(service.dir, `http://${service.target}`, service.connectionFile);
  const { EvidenceId } = await site.createEvidence();
  const { Uri } = await site.uploadAddress(EvidenceId);
  const put = async (query: string, body: string): Promise<number> => {
    const answer = await fetch(`${Uri}${query}`, { method: "PUT", body });
    await answer.arrayBuffer();
    return answer.status;
  };
  const block = (name: string) => `&comp=block&blockid=${encodeURIComponent(id(name))}`;
  expect(await put(block("a"), "old")).toBe(201);
  expect(await put("&comp=blocklist", list("a", 1_200))).toBe(201);
  expect(await put(block("b"), "new!")).toBe(201);
  const answered = put("&comp=blocklist", list("b", ENTRIES)).catch((error: unknown) => error);
  while ((rows()["Unused"] ?? 0) < ENTRIES / 3) await new Promise((resolve) => setImmediate(resolve));
  await service.kill();
  expect(await answered).toBeInstanceOf(Error);
  expect(rows()).toMatchObject({ Committed: 1_200 });
  await service.restart();
  expect(rows()).toEqual({ Committed: 1_200 });
  const head = await fetch(Uri, { method: "HEAD" });
  expect(head.headers.get("content-length")).toBe(String(3 * 1_200));
  // What was staged for it is still there.
  expect(await put("&comp=blocklist", list("b", 2))).toBe(201);
  expect(rows()).toEqual({ Committed: 2 });
}, 60_000);
