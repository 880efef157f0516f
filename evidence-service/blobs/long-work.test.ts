import { setTimeout as pause } from "node:timers/promises";
import { expect, test } from "vitest";
import { leaveTime, LongWork } from "./long-work.ts";

test("long work is done one after the other, and so many wait", async () => {
  const long = new LongWork();
  let underWay = 0;
  let most = 0;
  const work = async (): Promise<void> => {
    underWay += 1;
    most = Math.max(most, underWay);
    await pause(5);
    underWay -= 1;
  };
  let fetched = 0;
  const all = Array.from({ length: 36 }, (_, index) =>
    long.run(async () => (fetched += 1), index === 1 ? () => Promise.reject(new Error("refused")) : work),
  );
  const ends = await Promise.allSettled(all);
  expect(ends.filter(({ status }) => status === "fulfilled")).toHaveLength(31);
  const refused = ends.flatMap((end) => (end.status === "rejected" ? [end.reason as unknown] : []));
  expect(refused.filter((error) => (error as { code?: string }).code === "ServerBusy")).toHaveLength(4);
  expect(most).toBe(1);
  // What is refused is not even fetched.
  expect(fetched).toBe(32);
  await long.run(async () => undefined, work);
});

test("whoever is slow to send what the work is done with keeps nobody waiting", async () => {
  const long = new LongWork();
  const sent = Promise.withResolvers<string>();
  const slow = long.run(
    () => sent.promise,
    async (text) => text,
  );
  expect(
    await long.run(
      async () => "quick",
      async (text) => text,
    ),
  ).toBe("quick");
  sent.resolve("slow");
  expect(await slow).toBe("slow");
});

test("between two pieces others have three times the time of one", async () => {
  const beganMs = performance.now();
  await pause(5);
  const tookMs = performance.now() - beganMs;
  const leftAtMs = performance.now();
  await leaveTime(beganMs);
  // Timers are whole milliseconds.
  expect(performance.now() - leftAtMs).toBeGreaterThanOrEqual(Math.min(3 * tookMs, 50) - 2);
});
