import { setImmediate as turn, setTimeout as pause } from "node:timers/promises";
import { describe, expect, it } from "vitest";
import { SenderPriority } from "./sender-priority.ts";

/** Steps that end when they are told to. */
function steps() {
  const begun: (() => void)[] = [];
  const step = (): Promise<void> => new Promise((resolve) => begun.push(resolve));
  return { begun, step };
}

async function* chunks(count: number, ended: () => void): AsyncGenerator<Buffer> {
  try {
    for (let index = 0; index < count; index += 1) yield Buffer.from([index]);
  } finally {
    ended();
  }
}

describe("who sends goes first", () => {
  it("reads beside each other while nobody sends", () => {
    const senders = new SenderPriority();
    const { begun, step } = steps();
    for (let reader = 0; reader < 64; reader += 1) void senders.giveWay(step);
    expect(begun).toHaveLength(64);
  });

  it("reads one step after the other, in the order of asking, while somebody sends", async () => {
    const senders = new SenderPriority();
    const sent = Promise.withResolvers<void>();
    const sending = senders.sending(() => sent.promise);
    let running = 0;
    let most = 0;
    const order: number[] = [];
    const readers = Array.from({ length: 64 }, (_, reader) =>
      senders.giveWay(async () => {
        most = Math.max(most, (running += 1));
        await turn();
        order.push(reader);
        running -= 1;
      }),
    );
    await Promise.all(readers);
    expect(most).toBe(1);
    expect(order).toEqual(order.toSorted((a, b) => a - b));
    sent.resolve();
    await sending;
  });

  it("does not wait for a storage that takes its time, nor for a step that failed", async () => {
    const senders = new SenderPriority();
    const sent = Promise.withResolvers<void>();
    const sending = senders.sending(() => sent.promise);
    const { begun, step } = steps();
    const never = senders.giveWay(step);
    const failing = senders.giveWay(async () => Promise.reject(new Error("gone")));
    const last = senders.giveWay(async () => "read");
    await expect(failing).rejects.toThrow("gone");
    expect(await last).toBe("read");
    begun[0]?.();
    await never;
    sent.resolve();
    await sending;
  });

  it("ends a sending that failed", async () => {
    const senders = new SenderPriority();
    await expect(senders.sending(async () => Promise.reject(new Error("cut")))).rejects.toThrow("cut");
    const { begun, step } = steps();
    for (let reader = 0; reader < 2; reader += 1) void senders.giveWay(step);
    expect(begun).toHaveLength(2);
  });

  it("holds no turn for a reader who takes his time, and closes what he leaves", async () => {
    const senders = new SenderPriority();
    const sent = Promise.withResolvers<void>();
    const sending = senders.sending(() => sent.promise);
    let isClosed = false;
    const slow = senders.inSteps(chunks(3, () => (isClosed = true)));
    expect((await slow.next()).value).toEqual(Buffer.from([0]));
    const quick: number[] = [];
    for await (const chunk of senders.inSteps(chunks(3, () => undefined))) quick.push(chunk[0] ?? -1);
    expect(quick).toEqual([0, 1, 2]);
    await slow.return(undefined);
    expect(isClosed).toBe(true);
    sent.resolve();
    await Promise.all([sending, pause(0)]);
  });
});
