import { mkdtemp, readFile, rm, stat } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { ensureFirstOperator, OperatorList, writeOperatorList } from "./operator-list.ts";

let folder: string;
let nowMs = 0;

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), "site-"));
  await writeOperatorList(folder, [
    {
      username: "operator",
      displayName: "Olga Operator",
      privileges: ["send-to-clearance"],
      password: "correct horse",
      demoNote: "may send",
    },
    { username: "viewer", displayName: "Vera Viewer", privileges: [], password: "battery staple" },
  ]);
});

afterEach(async () => {
  await rm(folder, { recursive: true });
});

function list(): OperatorList {
  return new OperatorList(folder, () => nowMs);
}

describe("logging on", () => {
  test("answers the operator with what may be done", async () => {
    expect(await list().logOn("operator", "correct horse")).toEqual({
      ok: true,
      value: { username: "operator", displayName: "Olga Operator", privileges: ["send-to-clearance"] },
    });
  });

  test("does not tell whether the name or the password was wrong", async () => {
    const wrongPassword = await list().logOn("operator", "battery staple");
    expect(wrongPassword).toMatchObject({ ok: false, error: { code: "WRONG_CREDENTIALS" } });
    expect(await list().logOn("nobody", "battery staple")).toEqual(wrongPassword);
  });

  test("locks a name after five wrong passwords for half a minute, and no other name", async () => {
    const locked = list();
    for (let tries = 1; tries <= 5; tries += 1) await locked.logOn("operator", "wrong");
    expect(await locked.logOn("operator", "correct horse")).toMatchObject({
      error: { code: "TOO_MANY_ATTEMPTS" },
    });
    expect(await locked.logOn("viewer", "battery staple")).toMatchObject({ ok: true });
    nowMs += 29_999;
    expect(await locked.logOn("operator", "correct horse")).toMatchObject({ ok: false });
    nowMs += 1;
    expect(await locked.logOn("operator", "correct horse")).toMatchObject({ ok: true });
  });

  test("counts tries made at the same time", async () => {
    const attacked = list();
    const answers = await Promise.all(
      Array.from({ length: 8 }, (_, index) => attacked.logOn("operator", `guess ${index}`)),
    );
    const codes = answers.map((answer) => (answer.ok ? "in" : answer.error.code));
    expect(codes.filter((code) => code === "WRONG_CREDENTIALS")).toHaveLength(5);
    expect(codes.filter((code) => code === "TOO_MANY_ATTEMPTS")).toHaveLength(3);
  });
});

describe("the file of operators", () => {
  test("holds hashes, each with a salt of its own, readable by this user only", async () => {
    const path = join(folder, "operators.json");
    expect((await stat(path)).mode & 0o777).toBe(0o600);
    const text = await readFile(path, "utf8");
    expect(text).not.toContain("battery staple");
    const { operators } = JSON.parse(text) as { operators: { salt: string; hash: string }[] };
    expect(new Set(operators.map(({ salt }) => salt)).size).toBe(2);
  });

  test("shows passwords of operators with a demo note only", () => {
    expect(list().demoOperators).toEqual([
      { username: "operator", password: "correct horse", note: "may send" },
    ]);
  });

  test("gets a first administrator with a random password on a new site, once", async () => {
    const fresh = await mkdtemp(join(tmpdir(), "site-"));
    try {
      const path = await ensureFirstOperator(fresh);
      const [username = "", password = ""] = (await readFile(path ?? "", "utf8")).split("\n");
      expect((await stat(path ?? "")).mode & 0o777).toBe(0o600);
      const loggedOn = await new OperatorList(fresh).logOn(username, password);
      expect(loggedOn).toMatchObject({ ok: true, value: { username: "administrator" } });
      expect(await ensureFirstOperator(fresh)).toBeNull();
    } finally {
      await rm(fresh, { recursive: true });
    }
  });
});
