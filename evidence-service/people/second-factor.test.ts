import { Secret, TOTP } from "otpauth";
import { afterEach, beforeEach, expect, test } from "vitest";
import { personAnswerSchema } from "#shared/web-api/people.ts";
import {
  begunAppSchema,
  changedFactorsSchema,
  ownFactorsSchema,
  type WebSecondFactorRule,
} from "#shared/web-api/second-factor.ts";
import { setUpAnswerSchema } from "#shared/web-api/web-api.ts";
import { resetSecondFactor } from "../administration/reset-second-factor.ts";
import { rotateKeys, retireOldKeys } from "../administration/rotate-keys.ts";
import { rowsOf } from "../testing/rows.ts";
import { TestSite } from "../testing/test-site.ts";
import { WebBrowser } from "../testing/web-browser.ts";

const DEMO = { username: "investigator", password: "investigator" };
const { password } = DEMO;
const START_UTC_MS = Date.UTC(2026, 10, 23, 10);
const STEP_MS = 30_000;

let site: TestSite;
let nowUtcMs: number;
beforeEach(async () => {
  nowUtcMs = START_UTC_MS;
  site = await TestSite.start({ now: () => nowUtcMs });
});
afterEach(() => site.stop());

class Browser extends WebBrowser {
  constructor() {
    super(() => site.service.url);
  }
  enter = () => this.signIn(DEMO.username, password);
  code = (by: "app" | "recovery", code: string) => this.post("/sign-in/code", { by, code });
}

const codeOf = (secret: string, utcMs = nowUtcMs): string =>
  new TOTP({ secret: Secret.fromBase32(secret) }).generate({ timestamp: utcMs });

/** Signed in, with an app. */
async function withApp(): Promise<{ browser: Browser; secret: string; codes: readonly string[] }> {
  const browser = new Browser();
  await browser.enter();
  const begun = await browser.post("/my-account/second-factor/app", { password });
  const { secret } = begunAppSchema.parse(begun.body);
  const { body } = await browser.post("/my-account/second-factor/app/confirm", { code: codeOf(secret) });
  return { browser, secret, codes: changedFactorsSchema.parse(body).recoveryCodes ?? [] };
}

const actions = async (): Promise<string[]> => {
  const rows = await rowsOf<{ entryJson: string }>(site.dir, "SELECT entryJson FROM audit ORDER BY seq");
  return rows.map(({ entryJson }) => (JSON.parse(entryJson) as { action: string }).action);
};

test("an app is set up with the password and a first code, and its secret is sealed", async () => {
  const browser = new Browser();
  const other = new Browser();
  await browser.enter();
  await other.enter();
  const path = "/my-account/second-factor/app";
  expect(await browser.post(path, { password: "wrong" })).toMatchObject({ body: { code: "WRONG_PASSWORD" } });
  expect(await browser.post(`${path}/confirm`, { code: "000000" })).toMatchObject({
    body: { code: "NO_APP_BEGUN" },
  });
  const { secret, address } = begunAppSchema.parse((await browser.post(path, { password })).body);
  expect(secret).toMatch(/^[A-Z2-7]{32}$/);
  expect(address).toMatch(/^otpauth:\/\/totp\/Evidence%20Desk:investigator\?/);
  // As long as no code of it was seen it keeps nobody out.
  expect((await new Browser().enter()).user).not.toBeNull();
  const wrong = await browser.post(`${path}/confirm`, { code: codeOf(secret, nowUtcMs + 10 * STEP_MS) });
  expect(wrong).toMatchObject({ status: 401, body: { code: "WRONG_CODE" } });
  const done = changedFactorsSchema.parse(
    (await browser.post(`${path}/confirm`, { code: codeOf(secret) })).body,
  );
  expect(done).toMatchObject({ factors: { app: {}, recoveryCodesLeft: 10, isRequired: false } });
  expect(new Set(done.recoveryCodes).size).toBe(10);
  expect([await browser.who(), await other.who()]).toEqual(["investigator", undefined]);
  const kept = JSON.stringify([
    await rowsOf(site.dir, "SELECT * FROM authenticatorApp"),
    await rowsOf(site.dir, "SELECT * FROM recoveryCode"),
    await rowsOf(site.dir, "SELECT entryJson FROM audit"),
  ]);
  for (const text of [secret, ...(done.recoveryCodes ?? [])]) expect(kept).not.toContain(text);
});

test("a sign-in that waits for its code can do nothing else, and takes each code once", async () => {
  const { secret } = await withApp();
  nowUtcMs += 10 * STEP_MS;
  const browser = new Browser();
  const waiting = await browser.enter();
  expect(waiting).toMatchObject({ user: null, secondStep: { step: "code", hasApp: true } });
  for (const path of ["/my-account", "/cases", "/people"]) {
    expect([path, (await browser.get(path)).status]).toEqual([path, 401]);
  }
  expect((await browser.post("/sign-in/set-up/app", {})).body).toMatchObject({ code: "SECOND_STEP_OVER" });
  for (const apart of [-2, 2]) {
    const far = await browser.code("app", codeOf(secret, nowUtcMs + apart * STEP_MS));
    expect([apart, far.status]).toEqual([apart, 401]);
  }
  const early = codeOf(secret, nowUtcMs + STEP_MS);
  const spaced = `${early.slice(0, 3)} ${early.slice(3)}`;
  expect(await browser.code("app", spaced)).toMatchObject({ status: 200, body: { secondStep: null } });
  expect(await browser.who()).toBe("investigator");
  // Neither the same again, nor one of before it.
  const second = new Browser();
  await second.enter();
  for (const code of [early, codeOf(secret)]) {
    expect(await second.code("app", code)).toMatchObject({ status: 401, body: { code: "WRONG_CODE" } });
  }
  nowUtcMs += 2 * STEP_MS;
  // Of many at once with one code one is let in.
  const crowd = await Promise.all(
    Array.from({ length: 3 }, async () => {
      const one = new Browser();
      await one.enter();
      return (await one.code("app", codeOf(secret))).status;
    }),
  );
  expect(crowd.filter((status) => status === 200)).toHaveLength(1);
  expect(await actions()).toContain("SECOND_FACTOR_REFUSED");
});

test("wrong codes end the sign-in, and then nobody may try from a browser that is not known", async () => {
  const { browser: owner, secret, codes } = await withApp();
  nowUtcMs += 10 * STEP_MS;
  for (let round = 0; round < 2; round += 1) {
    const thief = new Browser();
    await thief.enter();
    for (let one = 0; one < 5; one += 1) {
      expect((await thief.code("recovery", `wrong${one}`)).body).toMatchObject({ code: "WRONG_CODE" });
    }
    const right = await thief.code("app", codeOf(secret));
    expect(right.body).toMatchObject({ code: "SECOND_STEP_OVER" });
  }
  const stranger = new Browser();
  await stranger.enter();
  expect(await stranger.code("recovery", codes[0] ?? "")).toMatchObject({
    status: 429,
    body: { code: "TOO_MANY_SIGN_INS" },
  });
  // Where the owner has signed in before, others' tries do not count.
  await owner.post("/sign-out", {});
  await owner.enter();
  expect((await owner.code("app", codeOf(secret))).status).toBe(200);
});

test("a sign-in that waits ends after ten minutes, with the password, and with the account", async () => {
  const { browser: owner, secret } = await withApp();
  const late = new Browser();
  await late.enter();
  nowUtcMs += 10 * 60_000 + 1;
  expect((await late.code("app", codeOf(secret))).body).toMatchObject({ code: "SECOND_STEP_OVER" });
  const other = new Browser();
  await other.enter();
  const change = { current: password, password: "nine lamps by the harbour" };
  expect((await owner.post("/my-account/password", change)).status).toBe(200);
  expect((await other.code("app", codeOf(secret))).body).toMatchObject({ code: "SECOND_STEP_OVER" });
});

test("a recovery code lets in once, and new ones take the place of all", async () => {
  const { browser, codes } = await withApp();
  const [first = "", second = ""] = codes;
  for (const [code, status] of [
    [first.toUpperCase().replaceAll("-", " "), 200],
    [first, 401],
  ] as const) {
    const lost = new Browser();
    expect(await lost.enter()).toMatchObject({ secondStep: { hasRecoveryCodes: true } });
    expect([code, (await lost.code("recovery", code)).status]).toEqual([code, status]);
  }
  const made = await browser.post("/my-account/second-factor/recovery-codes", { password });
  const anew = changedFactorsSchema.parse(made.body).recoveryCodes ?? [];
  const lost = new Browser();
  await lost.enter();
  expect((await lost.code("recovery", second)).status).toBe(401);
  expect((await lost.code("recovery", anew[0] ?? "")).status).toBe(200);
  expect(await actions()).toEqual(
    expect.arrayContaining(["RECOVERY_CODE_USED", "RECOVERY_CODES_MADE", "SECOND_FACTOR_ADDED"]),
  );
});

test("who has to have a second factor sets it up to come in, and cannot remove it", async () => {
  const chief = new Browser();
  await chief.enter();
  const rule: WebSecondFactorRule = { everybody: false, rights: ["administer-people"] };
  expect((await chief.post("/second-factor-rule", rule)).body).toEqual(rule);
  const browser = new Browser();
  expect(await browser.enter()).toMatchObject({ user: null, secondStep: { step: "set-up" } });
  expect((await browser.get("/my-account")).status).toBe(401);
  expect((await browser.code("recovery", "anything")).status).toBe(401);
  const { secret } = begunAppSchema.parse((await browser.post("/sign-in/set-up/app", {})).body);
  const confirmed = await browser.post("/sign-in/set-up/app/confirm", { code: codeOf(secret) });
  const { me, recoveryCodes } = setUpAnswerSchema.parse(confirmed.body);
  expect([me.user?.username, recoveryCodes.length]).toEqual(["investigator", 10]);
  const path = "/my-account/second-factor";
  expect(await browser.post(`${path}/app/remove`, { password })).toMatchObject({
    ...{ status: 409, body: { code: "SECOND_FACTOR_REQUIRED" } },
  });
  const nobody: WebSecondFactorRule = { everybody: false, rights: [] };
  await browser.post("/second-factor-rule", nobody);
  const removed = await browser.post(`${path}/app/remove`, { password });
  expect(ownFactorsSchema.parse(removed.body)).toMatchObject({
    ...{ app: null, recoveryCodesLeft: 0, isRequired: false },
  });
  expect((await new Browser().enter()).user?.username).toBe("investigator");
});

test("an administrator resets somebody's second factor, and the person is out", async () => {
  const { browser: person } = await withApp();
  await person.post("/second-factor-rule", { everybody: true, rights: [] });
  const read = async () =>
    personAnswerSchema.parse((await person.get("/people/investigator")).body).secondFactor;
  expect(await read()).toEqual({ hasApp: true, passkeys: 0, recoveryCodesLeft: 10, isRequired: true });
  const reset = await person.post("/people/investigator/second-factor/reset", {});
  expect(personAnswerSchema.parse(reset.body)).toMatchObject({
    ...{ secondFactor: { hasApp: false, recoveryCodesLeft: 0 }, signIns: [] },
  });
  expect(await person.who()).toBeUndefined();
  expect(await new Browser().enter()).toMatchObject({ secondStep: { step: "set-up" } });
  expect(await actions()).toContain("SECOND_FACTOR_RESET");
});

test("with the service stopped, a command resets the second factor of who cannot come in", async () => {
  const { browser: person } = await withApp();
  await site.service.close();
  await expect(resetSecondFactor(site.dir, "nobody")).rejects.toThrow("Nobody “nobody” has a second factor.");
  await resetSecondFactor(site.dir, DEMO.username);
  await site.restart();
  expect(await person.who()).toBeUndefined();
  expect((await new Browser().enter()).user?.username).toBe(DEMO.username);
});

test("secrets follow the key in use, and the one from before can go", async () => {
  const { secret } = await withApp();
  await rotateKeys(site.dir, "content");
  const keyIds = async () =>
    (await rowsOf<{ keyId: string }>(site.dir, "SELECT keyId FROM authenticatorApp")).map(
      ({ keyId }) => keyId,
    );
  const [before = ""] = await keyIds();
  await site.service.lookAtKeys();
  await expect.poll(keyIds).not.toContain(before);
  expect((await retireOldKeys(site.dir, { atOnce: true })).join("\n")).toContain(
    `Retired (content): ${before}`,
  );
  await site.restart();
  nowUtcMs += 2 * STEP_MS;
  const browser = new Browser();
  await browser.enter();
  expect((await browser.code("app", codeOf(secret))).status).toBe(200);
});
