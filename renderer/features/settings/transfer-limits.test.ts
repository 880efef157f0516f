import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { bandwidthOf, gbOf, mbitOf, quotaBytesOf } from "./transfer-limits.ts";

describe("limits of the transfer", () => {
  it("come back as they were written, to the byte", () => {
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 2 ** 45 }), (bytes) => {
        expect(quotaBytesOf(gbOf(bytes))).toBe(bytes);
        expect(bandwidthOf(mbitOf(bytes))).toBe(bytes);
      }),
    );
  });

  it("are read with a point or a comma", () => {
    expect(quotaBytesOf("1,5")).toBe(1_500_000_000);
    expect(bandwidthOf("8")).toBe(1_000_000);
  });

  it("know no cap from a wrong one", () => {
    expect(bandwidthOf(" ")).toBe("none");
    expect(mbitOf(null)).toBe("");
    expect([bandwidthOf("0"), bandwidthOf("fast"), quotaBytesOf(""), quotaBytesOf("-1")]).toEqual([
      null,
      null,
      null,
      null,
    ]);
  });
});
