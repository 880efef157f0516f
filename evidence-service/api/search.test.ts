import { join } from "node:path";
import SqliteDatabase from "better-sqlite3";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { caseSchema } from "#shared/clearance-api/case.ts";
import { evidencePageSchema } from "#shared/clearance-api/evidence.ts";
import { WEB_CHANGE_HEADER, webEvidencePageSchema } from "#shared/web-api/web-api.ts";
import { SqliteSearch } from "../search/sqlite-search.ts";
import { EVERYTHING } from "../storage/access-index.ts";
import { BEFORE_ASSERTIONS_WERE_WATCHED } from "../testing/earlier-tables.ts";
import { isOnPostgres } from "../testing/rows.ts";
import { TestSite } from "../testing/test-site.ts";

describe("search", () => {
  let site: TestSite;
  beforeAll(async () => {
    site = await TestSite.start();
  });
  afterAll(() => site.stop());

  async function find(text: string, more: Readonly<Record<string, string>> = {}) {
    const query = new URLSearchParams({ text, ...more }).toString();
    const { body } = await site.call("GET", `/documents/api/v1/tenant/TENANT/evidence?${query}`);
    const page = evidencePageSchema.parse(body);
    return { names: page.Evidence.map(({ Name }) => Name), continuation: page.Continuation };
  }

  /** As the web application asks. */
  async function findInNone(text: string): Promise<string[]> {
    const signedIn = await fetch(`${site.service.url}/web/api/sign-in`, {
      method: "POST",
      headers: { "content-type": "application/json", [WEB_CHANGE_HEADER]: "1" },
      body: JSON.stringify({ username: "investigator", password: "investigator" }),
    });
    const cookie = signedIn.headers.getSetCookie()[0]?.split(";")[0] ?? "";
    const address = `${site.service.url}/web/api/evidence?text=${text}&unassigned=true`;
    const answer = await fetch(address, { headers: { cookie } });
    return webEvidencePageSchema.parse(await answer.json()).evidence.map(({ name }) => name);
  }

  async function createCase(Name: string): Promise<string> {
    const empty = { RecordNumber: "K-2026/00417", IncidentNumber: "", Description: "", Location: "" };
    const none = {
      CategoryId: null,
      IncidentStartUtc: null,
      IncidentEndUtc: null,
      Tags: [],
      CustomFields: [],
    };
    const named = { ExternalId: crypto.randomUUID(), Name, DepartmentId: "department-patrol" };
    const { body } = await site.call("POST", "/cases/api/v1/case/TENANT", { ...named, ...empty, ...none });
    return caseSchema.parse(body).CaseId;
  }

  test("evidence is found by beginnings of its words, in any order, whatever their case and accents", async () => {
    for (const Name of ["Zürich Lobby", "Lobby of 東京駅", "100 % loading_dock"])
      await site.createEvidence({ Name });
    expect((await find("lobb")).names).toEqual(["Lobby of 東京駅", "Zürich Lobby"]);
    expect((await find("LOBBY zur")).names).toEqual(["Zürich Lobby"]);
    expect((await find("京駅")).names).toEqual(["Lobby of 東京駅"]);
    expect((await find("dock")).names).toEqual(["100 % loading_dock"]);
    for (const absent of ["obby", "lobby gate", "%", '"', "lobby* OR dock", "NEAR"])
      expect((await find(absent)).names, absent).toEqual([]);
  });

  test("page after page, each once", async () => {
    const names = Array.from({ length: 7 }, (_, index) => `Corridor ${index}`);
    for (const Name of names) await site.createEvidence({ Name });
    const found: string[] = [];
    let continuation: string | null = null;
    do {
      const page = await find("corridor", { limit: "3", ...(continuation === null ? {} : { continuation }) });
      found.push(...page.names);
      ({ continuation } = page);
    } while (continuation !== null);
    expect(found).toEqual(names.toReversed());
  });

  test("within a case, within none, and where an evidence was taken from one case to another", async () => {
    const [first, second] = [await createCase("First"), await createCase("Second")];
    const { EvidenceId } = await site.createEvidence({ Name: "Gangway", CaseId: first });
    await site.createEvidence({ Name: "Gangway alone" });
    expect((await find("gangway", { caseId: first })).names).toEqual(["Gangway"]);
    expect(await findInNone("gangway")).toEqual(["Gangway alone"]);
    await site.call("PUT", `/cases/api/v1/case/TENANT/${second}/evidence/${EvidenceId}`);
    expect((await find("gangway", { caseId: first })).names).toEqual([]);
    expect((await find("gangway", { caseId: second })).names).toEqual(["Gangway"]);
  });

  /** The one that made the index, the one of lists of blocks, and the one of used assertions. */
  const MIGRATIONS_SINCE = 18;

  test.skipIf(isOnPostgres)(
    "rows from before there was an index are found, and rows that go are not",
    async () => {
      await site.createEvidence({ Name: "Ammunition store" });
      await site.createEvidence({ Name: "Ammunition gone" });
      const file = join(site.dir, "evidence.sqlite");
      await site.service.close();
      const older = new SqliteDatabase(file);
      for (const name of [
        "evidenceAdded",
        "evidenceChanged",
        "evidenceRemoved",
        "caseAdded",
        "caseChanged",
        "caseRemoved",
      ])
        older.exec(`DROP TRIGGER IF EXISTS ${name}`);
      older.exec("DROP TABLE evidenceWords; DROP TABLE caseWords; DROP INDEX evidenceOfAccount");
      older.exec("UPDATE evidence SET searchText = lower(name) || char(10) || 'north'");
      // No file was announced: the tables of blocks are as empty as they were then.
      older.exec("DROP TABLE blockList; DROP TABLE stagedBlock; DROP TABLE committedBlock");
      older.exec(`CREATE TABLE block (seq INTEGER PRIMARY KEY AUTOINCREMENT, blobName TEXT NOT NULL, blockId TEXT NOT NULL,
      fileName TEXT NOT NULL, lengthBytes INTEGER NOT NULL, position INTEGER, startByte INTEGER)`);
      older.exec(
        "CREATE INDEX stagedBlock ON block (blobName); CREATE INDEX committedBlock ON block (blobName)",
      );
      older.exec(BEFORE_ASSERTIONS_WERE_WATCHED);
      const version = Number(older.pragma("user_version", { simple: true }));
      older.pragma(`user_version = ${version - MIGRATIONS_SINCE}`);
      older.close();
      await site.restart();
      expect((await find("ammu")).names).toEqual(["Ammunition gone", "Ammunition store"]);
      const inside = new SqliteDatabase(file);
      inside.prepare("DELETE FROM evidence WHERE name = 'Ammunition gone'").run();
      inside.close();
      expect((await find("ammu")).names).toEqual(["Ammunition store"]);
    },
  );

  test("cases are found by number, with and without the zeros in front", async () => {
    await createCase("Numbered");
    for (const text of ["417", "00417", "k 2026 numb"]) {
      const { body } = await site.call(
        "GET",
        `/cases/api/v1/case/TENANT?text=${encodeURIComponent(text)}&limit=1`,
      );
      expect(body).toMatchObject({ Cases: [{ Name: "Numbered" }] });
    }
  });

  test.skipIf(isOnPostgres)(
    "a queue that is too long refuses, and a thread that fails is replaced",
    async () => {
      const search = new SqliteSearch(join(site.dir, "evidence.sqlite"));
      const find = (word: string) =>
        search.find("evidence", {
          ...{ terms: { beginnings: [word], exact: [] }, sight: EVERYTHING },
          ...{ below: 1_000, limit: 1 },
        });
      const many = Array.from({ length: 65 }, () => find("ammu"));
      const settled = await Promise.allSettled(many);
      expect(settled.filter(({ status }) => status === "fulfilled")).toHaveLength(64);
      await expect(many[64]).rejects.toMatchObject({ code: "SEARCH_BUSY", status: 503 });
      await expect(find('no query " (')).rejects.toThrow(/fts5|unterminated/);
      expect(await find("ammu")).toHaveLength(1);
      await search.close();
    },
  );
});
