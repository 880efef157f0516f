import { afterEach, beforeEach, expect, test } from "vitest";
import { passkeyOptionsSchema } from "#shared/web-api/passkeys.ts";
import { changedFactorsSchema, ownFactorsSchema } from "#shared/web-api/second-factor.ts";
import { setUpAnswerSchema } from "#shared/web-api/web-api.ts";
import { hashPassword } from "../web/passwords.ts";
import { changeRows } from "../testing/rows.ts";
import { SoftPasskey } from "../testing/soft-passkey.ts";
import { TestSite } from "../testing/test-site.ts";
import { WebBrowser } from "../testing/web-browser.ts";

const [username, password] = ["investigator", "investigator"];
const START_UTC_MS = Date.UTC(2026, 10, 23, 10);
const PATH = "/my-account/second-factor/passkeys";

let site: TestSite;
let nowUtcMs: number;
beforeEach(async () => {
  nowUtcMs = START_UTC_MS;
  site = await TestSite.start({ now: () => nowUtcMs });
});
afterEach(() => site.stop());

const browser = () => new WebBrowser(() => site.service.url);
/** Where the page is that asks. */
const page = () => ({ origin: `http://localhost:${new URL(site.service.url).port}`, rpId: "localhost" });

async function challengeOf(of: WebBrowser, path: string, body: object = {}): Promise<string> {
  return passkeyOptionsSchema.parse((await of.post(`${path}/options`, body)).body).challenge;
}

/** Signed in, with a passkey. */
async function withPasskey(as = { username, password }) {
  const owner = browser();
  await owner.signIn(as.username, as.password);
  const passkey = new SoftPasskey();
  const challenge = await challengeOf(owner, PATH, { password: as.password });
  const made = await owner.post(PATH, { name: "Key", response: passkey.made({ challenge, ...page() }) });
  const { factors, recoveryCodes } = changedFactorsSchema.parse(made.body);
  return { owner, passkey, factors, recoveryCodes };
}

const REFUSED = { status: 401, body: { code: "PASSKEY_REFUSED" } };

test("a passkey is made with the password, for this host and person, once", async () => {
  const owner = browser();
  await owner.signIn(username, password);
  expect(await owner.post(`${PATH}/options`, { password: "wrong" })).toMatchObject({
    body: { code: "WRONG_PASSWORD" },
  });
  const passkey = new SoftPasskey();
  const challenge = await challengeOf(owner, PATH, { password });
  for (const wrong of [
    { ...page(), challenge: Buffer.alloc(54).toString("base64url") },
    { ...page(), challenge, origin: "http://localhost.example" },
    { ...page(), challenge, rpId: "example" },
    // What a passkey signs in by.
    { ...page(), challenge: await challengeOf(browser(), "/sign-in/passkey") },
  ]) {
    expect(await owner.post(PATH, { name: "Key", response: passkey.made(wrong) })).toMatchObject(REFUSED);
  }
  nowUtcMs += 5 * 60_000 + 1;
  const right = { name: "Key", response: passkey.made({ challenge, ...page() }) };
  expect(await owner.post(PATH, right)).toMatchObject(REFUSED);
  nowUtcMs = START_UTC_MS;
  const made = changedFactorsSchema.parse((await owner.post(PATH, right)).body);
  expect(made).toMatchObject({ factors: { app: null, passkeys: [{ name: "Key", usedUtc: null }] } });
  expect(made.recoveryCodes).toHaveLength(10);
  expect(await owner.post(PATH, right)).toMatchObject(REFUSED);
});

test("after the password a passkey lets in, each answer once, and only its own person", async () => {
  const { passkey } = await withPasskey();
  const path = "/sign-in/code/passkey";
  const one = browser();
  expect(await one.signIn(username, password)).toMatchObject({
    ...{ user: null, secondStep: { step: "code", hasApp: false, hasPasskeys: true } },
  });
  const challenge = await challengeOf(one, path);
  expect(await one.post(path, new SoftPasskey().answer({ challenge, ...page() }))).toMatchObject(REFUSED);
  expect(
    await one.post(path, passkey.answer({ challenge, ...page(), origin: "https://evil.example" })),
  ).toMatchObject(REFUSED);
  // Nobody has to have looked: the password was right.
  const answer = passkey.answer({ challenge, ...page(), isVerified: false });
  expect((await one.post(path, answer)).status).toBe(200);
  expect(await one.who()).toBe(username);
  const two = browser();
  await two.signIn(username, password);
  expect(await two.post(path, answer)).toMatchObject(REFUSED);
  // It stands for the second step alone.
  expect(await browser().post("/sign-in/passkey", answer)).toMatchObject(REFUSED);

  const [other, theirs] = ["mara", "nine lamps by the harbour"];
  const hash = hashPassword(theirs);
  await changeRows(
    site.dir,
    `INSERT INTO webUser (username, fullName, passwordHash, state) VALUES ('mara', 'Mara', '${hash}', 'active')`,
  );
  await withPasskey({ username: other, password: theirs });
  const mara = browser();
  await mara.signIn(other, theirs);
  const ofMara = passkey.answer({ challenge: await challengeOf(mara, path), ...page() });
  expect(await mara.post(path, ofMara)).toMatchObject(REFUSED);
});

test("a passkey signs in by itself where the device has looked who it is, and not into a locked account", async () => {
  const { passkey } = await withPasskey();
  const path = "/sign-in/passkey";
  const one = browser();
  const challenge = await challengeOf(one, path);
  const unseen = passkey.answer({ challenge, ...page(), isVerified: false });
  expect(await one.post(path, unseen)).toMatchObject(REFUSED);
  expect(await one.post(path, new SoftPasskey().answer({ challenge, ...page() }))).toMatchObject(REFUSED);
  const answer = passkey.answer({ challenge, ...page() });
  expect(await one.post(path, answer)).toMatchObject({ body: { user: { username }, secondStep: null } });
  expect(await one.who()).toBe(username);
  expect(await browser().post(path, answer)).toMatchObject(REFUSED);
  await changeRows(site.dir, "UPDATE webUser SET state = 'locked'");
  const again = passkey.answer({ challenge: await challengeOf(one, path), ...page() });
  expect(await browser().post(path, again)).toMatchObject({ status: 403, body: { code: "ACCOUNT_LOCKED" } });
});

test("passkeys are named anew and removed, the last not where one is required, and make a set-up", async () => {
  const { owner, factors } = await withPasskey();
  const [{ passkeyId } = { passkeyId: "" }] = factors.passkeys;
  const renamed = await owner.post(`${PATH}/rename`, { passkeyId, name: "Phone" });
  expect(ownFactorsSchema.parse(renamed.body).passkeys).toMatchObject([{ name: "Phone" }]);
  await owner.post("/second-factor-rule", { everybody: true, rights: [] });
  const removal = { passkeyId, password };
  expect(await owner.post(`${PATH}/remove`, removal)).toMatchObject({
    body: { code: "SECOND_FACTOR_REQUIRED" },
  });
  await owner.post("/people/investigator/second-factor/reset", {});
  const one = browser();
  expect(await one.signIn(username, password)).toMatchObject({ secondStep: { step: "set-up" } });
  const challenge = await challengeOf(one, "/sign-in/set-up/passkey");
  const response = new SoftPasskey().made({ challenge, ...page() });
  const done = await one.post("/sign-in/set-up/passkey", { name: "First", response });
  expect(setUpAnswerSchema.parse(done.body)).toMatchObject({ me: { user: { username } } });
  const own = ownFactorsSchema.parse((await one.get("/my-account/second-factor")).body);
  await one.post("/second-factor-rule", { everybody: false, rights: [] });
  const gone = { passkeyId: own.passkeys[0]?.passkeyId, password };
  expect(await one.post(`${PATH}/remove`, { ...gone, passkeyId: "another" })).toMatchObject({ status: 404 });
  expect(ownFactorsSchema.parse((await one.post(`${PATH}/remove`, gone)).body)).toMatchObject({
    ...{ passkeys: [], recoveryCodesLeft: 0 },
  });
});
