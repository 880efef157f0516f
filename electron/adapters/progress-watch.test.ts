import { setTimeout as sleep } from "node:timers/promises";
import { describe, expect, test } from "vitest";
import { ProgressWatch, Stalled, withProgressWatch } from "./progress-watch.ts";

const LIMIT_MS = 120;
const caller = (): AbortController => new AbortController();
const aborted = (signal: AbortSignal): Promise<unknown> =>
  new Promise((resolve) => signal.addEventListener("abort", () => resolve(signal.reason)));

describe("a try in which nothing moves", () => {
  test("ends, and says why", async () => {
    using watch = new ProgressWatch(caller().signal, LIMIT_MS);
    expect(await aborted(watch.signal)).toBeInstanceOf(Stalled);
    expect(watch.causeOf(new Error("aborted"))).toBeInstanceOf(Stalled);
  });

  test("goes on as long as something moves", async () => {
    using watch = new ProgressWatch(caller().signal, LIMIT_MS);
    for (let step = 0; step < 12; step += 1) {
      await sleep(LIMIT_MS / 6);
      watch.moved();
    }
    expect(watch.signal.aborted).toBe(false);
  });

  test("is given time while it is we who wait", async () => {
    using watch = new ProgressWatch(caller().signal, LIMIT_MS);
    await watch.aside(() => sleep(4 * LIMIT_MS));
    expect(watch.signal.aborted).toBe(false);
    expect(await aborted(watch.signal)).toBeInstanceOf(Stalled);
  });

  test("ends as its caller wants it", async () => {
    const wanted = caller();
    const answer = withProgressWatch(wanted.signal, 60_000, async (signal) =>
      Promise.reject(await aborted(signal)),
    );
    wanted.abort(new Error("cancelled"));
    await expect(answer).rejects.toThrow("cancelled");
  });
});
