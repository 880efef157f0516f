/** Whoever has rights in whatever way sees, finds and may do what a model of the same relations says, on both engines. */
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import fc from "fast-check";
import { sql } from "kysely";
import { afterAll, describe, expect, test } from "vitest";
import { LEVELS, type Level } from "../http/actions.ts";
import { PostgresSearch } from "../search/postgres-search.ts";
import type { SearchPort } from "../search/search-port.ts";
import { SqliteSearch } from "../search/sqlite-search.ts";
import { newestSeen } from "../storage/access-index.ts";
import type { Metadata } from "../storage/metadata-tables.ts";
import { openSqliteMetadata } from "../storage/sqlite-metadata.ts";
import { searchTermsOf } from "../storage/search-words.ts";
import { setRights } from "../storage/account-rights.ts";
import { testEngines } from "../testing/engines.ts";
import { CASES, enterWorld, EVIDENCE, ModelWorld, type Step, steps, USERS } from "../testing/rights-world.ts";
import { may } from "./may.ts";
import { changePolicy } from "./policies.ts";
import { sightOf } from "./sight.ts";

const engines = await testEngines();
afterAll(async () => {
  for (const engine of engines) await engine.close();
});

interface World {
  readonly db: Metadata;
  readonly search: SearchPort;
  readonly close: () => Promise<void>;
}

/** The thread that searches reads the file. */
async function inSqlite(): Promise<World> {
  const dir = await mkdtemp(join(tmpdir(), "rights-"));
  const file = join(dir, "evidence.sqlite");
  const db = openSqliteMetadata(file);
  const search = new SqliteSearch(file);
  const close = async (): Promise<void> => {
    await search.close();
    await db.destroy();
    await rm(dir, { recursive: true });
  };
  return { db, search, close };
}

const worlds = engines.map((engine): [string, () => Promise<World>] => [
  engine.name,
  engine.name === "SQLite"
    ? inSqlite
    : async () => {
        const { db, close } = await engine.open();
        return { db, search: new PostgresSearch(db), close };
      },
]);

const NOBODY_IN_PARTICULAR = { kind: "service", id: "test", name: "Test" } as const;
/** Before and after what policies say of instants. */
const INSTANTS = [0, 4, 8, 20];
const LEVEL_ACTIONS: readonly (readonly [Level, "read-evidence" | "download-evidence" | "link-evidence"])[] =
  [
    ["view", "read-evidence"],
    ["download", "download-evidence"],
    ["edit", "link-evidence"],
  ];

async function take(db: Metadata, step: Step): Promise<void> {
  switch (step.do) {
    case "grant":
      return changePolicy({ db, now: () => 0 }, { principal: NOBODY_IN_PARTICULAR, ...step });
    case "file":
      await db
        .updateTable("evidence")
        .set({ caseId: step.into })
        .where("evidenceId", "=", step.evidence)
        .execute();
      return;
    case "join":
      await db
        .insertInto("groupMember")
        .values({ username: step.user, groupId: step.group })
        .onConflict((conflict) => conflict.doNothing())
        .execute();
      return;
    case "leave":
      await db
        .deleteFrom("groupMember")
        .where("username", "=", step.user)
        .where("groupId", "=", step.group)
        .execute();
  }
}

/** Starts anew: no policy, and no evidence in a case. */
async function clear(db: Metadata): Promise<void> {
  await db.deleteFrom("accessIndex").execute();
  await db.deleteFrom("accessPolicy").execute();
  await db.deleteFrom("groupMember").execute();
  await db.updateTable("evidence").set({ caseId: null }).execute();
  await db
    .updateTable("caseFile")
    .set((row) => ({ searchText: row.ref("searchText") }))
    .execute();
}

async function seenBy({ db, search }: World, user: string, atUtcMs: number) {
  const principal = { kind: "user", id: user, name: user } as const;
  const rights = { db, now: () => atUtcMs };
  const page = { below: Number.MAX_SAFE_INTEGER, limit: 50 };
  const found: Record<string, string[]> = {};
  for (const [list, kinds] of [
    ["evidence", ["filed", "loose"]],
    ["cases", ["case"]],
  ] as const) {
    const sight = await sightOf(rights, principal, list);
    if (sight.all) throw new Error("Nobody oversees here.");
    const { rows } = await newestSeen({ kinds, sight }, { ...page, own: null }).execute(db);
    const terms = searchTermsOf("found");
    const searched = terms === null ? [] : await search.find(list, { terms, sight, ...page });
    found[list] = await namesOf(
      db,
      list,
      rows.map(({ seq }) => seq),
    );
    found[`${list} searched`] = await namesOf(db, list, searched);
  }
  return found;
}

async function namesOf(db: Metadata, list: "evidence" | "cases", seqs: readonly number[]): Promise<string[]> {
  const table = sql.table(list === "evidence" ? "evidence" : "caseFile");
  const { rows } = await sql<{ seq: number; name: string }>`SELECT "seq", "name" FROM ${table}`.execute(db);
  const names = new Map(rows.map(({ seq, name }) => [seq, name]));
  return seqs.map((seq) => names.get(seq) ?? `row ${seq}`).toSorted();
}

const IS_LONG = process.env["EVIDENCE_DESK_LONG_TESTS"] === "1";
/** Each statement is a way to another process there. */
const SHORT = { SQLite: 12, PostgreSQL: 3 } as const;

describe.each(worlds)("in %s", (name, open) => {
  test("lists, searches and single questions agree with the relations", { timeout: 600_000 }, async () => {
    const world = await open();
    await enterWorld(world.db);
    // An overseer is there, so that nobody has to manage.
    await world.db
      .transaction()
      .execute((transaction) => setRights(transaction, { kind: "user", id: "overseer" }, ["oversee"]));
    const property = fc.asyncProperty(steps, async (taken) => {
      await clear(world.db);
      const model = new ModelWorld();
      for (const step of taken) {
        model.take(step);
        await take(world.db, step);
      }
      for (const user of USERS) {
        for (const atUtcMs of INSTANTS) await agree(world, model, { user, atUtcMs });
      }
    });
    await fc.assert(property, {
      numRuns: IS_LONG ? 300 : name === "SQLite" ? SHORT.SQLite : SHORT.PostgreSQL,
    });
    await world.close();
  });
});

async function agree(
  world: World,
  model: ModelWorld,
  { user, atUtcMs }: { readonly user: string; readonly atUtcMs: number },
): Promise<void> {
  const evidence = EVIDENCE.filter((id) => model.onEvidence(user, id, atUtcMs) > 0);
  const cases = CASES.filter((id) => model.onCase(user, id, atUtcMs) > 0);
  expect(await seenBy(world, user, atUtcMs)).toEqual({
    ...{ evidence, "evidence searched": evidence },
    ...{ cases, "cases searched": cases },
  });
  const principal = { kind: "user", id: user, name: user } as const;
  const rights = { db: world.db, now: () => atUtcMs };
  for (const id of EVIDENCE) {
    const most = model.onEvidence(user, id, atUtcMs);
    for (const [level, action] of LEVEL_ACTIONS) {
      const { isAllowed, isSeen } = await may(rights, principal, { action, id });
      expect({ id, action, isAllowed, isSeen }).toEqual({
        ...{ id, action, isAllowed: most >= LEVELS[level], isSeen: most > 0 },
      });
    }
  }
  for (const id of CASES) {
    const { isAllowed } = await may(rights, principal, { action: "close-case", id });
    expect({ id, isAllowed }).toEqual({ id, isAllowed: model.onCase(user, id, atUtcMs) >= LEVELS.manage });
  }
}
