import { describe, expect, it } from "vitest";
import { customFieldIssue, entryFor } from "./custom-field.ts";

describe("a custom field", () => {
  it("is entered by its type, and as text where the type is not known", () => {
    expect(
      ["Boolean", "Number", "Date", "DateTime", "MultilineText", "String", "Colour"].map(entryFor),
    ).toEqual(["yes-no", "number", "date", "date", "lines", "text", "text"]);
  });

  it("refuses what its type cannot hold, in words", () => {
    expect(customFieldIssue("Number", "12.5")).toBeNull();
    expect(customFieldIssue("Number", "twelve")).toBe("Enter a number.");
    expect(customFieldIssue("Date", "2026-02-30")).toBe("Enter a date as YYYY-MM-DD.");
    expect(customFieldIssue("Date", "2026-02-28")).toBeNull();
    expect(customFieldIssue("Date", "")).toBeNull();
    expect(customFieldIssue("Date", " \u00A0\u3000")).toBeNull();
  });
});
