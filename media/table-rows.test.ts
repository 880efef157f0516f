import { expect, test } from "vitest";
import { joinParts } from "./box-writer.ts";
import { RunLengths, TableRows } from "./table-rows.ts";

test("a table of more rows than a block holds is written whole, and only once", () => {
  const rows = new TableRows();
  const count = 70_000;
  for (let row = 0; row < count; row++) rows.add(row * 3);
  const table = rows.toBox("test");
  const bytes = joinParts([Buffer.from("before"), table]).subarray("before".length);
  expect(bytes.readUInt32BE(0)).toBe(bytes.length);
  expect(bytes.toString("latin1", 4, 8)).toBe("test");
  expect(bytes.readUInt32BE(12)).toBe(count);
  expect(Array.from({ length: count }, (_, row) => bytes.readUInt32BE(16 + row * 4) / 3)).toEqual(
    Array.from({ length: count }, (_, row) => row),
  );
  // What would stand there otherwise is whatever the memory held before.
  expect(() => joinParts([table])).toThrow("written before");
});

test("equal neighbours are one row, and values are moved up where negative ones could not be written", () => {
  const lengths = new RunLengths();
  for (const value of [-2, -2, 5]) lengths.add(value);
  const bytes = joinParts([lengths.toBox("ctts", 2)]);
  const fields = Array.from({ length: 4 }, (_, field) => bytes.readUInt32BE(16 + field * 4));
  expect(fields).toEqual([2, 0, 1, 7]);
});
