import { expect, test } from "vitest";
import { afterAskingAgain, afterStartingOver, isInVain, type StartedOver } from "./started-over.ts";

const REASON = { code: "NOT_FOUND", message: "The service does not know it." } as const;

function after(...confirmed: number[]): StartedOver {
  let startedOver: StartedOver | undefined;
  for (const [index, bytes] of confirmed.entries())
    startedOver = afterStartingOver(startedOver, { confirmedBytes: bytes, reason: REASON }, index);
  if (startedOver === undefined) throw new Error("It was never forgotten.");
  return startedOver;
}

test("three times in a row without a byte more than ever before is in vain", () => {
  expect(isInVain(after(0, 0))).toBe(false);
  expect(isInVain(after(0, 0, 0))).toBe(true);
  expect(isInVain(after(5, 5, 4, 3))).toBe(true);
});

test("one byte more begins the count anew", () => {
  expect(after(0, 0, 1)).toMatchObject({ times: 3, inVain: 0, mostConfirmedBytes: 1, lastUtcMs: 2 });
  expect(isInVain(after(5, 5, 5, 6, 6, 6))).toBe(false);
});

test("whoever presses Retry has three more tries, and what was is still told", () => {
  const asked = afterAskingAgain(after(0, 0, 0));
  expect(asked).toMatchObject({ times: 3, inVain: 0, reason: REASON });
  expect(afterAskingAgain(undefined)).toBeUndefined();
});
