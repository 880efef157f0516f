import { afterAll, afterEach, beforeEach, describe, expect, test } from "vitest";
import type { Principal } from "../http/principal.ts";
import { setRights } from "../storage/account-rights.ts";
import type { Metadata } from "../storage/metadata-tables.ts";
import { type TestEngine, testEngines } from "../testing/engines.ts";
import { hashPassword } from "../web/passwords.ts";
import { linkOf, makeLink, readLink, usePersonLink } from "./person-links.ts";
import {
  addPerson,
  changePerson,
  listPeople,
  lockPerson,
  readPerson,
  unlockPerson,
} from "./person-records.ts";
import { refusedSignIns } from "./refused-records.ts";
import { endSignIns, signInsOf } from "./sign-in-records.ts";

const engines = await testEngines();
afterAll(async () => {
  for (const engine of engines) await engine.close();
});

const START_UTC_MS = Date.UTC(2026, 10, 23, 10);
const HOUR_MS = 3_600_000;
const principal = { kind: "user", id: "chief", name: "Chief" } as Principal;
const by = (passedMs = 0) => ({ principal, atUtcMs: START_UTC_MS + passedMs });

describe.each(engines.map((engine) => [engine.name, engine] as const))("people in %s", (_, engine) => {
  let opened: TestEngine;
  let db: Metadata;
  beforeEach(async () => {
    opened = await engine.open();
    ({ db } = opened);
    const chief = { username: "chief", fullName: "Chief", passwordHash: hashPassword("of the chief") };
    await db.insertInto("webUser").values(chief).execute();
    await giveRights("chief");
  });
  afterEach(() => opened.close());

  const giveRights = (id: string) =>
    db
      .transaction()
      .execute((transaction) => setRights(transaction, { kind: "user", id }, ["administer-people"]));
  const add = (username: string, fullName = "Mara Lind", mail: string | null = null) =>
    db.transaction().execute((transaction) => addPerson(transaction, { username, fullName, mail }, by()));
  const link = async (username: string, passedMs = 0) => {
    const person = await readPerson(db, username);
    return db.transaction().execute((transaction) => makeLink(transaction, person, by(passedMs)));
  };
  const trail = async (): Promise<string[]> => {
    const rows = await db.selectFrom("audit").select("entryJson").orderBy("seq").execute();
    return rows.map(({ entryJson }) => {
      const { actor, action, subject } = JSON.parse(entryJson) as Record<string, string>;
      return `${actor} ${action} ${subject}`;
    });
  };
  const signInAs = (username: string, tokenHash: string, expiresUtcMs = START_UTC_MS + HOUR_MS) =>
    db
      .insertInto("webSession")
      .values({ username, tokenHash, expiresUtcMs, network: "192.0.2.1", browser: "Firefox 146 on Linux" })
      .execute();

  test("no two user names read alike, and none holds what nobody sees", async () => {
    expect(await add(" mara  lind ")).toMatchObject({ username: "mara lind", state: "invited" });
    await expect(add("Mara Lind")).rejects.toMatchObject({ code: "PERSON_THERE" });
    await expect(add("mara\u200blind")).rejects.toMatchObject({ code: "NAME_NOT_USABLE" });
    await expect(add("  ")).rejects.toMatchObject({ code: "NAME_NOT_USABLE" });
  });

  test("they are found by any of their words, page after page", async () => {
    await add("mara", "Mara Lind", "lind@police.example");
    await add("jorn", "Jørn Åsen", "asen@police.example");
    await add("zoe", "Zoë Lindqvist");
    const found = async (text: string) =>
      (await listPeople(db, { text, limit: 10 })).people.map(({ username }) => username);
    expect(await found("LIND")).toEqual(["mara", "zoe"]);
    expect(await found("police lind")).toEqual(["mara"]);
    expect(await found("jørn")).toEqual(["jorn"]);
    const first = await listPeople(db, { limit: 2 });
    const next = await listPeople(db, { limit: 2, continuation: first.continuation ?? "" });
    const names = [...first.people, ...next.people].map(({ username }) => username);
    expect([names, next.continuation]).toEqual([["chief", "jorn", "mara", "zoe"], null]);
  });

  test("a link works once, for three days, and only the latest", async () => {
    await add("mara");
    const old = await link("mara");
    const latest = await link("mara");
    const at = (passedMs: number) => START_UTC_MS + passedMs;
    await expect(readLink(db, old.token, at(1))).rejects.toMatchObject({ code: "LINK_NOT_GOOD" });
    expect(await readLink(db, latest.token, at(1))).toMatchObject({ kind: "invitation", username: "mara" });
    const late = usePersonLink(db, { token: latest.token, passwordHash: "hash" }, at(72 * HOUR_MS));
    await expect(late).rejects.toMatchObject({ code: "LINK_NOT_GOOD" });
    await signInAs("mara", "a");
    expect(await usePersonLink(db, { token: latest.token, passwordHash: "hash" }, at(HOUR_MS))).toBe("mara");
    expect(await readPerson(db, "mara")).toMatchObject({ state: "active", passwordHash: "hash" });
    expect(await signInsOf(db, { username: "mara", ownId: null, nowUtcMs: at(0) })).toEqual([]);
    const again = usePersonLink(db, { token: latest.token, passwordHash: "other" }, at(HOUR_MS));
    await expect(again).rejects.toMatchObject({ code: "LINK_NOT_GOOD" });
    // Nothing of it can be made into a link by who reads the rows.
    const reset = await link("mara");
    const rows = await db.selectFrom("personLink").selectAll().execute();
    expect(JSON.stringify(rows)).not.toContain(reset.token);
    expect(await linkOf(db, "mara", at(0))).toMatchObject({ kind: "reset" });
    expect((await trail()).slice(1)).toEqual([
      ...["user:chief PERSON_INVITED mara", "user:chief PERSON_INVITED mara", "user:mara PASSWORD_SET mara"],
      "user:chief PASSWORD_RESET_OFFERED mara",
    ]);
  });

  test("who is locked has no link and nothing open, and nobody locks the last who could unlock", async () => {
    await add("mara");
    const { token } = await link("mara");
    await signInAs("mara", "a");
    await lockPerson(db, "mara", by());
    await lockPerson(db, "mara", by());
    await expect(readLink(db, token, START_UTC_MS)).rejects.toMatchObject({ code: "LINK_NOT_GOOD" });
    await expect(link("mara")).rejects.toMatchObject({ code: "PERSON_LOCKED" });
    expect(await signInsOf(db, { username: "mara", ownId: null, nowUtcMs: START_UTC_MS })).toEqual([]);
    await expect(lockPerson(db, "chief", by())).rejects.toMatchObject({ code: "LAST_ADMINISTRATOR" });
    await unlockPerson(db, "mara", by());
    expect(await readPerson(db, "mara")).toMatchObject({ state: "invited" });
    await usePersonLink(db, { token: (await link("mara")).token, passwordHash: "hash" }, START_UTC_MS);
    await expect(lockPerson(db, "chief", by())).rejects.toMatchObject({ code: "LAST_ADMINISTRATOR" });
    await giveRights("mara");
    await lockPerson(db, "chief", by());
    await unlockPerson(db, "chief", by());
    expect(await readPerson(db, "chief")).toMatchObject({ state: "active" });
    expect((await trail()).filter((entry) => entry.includes("LOCKED"))).toEqual([
      ...["user:chief PERSON_LOCKED mara", "user:chief PERSON_UNLOCKED mara"],
      ...["user:chief PERSON_LOCKED chief", "user:chief PERSON_UNLOCKED chief"],
    ]);
  });

  test("a change is told with what was before; one that changes nothing is not", async () => {
    await add("mara", "Mara Lind", "lind@police.example");
    const change = { fullName: "Mara Holm", mail: null };
    await changePerson(db, "mara", change, by());
    await changePerson(db, "mara", change, by());
    expect(await readPerson(db, "mara")).toMatchObject(change);
    const rows = await db.selectFrom("audit").select("entryJson").orderBy("seq").execute();
    expect(rows).toHaveLength(2);
    expect(JSON.parse(rows[1]?.entryJson ?? "")).toMatchObject({
      action: "PERSON_CHANGED",
      detail: { fullName: "Mara Holm", earlierFullName: "Mara Lind", earlierMail: "lind@police.example" },
    });
    await expect(changePerson(db, "nobody", change, by())).rejects.toMatchObject({ code: "NOT_FOUND" });
  });

  test("sign-ins are ended one by one, or all but the one that asks", async () => {
    for (const token of ["a", "b", "c"]) await signInAs("chief", token);
    await signInAs("chief", "over", START_UTC_MS - 1);
    const ids = async () =>
      (await signInsOf(db, { username: "chief", ownId: "b", nowUtcMs: START_UTC_MS }))
        .map(({ signInId, isThisOne }) => `${signInId}${isThisOne ? " asks" : ""}`)
        .toSorted();
    expect(await ids()).toEqual(["a", "b asks", "c"]);
    await endSignIns(db, { username: "chief", signInId: "a" }, by());
    await expect(endSignIns(db, { username: "chief", signInId: "a" }, by())).rejects.toMatchObject({
      code: "NOT_FOUND",
    });
    await expect(endSignIns(db, { username: "mara", signInId: "c" }, by())).rejects.toMatchObject({
      code: "NOT_FOUND",
    });
    await endSignIns(db, { username: "chief", signInId: null, except: "b" }, by());
    expect(await ids()).toEqual(["b asks"]);
  });

  test("wrong passwords are added up by account and by network", async () => {
    const tried = (account: string | null, network: string, tries: number, agoMs = 0) => ({
      ...{ account, network, tries },
      atUtcMs: START_UTC_MS - agoMs,
    });
    await db
      .insertInto("refusedSignIn")
      .values([
        ...[tried("mara", "192.0.2.1", 3), tried("mara", "192.0.2.2", 10, HOUR_MS)],
        ...[tried(null, "192.0.2.1", 4), tried("chief", "192.0.2.9", 99, 8 * 24 * HOUR_MS)],
      ])
      .execute();
    const { byAccount, byNetwork } = await refusedSignIns(db, START_UTC_MS);
    const latestUtc = new Date(START_UTC_MS).toISOString();
    expect(byAccount).toEqual([
      { username: "mara", tries: 13, networks: 2, latestUtc, wasStopped: true },
      { username: null, tries: 4, networks: 1, latestUtc, wasStopped: false },
    ]);
    expect(byNetwork).toMatchObject([
      { network: "192.0.2.2", tries: 10, accounts: 1, wasStopped: true },
      { network: "192.0.2.1", tries: 7, accounts: 1, wasStopped: false },
    ]);
  });
});
