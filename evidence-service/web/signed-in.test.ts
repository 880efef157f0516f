import { afterEach, beforeEach, expect, test } from "vitest";
import { meSchema } from "#shared/web-api/web-api.ts";
import { changeRows, rowsOf } from "../testing/rows.ts";
import { TestSite } from "../testing/test-site.ts";

const DEMO = { username: "investigator", password: "investigator" };
const START_UTC_MS = Date.UTC(2026, 10, 23, 10);
const FIREFOX = "Mozilla/5.0 (X11; Linux x86_64; rv:146.0) Gecko/20100101 Firefox/146.0";

let site: TestSite;
let nowUtcMs: number;
beforeEach(async () => {
  nowUtcMs = START_UTC_MS;
  site = await TestSite.start({ now: () => nowUtcMs });
});
afterEach(() => site.stop());

function signIn(given: object): Promise<Response> {
  const headers = { "x-evidence-desk": "1", "content-type": "application/json", "user-agent": FIREFOX };
  const body = JSON.stringify(given);
  return fetch(`${site.service.url}/web/api/sign-in`, { method: "POST", headers, body });
}

async function signedIn(): Promise<string> {
  return (await signIn(DEMO)).headers.getSetCookie()[0]?.split(";")[0] ?? "";
}

async function whoIs(cookie: string): Promise<string | undefined> {
  const answer = await fetch(`${site.service.url}/web/api/me`, { headers: { cookie } });
  return meSchema.parse(await answer.json()).user?.username;
}

test("it is kept where and when a person signed in, and when they were there last, to a minute", async () => {
  const cookie = await signedIn();
  const signIns = () => rowsOf<object>(site.dir, "SELECT * FROM webSession");
  const made = { network: "127.0.0.1", browser: "Firefox 146 on Linux", createdUtcMs: START_UTC_MS };
  expect(await signIns()).toMatchObject([{ ...made, seenUtcMs: START_UTC_MS }]);
  for (const [passedMs, seenMs] of [
    [59_000, 0],
    [61_000, 61_000],
    [90_000, 61_000],
  ] as const) {
    nowUtcMs = START_UTC_MS + passedMs;
    expect(await whoIs(cookie)).toBe("investigator");
    expect(await signIns()).toMatchObject([{ ...made, seenUtcMs: START_UTC_MS + seenMs }]);
  }
  expect(await rowsOf(site.dir, "SELECT latestSignInUtcMs FROM webUser")).toEqual([
    { latestSignInUtcMs: START_UTC_MS },
  ]);
});

test("whoever is locked is out with the next request, and comes in with no password", async () => {
  const cookie = await signedIn();
  expect(await whoIs(cookie)).toBe("investigator");
  await changeRows(site.dir, "UPDATE webUser SET state = 'locked'");
  expect(await whoIs(cookie)).toBeUndefined();
  const list = await fetch(`${site.service.url}/web/api/cases`, { headers: { cookie } });
  expect([list.status, await list.json()]).toMatchObject([401, { code: "SIGNED_OUT" }]);
  // Who does not know the password does not learn that the account is locked.
  const answers = [await signIn(DEMO), await signIn({ ...DEMO, password: "wrong" })];
  expect(await Promise.all(answers.map((answer) => answer.json()))).toMatchObject([
    { code: "ACCOUNT_LOCKED" },
    { code: "WRONG_PASSWORD" },
  ]);
});

test("wrong passwords are kept by account and network for a month", async () => {
  for (const username of ["investigator", "investigator", "nobody"]) {
    await signIn({ username, password: "wrong" });
  }
  await site.restart();
  const kept = () => rowsOf(site.dir, "SELECT account, network, tries FROM refusedSignIn ORDER BY seq");
  const ofOwner = { account: "investigator", network: "127.0.0.1", tries: 2 };
  expect(await kept()).toEqual([ofOwner, { account: null, network: "127.0.0.1", tries: 1 }]);
  nowUtcMs += 31 * 24 * 3_600_000;
  await signIn({ ...DEMO, password: "wrong" });
  await site.restart();
  expect(await kept()).toEqual([{ ...ofOwner, tries: 1 }]);
});
