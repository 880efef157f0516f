import { afterEach, beforeEach, expect, test } from "vitest";
import { TestSite } from "../testing/test-site.ts";
import { changeRows, rowsOf } from "../testing/rows.ts";
import { KEPT_WATCHED_MS, MOST_OF_ACCOUNT, UsedAssertions } from "./used-assertions.ts";
import { openSiteFolder } from "../site/site-folder.ts";

const MINUTE_MS = 60_000;
const HOUR_MS = 60 * MINUTE_MS;
const REPLAYED = { status: 401, body: { code: "ASSERTION_REPLAYED" } };

let nowUtcMs: number;
let passedMs: number;
let site: TestSite;
beforeEach(async () => {
  nowUtcMs = Date.parse("2026-11-23T10:00:00.000Z");
  passedMs = 5_000;
  site = await TestSite.start({ now: () => nowUtcMs, passedMs: () => passedMs });
});
afterEach(async () => {
  await site.stop();
});

/** As the service watches it pass: a look every ten minutes. The clock goes with it. */
async function pass(ms: number): Promise<void> {
  for (let left = ms; left > 0; left -= 10 * MINUTE_MS) {
    const stepMs = Math.min(left, 10 * MINUTE_MS);
    passedMs += stepMs;
    nowUtcMs += stepMs;
    await site.service.forgetAssertions();
  }
}

const kept = async (): Promise<number> => (await rowsOf(site.dir, "SELECT 1 FROM usedAssertion")).length;

/** Signed now and good for an hour, used once. */
async function used(): Promise<() => ReturnType<TestSite["requestToken"]>> {
  const { clientId, assertion } = await site.assertion({ exp: nowUtcMs / 1_000 + 3_600 });
  const use = () => site.requestToken(clientId, assertion);
  expect((await use()).status).toBe(200);
  return use;
}

test("a clock that leaps forward and back forgets no used assertion, also over a restart", async () => {
  const again = await used();
  nowUtcMs += 48 * HOUR_MS;
  await pass(10 * MINUTE_MS);
  // Whoever logs on while the clock is wrong takes nothing away either.
  await used();
  await site.restart();
  await pass(10 * MINUTE_MS);
  nowUtcMs -= 48 * HOUR_MS;
  expect(await again()).toMatchObject(REPLAYED);
});

test("time in which the service did not run or slept is none in which an assertion ended", async () => {
  const again = await used();
  await pass(5 * MINUTE_MS);
  nowUtcMs += 48 * HOUR_MS;
  passedMs += 48 * HOUR_MS;
  await site.service.forgetAssertions();
  await site.restart();
  await site.service.forgetAssertions();
  nowUtcMs -= 48 * HOUR_MS;
  expect(await again()).toMatchObject(REPLAYED);
});

test("a used assertion goes when it has expired and more than its time has passed, counted over restarts", async () => {
  await used();
  await pass(KEPT_WATCHED_MS / 2);
  await site.restart();
  // The first look of a run has nothing to count from.
  await site.service.forgetAssertions();
  await pass(KEPT_WATCHED_MS / 2 - MINUTE_MS);
  expect(await kept()).toBe(1);
  await pass(MINUTE_MS);
  expect(await kept()).toBe(0);
});

test("what passed is not enough while it is good by the clock", async () => {
  const again = await used();
  nowUtcMs -= 2 * HOUR_MS;
  await pass(KEPT_WATCHED_MS + MINUTE_MS);
  nowUtcMs += HOUR_MS;
  expect(await again()).toMatchObject(REPLAYED);
});

test("one account's assertions are bounded: it waits, and none is forgotten for it", async () => {
  const again = await used();
  await changeRows(
    site.dir,
    `WITH RECURSIVE n (i) AS (SELECT 2 UNION ALL SELECT i + 1 FROM n WHERE i < ${MOST_OF_ACCOUNT})
    INSERT INTO usedAssertion (principalId, jti, expiresUtcMs) SELECT principalId, 'other ' || i, expiresUtcMs
    FROM usedAssertion, n`,
  );
  const { clientId, assertion } = await site.assertion();
  const refused = await site.requestToken(clientId, assertion);
  expect(refused).toMatchObject({ status: 429, body: { code: "TOO_MANY_TOKENS" } });
  expect(refused.headers.get("retry-after")).toBe("60");
  expect(await again()).toMatchObject(REPLAYED);
  expect(await kept()).toBe(MOST_OF_ACCOUNT);
  await pass(KEPT_WATCHED_MS);
  expect(await kept()).toBe(0);
  // What was refused for that was not used.
  const { assertion: later } = await site.assertion();
  expect((await site.requestToken(clientId, later)).status).toBe(200);
});

test("an assertion that is used long after a look is kept from then on", async () => {
  const { db } = await openSiteFolder(site.dir);
  const assertions = new UsedAssertions({ db, now: () => nowUtcMs, passedMs: () => passedMs });
  await assertions.forget();
  passedMs += 9 * MINUTE_MS;
  const assertion = { principalId: "p", jti: "j", expiresUtcMs: 0 };
  await db.transaction().execute((transaction) => assertions.add(transaction, assertion));
  const [row] = await db.selectFrom("usedAssertion").select("usedWatchedMs").execute();
  await db.destroy();
  expect(row?.usedWatchedMs).toBeGreaterThanOrEqual(9 * MINUTE_MS);
});
