import { expect, test } from "vitest";
import { StayAwake } from "./stay-awake.ts";

test("the machine is kept awake while exports run and it is wanted, and let go once for each time", () => {
  const calls: string[] = [];
  const awake = new StayAwake({
    start: () => calls.push("start"),
    stop: (id) => calls.push(`stop ${id}`) > 0,
  });
  awake.update(true, false);
  awake.update(true, true);
  awake.update(true, true);
  awake.update(false, true);
  awake.update(false, false);
  awake.update(true, true);
  awake.update(true, false);
  expect(calls).toEqual(["start", "stop 1", "start", "stop 3"]);
});
