import { afterEach, beforeEach, expect, test } from "vitest";
import { ownActivitySchema } from "#shared/web-api/people.ts";
import { rowsOf } from "../testing/rows.ts";
import { TestSite } from "../testing/test-site.ts";
import { WebBrowser } from "../testing/web-browser.ts";

const [username, password] = ["investigator", "investigator"];
const MINUTE_MS = 60_000;

let site: TestSite;
let passedMs: number;
let nowUtcMs: number;
beforeEach(async () => {
  passedMs = 0;
  nowUtcMs = Date.UTC(2026, 10, 23, 10);
  site = await TestSite.start({ now: () => nowUtcMs, passedMs: () => passedMs });
});
afterEach(() => site.stop());

const browser = () => new WebBrowser(() => site.service.url);

/** Entries of the trail, as they came. */
async function told(action: string): Promise<unknown[]> {
  const rows = await rowsOf<{ entryJson: string }>(site.dir, "SELECT entryJson FROM audit ORDER BY seq");
  const entries = rows.map(({ entryJson }) => JSON.parse(entryJson) as { action: string; detail: object });
  return entries.filter((entry) => entry.action === action).map(({ detail }) => detail);
}

async function wrongPasswords(count: number): Promise<void> {
  for (let tries = 0; tries < count; tries += 1)
    await browser().post("/sign-in", { username, password: "wrong" });
}

test("a sign-in from a new address after five wrong passwords is told, to the person too", async () => {
  await wrongPasswords(5);
  const person = browser();
  await person.signIn(username, password);
  expect(await told("SIGNED_IN_AFTER_REFUSALS")).toEqual([{ tries: 5 }]);
  const { activity } = ownActivitySchema.parse((await person.get("/my-account/activity")).body);
  expect(activity).toMatchObject([
    { action: "SIGNED_IN_AFTER_REFUSALS", tries: 5 },
    { action: "SIGN_IN_REFUSED", tries: 5 },
  ]);
  // From there they are known now.
  await browser().signIn(username, password);
  expect(await told("SIGNED_IN_AFTER_REFUSALS")).toHaveLength(1);
  // A day later a wrong password or two are forgotten.
  nowUtcMs += 401 * 24 * 3_600_000;
  await wrongPasswords(4);
  await browser().signIn(username, password);
  expect(await told("SIGNED_IN_AFTER_REFUSALS")).toHaveLength(1);
});

test("somebody who asks for five things that they do not see is told of once, and one thing often is none", async () => {
  const person = browser();
  await person.signIn(username, password);
  const ask = async (...names: string[]) => {
    for (const name of names) expect((await person.get(`/evidence/${name}`)).status).toBe(404);
  };
  await ask("a", "a", "a", "a", "a", "a", "b", "c", "d");
  passedMs += 11 * MINUTE_MS;
  await ask("e");
  await site.restart();
  expect(await told("HIDDEN_ASKED")).toEqual([]);
  await ask("a", "b", "c", "d");
  expect((await person.get("/cases/e")).status).toBe(404);
  await ask("f");
  await site.restart();
  expect(await told("HIDDEN_ASKED")).toEqual([{ things: 6, minutes: 10 }]);
});
