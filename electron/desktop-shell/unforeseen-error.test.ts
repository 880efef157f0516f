import { EventEmitter } from "node:events";
import { expect, test, vi } from "vitest";
import { endAfterUnforeseenError } from "./unforeseen-error.ts";

function watched(stop: () => Promise<void>, patienceMs?: number) {
  const source = new EventEmitter();
  const log = vi.fn<(sentence: string, error: unknown) => void>();
  const ended = Promise.withResolvers<void>();
  const end = vi.fn(() => ended.resolve());
  endAfterUnforeseenError({ log, stop, end, ...(patienceMs === undefined ? {} : { patienceMs }) }, source);
  return { source, log, end, ended: ended.promise };
}

for (const event of ["uncaughtException", "unhandledRejection"]) {
  test(`after ${event} what is under way is brought to its end before the console ends`, async () => {
    const order: string[] = [];
    const { source, log, end, ended } = watched(async () => void order.push("stopped"));
    end.mockImplementation(() => void order.push("ended"));
    const error = new Error("nobody foresaw this");
    source.emit(event, error);
    await expect.poll(() => order).toEqual(["stopped", "ended"]);
    expect(log).toHaveBeenCalledExactlyOnceWith("An unforeseen error.", error);
    void ended;
  });
}

test("an error while it ends is written down and ends it no second time", async () => {
  const stopped = Promise.withResolvers<void>();
  const { source, log, end, ended } = watched(() => stopped.promise);
  source.emit("uncaughtException", new Error("first"));
  source.emit("uncaughtException", new Error("second"));
  stopped.reject(new Error("third"));
  await ended;
  expect(log.mock.calls.map(([, error]) => (error as Error).message)).toEqual(["first", "second", "third"]);
  expect(end).toHaveBeenCalledTimes(1);
});

test("what does not come to its end is not waited for", async () => {
  const { source, ended, end } = watched(() => new Promise(() => undefined), 20);
  source.emit("uncaughtException", new Error("first"));
  await ended;
  expect(end).toHaveBeenCalledTimes(1);
});
