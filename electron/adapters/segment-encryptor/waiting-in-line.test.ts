import pLimit from "p-limit";
import { expect, test } from "vitest";
import { waitingInLine } from "./waiting-in-line.ts";

test("who gives up leaves the line at once, and is never served", async () => {
  const limit = pLimit(1);
  const first = Promise.withResolvers<string>();
  const served: string[] = [];
  const before = waitingInLine(limit, new AbortController().signal, () => first.promise);
  const caller = new AbortController();
  const waiting = waitingInLine(limit, caller.signal, async () => served.push("second"));
  caller.abort(new Error("enough"));
  await expect(waiting).rejects.toThrow("enough");
  first.resolve("first");
  expect(await before).toBe("first");
  expect(await waitingInLine(limit, new AbortController().signal, async () => "third")).toBe("third");
  expect(served).toEqual([]);
});

test("what has begun is waited for", async () => {
  const limit = pLimit(1);
  const caller = new AbortController();
  const { promise, resolve } = Promise.withResolvers<string>();
  const begun = Promise.withResolvers<void>();
  const working = waitingInLine(limit, caller.signal, () => {
    begun.resolve();
    return promise;
  });
  await begun.promise;
  caller.abort();
  resolve("done");
  expect(await working).toBe("done");
});
