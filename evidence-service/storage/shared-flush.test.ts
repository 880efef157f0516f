import { setImmediate as turn } from "node:timers/promises";
import { expect, test } from "vitest";
import { SharedFlush } from "./shared-flush.ts";

/** Flushes that end when the test says so. */
function held() {
  const begun: PromiseWithResolvers<void>[] = [];
  const shared = new SharedFlush(() => {
    const flush = Promise.withResolvers<void>();
    begun.push(flush);
    return flush.promise;
  });
  const ended: string[] = [];
  const wait = (name: string) =>
    void shared.flushed().then(
      () => ended.push(name),
      (error: unknown) => ended.push(`${name}: ${String(error)}`),
    );
  const settle = (name: string) => void shared.settled().then(() => ended.push(name));
  return { begun, ended, wait, settle };
}

test("a flush covers who asked before it began; all who ask while it is under way share the next", async () => {
  const { begun, ended, wait } = held();
  wait("a");
  wait("b");
  await turn();
  expect(begun).toHaveLength(1);
  wait("c");
  await turn();
  wait("d");
  await turn();
  expect(begun).toHaveLength(1);
  begun[0]?.resolve();
  await turn();
  // What came after the first had begun is not on the disk with it.
  expect(ended).toEqual(["a", "b"]);
  expect(begun).toHaveLength(2);
  begun[1]?.resolve();
  await turn();
  expect(ended).toEqual(["a", "b", "c", "d"]);
  wait("e");
  await turn();
  expect(begun).toHaveLength(3);
});

test("who only has to know that nothing is under way asks for no flush", async () => {
  const { begun, ended, wait, settle } = held();
  settle("none");
  await turn();
  expect([begun.length, ended]).toEqual([0, ["none"]]);
  wait("a");
  settle("next");
  await turn();
  settle("running");
  wait("b");
  settle("the one after");
  begun[0]?.resolve();
  await turn();
  expect(ended.toSorted()).toEqual(["a", "next", "none", "running"]);
  begun[1]?.reject(new Error("EIO"));
  await turn();
  expect(ended.slice(4).toSorted()).toEqual(["b: Error: EIO", "the one after"]);
});

test("one that fails tells those who waited for it, and the next one is tried", async () => {
  const { begun, ended, wait } = held();
  wait("a");
  await turn();
  wait("b");
  begun[0]?.reject(new Error("EIO"));
  await turn();
  expect(ended).toEqual(["a: Error: EIO"]);
  begun[1]?.resolve();
  await turn();
  expect(ended).toEqual(["a: Error: EIO", "b"]);
});
