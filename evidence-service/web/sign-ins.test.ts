import { readdirSync, readFileSync } from "node:fs";
import { request } from "node:http";
import { constants } from "node:os";
import { RateLimiterMemory } from "rate-limiter-flexible";
import { afterEach, beforeEach, expect, test } from "vitest";
import { openSiteFolder } from "../site/site-folder.ts";
import { TestSite } from "../testing/test-site.ts";
import { SignInLimits } from "./sign-in-limits.ts";

const OWN_PAGE = { "x-evidence-desk": "1", "content-type": "application/json" };
const DEMO = { username: "investigator", password: "investigator" };

let site: TestSite;
beforeEach(async () => {
  // As behind a proxy on this machine, which says whose requests it passes on.
  site = await TestSite.start({ publicUrl: "https://evidence.example" });
});
afterEach(async () => {
  await site.stop();
});

interface Answer {
  readonly status: number;
  readonly cookies: string[];
  readonly retryAfterS: number;
}

/** By the bare client: fetch would not send another Host. */
function signIn(given: object, from: string, cookie = ""): Promise<Answer> {
  const host = "evidence.example";
  const headers = { ...OWN_PAGE, host, "x-forwarded-proto": "https", cookie, "x-forwarded-for": from };
  const url = `${site.service.listensAt}/web/api/sign-in`;
  return new Promise((resolve, reject) => {
    const sent = request(url, { method: "POST", headers }, (answer) => {
      const cookies = (answer.headers["set-cookie"] ?? []).map((line) => line.split(";")[0] ?? "");
      answer.resume();
      answer.on("end", () =>
        resolve({
          status: answer.statusCode ?? 0,
          cookies,
          retryAfterS: Number(answer.headers["retry-after"]),
        }),
      );
    });
    sent.on("error", reject);
    sent.end(JSON.stringify(given));
  });
}

const wrong = { ...DEMO, password: "wrong" };

async function refusedEntries(): Promise<string[]> {
  const { db } = await openSiteFolder(site.dir);
  const rows = await db.selectFrom("audit").select("entryJson").execute();
  await db.destroy();
  return rows.map(({ entryJson }) => entryJson).filter((entry) => entry.includes("SIGN_IN_REFUSED"));
}

test("a stranger who guesses at an account is stopped wherever they sit, and its owner signs in", async () => {
  const limits = new SignInLimits((options) => new RateLimiterMemory(options));
  const { username } = DEMO;
  const counted = async (address: string, deviceId: string | null): Promise<boolean> =>
    limits.count({ address, username, deviceId }).then(
      () => true,
      () => false,
    );
  const guesses: boolean[] = [];
  for (let index = 0; index < 70; index += 1) guesses.push(await counted(`10.1.0.${index % 7}`, null));
  expect(guesses.filter(Boolean)).toHaveLength(60);
  expect(await counted("10.2.0.1", null)).toBe(false);
  expect(await counted("10.0.0.1", "the owner's")).toBe(true);
  expect(await counted("10.1.0.1", "the owner's")).toBe(true);
});

test("behind the address of somebody who guesses, the browser that is known signs in", async () => {
  const owner = await signIn(DEMO, "10.0.0.1");
  const device = owner.cookies.find((cookie) => cookie.startsWith("evidence-desk-device=")) ?? "";
  for (let index = 0; index < 10; index += 1) await signIn(wrong, "10.0.0.1");
  const strange = await signIn(DEMO, "10.0.0.1");
  expect(strange.status).toBe(429);
  expect(strange.retryAfterS).toBeGreaterThan(0);
  expect((await signIn(DEMO, "10.0.0.1", device)).status).toBe(200);
});

test("a browser's mark is for one person, and is limited as well", async () => {
  const device = (await signIn(DEMO, "10.0.0.1")).cookies.join("; ");
  const statuses: number[] = [];
  for (let index = 0; index < 11; index += 1) statuses.push((await signIn(wrong, "10.0.0.1", device)).status);
  expect(statuses).toEqual([...Array.from({ length: 10 }, () => 401), 429]);
  // A mark that was made up is a stranger's.
  expect((await signIn(DEMO, "10.0.0.1", "evidence-desk-device=made.up")).status).toBe(200);
});

test("one address that guesses at many names is stopped, and others are not", async () => {
  const limits = new SignInLimits((options) => new RateLimiterMemory(options));
  const guess = (address: string, index: number) =>
    limits.count({ address, username: `name ${index}`, deviceId: null });
  for (let index = 0; index < 30; index += 1) await guess("10.3.0.1", index);
  await expect(guess("10.3.0.1", 30)).rejects.toMatchObject({ code: "TOO_MANY_SIGN_INS" });
  await guess("10.0.0.1", 31);
});

test("many at once are as many as one after the other, and one address leaves room in the queue", async () => {
  const storm = Array.from({ length: 20 }, () => signIn(wrong, "10.4.0.1"));
  const other = await signIn(DEMO, "10.0.0.1");
  expect(other.status).toBe(200);
  const statuses = (await Promise.all(storm)).map(({ status }) => status);
  expect(statuses.filter((status) => status === 401).length).toBeLessThanOrEqual(10);
  expect(statuses).toContain(503);
});

test("who has an IPv6 network guesses from all of it as from one address", async () => {
  const statuses: number[] = [];
  for (let index = 1; index <= 11; index += 1) {
    statuses.push((await signIn(wrong, `2001:db8:7:1:${index}::1`)).status);
  }
  expect(statuses).toEqual([...Array.from({ length: 10 }, () => 401), 429]);
  expect((await signIn(DEMO, "2001:db8:7:2::1")).status).toBe(200);
});

test("a storm of guesses keeps the threads free that read and write files", async () => {
  // The system's own pool has four threads; before, four guesses held all of them.
  const storm = Array.from({ length: 16 }, (_, index) => signIn(wrong, `10.5.0.${index}`));
  let answered = 0;
  const counted = storm.map((one) => one.then(() => (answered += 1)));
  await site.connection(); // Reads a file.
  expect(answered).toBeLessThan(8);
  await Promise.all(counted);
});

test.skipIf(process.platform !== "linux")(
  "the thread that compares passwords gives way to all others",
  async () => {
    expect((await signIn(DEMO, "192.0.2.7")).status).toBe(200);
    // What follows the name in brackets begins with the state, field 3; the nice value is field 19 (proc_pid_stat(5)).
    const nice = readdirSync("/proc/self/task").map((thread) => {
      const text = readFileSync(`/proc/self/task/${thread}/stat`, "utf8");
      return Number(text.slice(text.lastIndexOf(")") + 2).split(" ")[16]);
    });
    expect(nice.filter((value) => value > 0)).toEqual([constants.priority.PRIORITY_BELOW_NORMAL]);
  },
);

test("guesses do not fill the trail: one entry for an account and one for all names that nobody has", async () => {
  for (let index = 0; index < 5; index += 1) await signIn(wrong, `10.6.0.${index}`);
  for (let index = 0; index < 5; index += 1) await signIn({ ...wrong, username: `n${index}` }, "10.6.1.1");
  expect(await refusedEntries()).toEqual([]);
  await site.service.close();
  const entries = await refusedEntries();
  expect(entries).toHaveLength(2);
  expect(entries[0]).toContain('"detail":{"addresses":5,"tries":5}');
  expect(entries[0]).toContain('"subject":"investigator"');
  expect(entries[1]).toContain('"subject":"unknown names"');
});
