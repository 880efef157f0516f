import { expect, test } from "vitest";
import { ABORTED, type PortOutcome, portSucceeded } from "../ports/port-call.ts";
import { SharedCall } from "./shared-call.ts";

function begun() {
  const { promise: answered, resolve: answer } = Promise.withResolvers<PortOutcome<string>>();
  const seen = { wasEnded: false, deserted: 0 };
  const call = new SharedCall<string>(
    (signal) => {
      signal.addEventListener("abort", () => {
        seen.wasEnded = true;
        answer(ABORTED);
      });
      return answered;
    },
    () => (seen.deserted += 1),
  );
  return { call, answer, seen };
}

test("whoever gives up leaves at once, and the call goes on for the others", async () => {
  const { call, answer, seen } = begun();
  const [hasty, patient] = [new AbortController(), new AbortController()];
  const [left, stayed] = [call.join(hasty.signal), call.join(patient.signal)];
  hasty.abort();
  expect(await left).toEqual(ABORTED);
  expect(seen).toEqual({ wasEnded: false, deserted: 0 });
  answer(portSucceeded("case-1"));
  expect(await stayed).toEqual(portSucceeded("case-1"));
});

test("it ends with the last who waits, and whoever comes later begins another", async () => {
  const { call, seen } = begun();
  const callers = [new AbortController(), new AbortController()];
  const joined = callers.map(({ signal }) => call.join(signal));
  for (const caller of callers) caller.abort();
  expect(await Promise.all(joined)).toEqual([ABORTED, ABORTED]);
  expect(seen).toEqual({ wasEnded: true, deserted: 1 });
});
