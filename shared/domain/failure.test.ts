import { describe, expect, test } from "vitest";
import type { AnsweredCode, FailureCode } from "./failure-codes.ts";
import { type Failure, failed, failureOfExport } from "./failure.ts";
import { foreignCode } from "./foreign-code.ts";

describe("a failure", () => {
  test("has a code of the tables; another literal does not compile", () => {
    // @ts-expect-error -- no table has this code
    const made: Failure = { code: "NO_SUCH_CODE", message: "It is so.", action: "Do this." };
    // @ts-expect-error -- no table has this code
    expect(failed("NO_SUCH_CODE", "It is so.").error.code).toBe(made.code);
    // @ts-expect-error -- whatever text comes from elsewhere is read by a parser first
    const text: Failure["code"] = String("NO_FOOTAGE");
    expect(failureOfExport({ code: foreignCode(text), message: "No." }).code).toBe("NO_FOOTAGE");
  });

  test("says what can be done; without that it does not compile", () => {
    // @ts-expect-error -- an action is missing
    const made: Failure = { code: "INTERNAL", message: "It is so." };
    expect(failureOfExport(made).action).toMatch(/Retry/);
  });
});

test("a code without advice does not compile", () => {
  type Table = Readonly<Record<AnsweredCode, string>>;
  const given = {} as Omit<Table, "NOT_SIGNED_IN">;
  // @ts-expect-error -- a code is missing in the table
  const table: Table = given;
  // @ts-expect-error -- a code that no table has is none
  const code: FailureCode = "NO_SUCH_CODE";
  expect(code in table).toBe(false);
});
