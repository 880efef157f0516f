import { setTimeout as pause } from "node:timers/promises";
import { expect, test } from "vitest";
import { pauseForOthers, LongListQueue } from "./long-list-queue.ts";

test("long work is done one after the other, and so many wait", async () => {
  const long = new LongListQueue();
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
    long.run(
      `client ${index % 12}`,
      async () => (fetched += 1),
      index === 1 ? () => Promise.reject(new Error("refused")) : work,
    ),
  );
  const ends = await Promise.allSettled(all);
  expect(ends.filter(({ status }) => status === "fulfilled")).toHaveLength(31);
  const refused = ends.flatMap((end) => (end.status === "rejected" ? [end.reason as unknown] : []));
  expect(refused.filter((error) => (error as { code?: string }).code === "ServerBusy")).toHaveLength(4);
  expect(most).toBe(1);
  // What is refused is not even fetched.
  expect(fetched).toBe(32);
  await long.run("client", async () => undefined, work);
});

test("what one client sends takes no place from the others", async () => {
  const long = new LongListQueue();
  const sent = Promise.withResolvers<void>();
  let fetched = 0;
  const fetch = (): Promise<void> => {
    fetched += 1;
    return sent.promise;
  };
  const run = (client: string) => long.run(client, fetch, async () => client);
  const many = Promise.allSettled(Array.from({ length: 40 }, () => run("one")));
  const others = Promise.all(Array.from({ length: 28 }, (_, index) => run(`other ${index % 7}`)));
  expect(fetched).toBe(32);
  sent.resolve();
  expect(await others).toHaveLength(28);
  const ends = await many;
  expect(ends.filter(({ status }) => status === "fulfilled")).toHaveLength(4);
  const refused = ends.flatMap((end) => (end.status === "rejected" ? [end.reason as unknown] : []));
  expect(refused).toHaveLength(36);
  for (const error of refused) expect(error).toMatchObject({ status: 503, code: "ServerBusy" });
  // Its places are its own again.
  expect(await run("one")).toBe("one");
});

test("whoever is slow to send what the work is done with keeps nobody waiting", async () => {
  const long = new LongListQueue();
  const sent = Promise.withResolvers<string>();
  const slow = long.run(
    "client",
    () => sent.promise,
    async (text) => text,
  );
  expect(
    await long.run(
      "client",
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
  await pauseForOthers(beganMs);
  // Timers are whole milliseconds.
  expect(performance.now() - leftAtMs).toBeGreaterThanOrEqual(Math.min(3 * tookMs, 50) - 2);
});
