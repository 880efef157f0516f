import { expect, test, vi } from "vitest";
import { MetadataUnreachable } from "../storage/metadata-unreachable.ts";
import { OutageLog } from "./outage-log.ts";

test("however many fail while the database is away, the log has one line when it goes and one when it is back", async () => {
  const log = { error: vi.fn(), warn: vi.fn() };
  let isThere = false;
  const ask = async () => {
    if (!isThere) throw new Error("away");
  };
  const outage = new OutageLog({ log, ask, askEveryMs: 1 });
  const unreachable = new MetadataUnreachable(new Error("connect ECONNREFUSED 127.0.0.1:9"));
  for (let times = 0; times < 2; times += 1) {
    isThere = false;
    for (const what of ["consolidate", "remove-blob"]) outage.error(unreachable, `the queue ${what}`);
    outage.error(new Error("It failed.", { cause: unreachable }), "the purge failed");
    outage.lost("a connection to the database was lost");
    expect(log.warn).toHaveBeenCalledTimes(2 * times + 1);
    isThere = true;
    await expect.poll(() => log.warn.mock.calls.length).toBe(2 * times + 2);
  }
  expect(log.warn).toHaveBeenLastCalledWith("the database is back");
  expect(log.error).not.toHaveBeenCalled();
  // The database is there: it was the connection alone.
  outage.lost("a connection was lost");
  outage.lost("another one was lost");
  await expect.poll(() => log.warn.mock.lastCall).toEqual(["a connection was lost"]);
  const own = Object.assign(new Error("duplicate key"), { code: "23505" });
  outage.error(own, "a job failed");
  expect(log.error).toHaveBeenCalledWith(own, "a job failed");
  outage.close();
});
