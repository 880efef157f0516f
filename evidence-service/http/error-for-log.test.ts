import { expect, test } from "vitest";
import { errorForLog } from "./error-for-log.ts";

test("the log has what went wrong and why, and nothing else that hangs on an error", () => {
  const refused = Object.assign(new Error("refused"), {
    code: "ECONNREFUSED",
    client: { password: "secret" },
  });
  const logged = errorForLog(new TypeError("cannot ask", { cause: refused }));
  expect(logged).toMatchObject({
    type: "TypeError",
    message: "cannot ask",
    cause: { message: "refused", code: "ECONNREFUSED" },
  });
  expect(JSON.stringify(logged)).not.toContain("secret");
});

test("causes that go round end", () => {
  const round = new Error("round");
  round.cause = round;
  expect(JSON.stringify(errorForLog(round)).split('"message"')).toHaveLength(7);
});

test("what is thrown and is no error is told as it is", () => {
  expect(errorForLog("gone")).toEqual({ type: "string", message: "gone", stack: "" });
});
