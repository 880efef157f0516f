import { expect, test } from "vitest";
import { giveBack } from "./give-back.ts";

test("what has its memory to itself gives it back at once", () => {
  const before = process.memoryUsage().arrayBuffers;
  for (let round = 0; round < 100; round++) giveBack(Buffer.alloc(10 << 20, 1));
  // A gigabyte has come and gone; collected later, most of it would be here still.
  expect(process.memoryUsage().arrayBuffers - before).toBeLessThan(50 << 20);
});

test("what shares its memory keeps it", () => {
  const whole = Buffer.alloc(1 << 20, 7);
  giveBack(whole.subarray(10));
  giveBack(Buffer.from("short ones lie in a pool of Node's"));
  expect(whole.at(-1)).toBe(7);
});
