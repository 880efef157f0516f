import { afterAll, afterEach, beforeEach, describe, expect, test } from "vitest";
import type { Principal } from "../http/principal.ts";
import { rightsOfAccount } from "../rights/rights-of-account.ts";
import { changePolicy } from "../rights/policies.ts";
import type { Metadata } from "../storage/metadata-tables.ts";
import { type TestEngine, testEngines } from "../testing/engines.ts";
import { NO_PASSWORD } from "../web/passwords.ts";
import { givePersonRights } from "./given-rights.ts";
import {
  addGroup,
  giveGroupRights,
  listGroups,
  membersOf,
  removeGroup,
  renameGroup,
  setMember,
} from "./group-records.ts";
import { lockPerson } from "./person-records.ts";

const engines = await testEngines();
afterAll(async () => {
  for (const engine of engines) await engine.close();
});

const principal = { kind: "user", id: "chief", name: "Chief" } as Principal;
const by = { principal, atUtcMs: Date.UTC(2026, 10, 23, 10) };
const LAST = { code: "LAST_ADMINISTRATOR" };

describe.each(engines.map((engine) => [engine.name, engine] as const))("groups in %s", (_, engine) => {
  let opened: TestEngine;
  let db: Metadata;
  beforeEach(async () => {
    opened = await engine.open();
    ({ db } = opened);
    for (const username of ["chief", "mara"])
      await db
        .insertInto("webUser")
        .values({ username, fullName: username, passwordHash: NO_PASSWORD })
        .execute();
    await givePersonRights(db, { username: "chief", rights: ["administer-people", "oversee"] }, by);
  });
  afterEach(() => opened.close());

  const rightsOf = (id: string) => rightsOfAccount(db, { kind: "user", id });

  test("people have the rights of their groups, as long as they are in them", async () => {
    const groupId = await addGroup(db, "Night shift", by);
    await giveGroupRights(db, { groupId, rights: ["create-cases"] }, by);
    expect(await rightsOf("mara")).toEqual([]);
    for (const isMember of [true, true]) await setMember(db, { groupId, username: "mara", isMember }, by);
    expect(await rightsOf("mara")).toEqual(["create-cases"]);
    expect(await listGroups(db, "mara")).toMatchObject([{ name: "Night shift", members: 1 }]);
    expect(await listGroups(db, "chief")).toEqual([]);
    await setMember(db, { groupId, username: "mara", isMember: false }, by);
    expect(await rightsOf("mara")).toEqual([]);
    const nobody = setMember(db, { groupId, username: "nobody", isMember: true }, by);
    await expect(nobody).rejects.toMatchObject({ code: "NOT_FOUND" });
    const entries = await db.selectFrom("audit").select("entryJson").orderBy("seq").execute();
    expect(entries.map(({ entryJson }) => (JSON.parse(entryJson) as { action: string }).action)).toEqual([
      ...["RIGHTS_CHANGED", "GROUP_ADDED", "GROUP_RIGHTS_CHANGED", "MEMBER_ADDED", "MEMBER_REMOVED"],
    ]);
  });

  test("no two groups read alike, and one that gives something is not removed", async () => {
    const groupId = await addGroup(db, "Night shift", by);
    await expect(addGroup(db, " NIGHT  shift", by)).rejects.toMatchObject({ code: "GROUP_THERE" });
    await renameGroup(db, { groupId, name: "NIGHT SHIFT" }, by);
    await setMember(db, { groupId, username: "mara", isMember: true }, by);
    await giveGroupRights(db, { groupId, rights: ["oversee"] }, by);
    await expect(removeGroup(db, groupId, by)).rejects.toMatchObject({ code: "GROUP_HAS_RIGHTS" });
    await giveGroupRights(db, { groupId, rights: [] }, by);
    const unfiled = { kind: "unfiled", id: "" } as const;
    const grant = { level: "view", fromUtcMs: null, untilUtcMs: null, recordedFromUtcMs: null } as const;
    const change = { principal, scope: unfiled, holder: { kind: "group", id: groupId } } as const;
    const rights = { db, now: () => by.atUtcMs };
    await changePolicy(rights, { ...change, grant });
    await expect(removeGroup(db, groupId, by)).rejects.toMatchObject({ code: "GROUP_HAS_RIGHTS" });
    await changePolicy(rights, { ...change, grant: null });
    await removeGroup(db, groupId, by);
    expect([await listGroups(db), await membersOf(db, groupId)]).toEqual([[], []]);
    const left = await db.selectFrom("rightHolder").selectAll().where("kind", "=", "group").execute();
    expect(left).toEqual([]);
  });

  test("whichever way the last one would stop to administer people, it is refused and undone", async () => {
    await expect(givePersonRights(db, { username: "chief", rights: ["oversee"] }, by)).rejects.toMatchObject(
      LAST,
    );
    const groupId = await addGroup(db, "Administrators", by);
    await giveGroupRights(db, { groupId, rights: ["administer-people"] }, by);
    // A group with nobody in it lets nobody in.
    await expect(givePersonRights(db, { username: "chief", rights: [] }, by)).rejects.toMatchObject(LAST);
    await setMember(db, { groupId, username: "mara", isMember: true }, by);
    await givePersonRights(db, { username: "chief", rights: [] }, by);
    for (const refused of [
      () => setMember(db, { groupId, username: "mara", isMember: false }, by),
      () => giveGroupRights(db, { groupId, rights: ["oversee"] }, by),
      () => lockPerson(db, "mara", by),
    ])
      await expect(refused()).rejects.toMatchObject(LAST);
    expect(await rightsOf("mara")).toEqual(["administer-people"]);
    await setMember(db, { groupId, username: "chief", isMember: true }, by);
    await lockPerson(db, "mara", by);
    await expect(setMember(db, { groupId, username: "chief", isMember: false }, by)).rejects.toMatchObject(
      LAST,
    );
  });
});
