import { expect, test } from "vitest";
import { BlobError } from "./blob-error.ts";
import { blockListXml, parseBlockList } from "./block-list-xml.ts";

test("entries of all three lists are read in their order", () => {
  const xml = `<?xml version="1.0" encoding="utf-8"?>
    <BlockList>
      <Latest>AAAA</Latest><Uncommitted>BB==</Uncommitted>
      <Committed>CCC=</Committed>
    </BlockList>`;
  expect(parseBlockList(xml)).toEqual([
    { list: "Latest", blockId: "AAAA" },
    { list: "Uncommitted", blockId: "BB==" },
    { list: "Committed", blockId: "CCC=" },
  ]);
  expect(parseBlockList("<BlockList></BlockList>")).toEqual([]);
  expect(parseBlockList("<BlockList/>")).toEqual([]);
});

test.each([
  "",
  "<List/>",
  "<BlockList><Latest>A&B</Latest></BlockList>",
  "<BlockList><Latest>AAAA</Committed></BlockList>",
])("%s is refused", (xml) => {
  expect(() => parseBlockList(xml)).toThrow(BlobError);
});

test("a list of eight megabytes is read or refused in a time that grows with its length", () => {
  const blank = " ".repeat(8_000_000);
  const many = "<Latest>AAAA</Latest>".repeat(50_000);
  const hostile = [
    blank,
    `${blank}x`,
    `<?xml ${"?".repeat(8_000_000)}`,
    `<BlockList>${blank}<Latest>AAAA</Latest>${blank}x</BlockList>`,
    `<BlockList><Latest>${blank}</Latest></BlockList>`,
    `<BlockList${"/".repeat(8_000_000)}`,
    `<BlockList>${"</BlockList> ".repeat(600_000)}`,
    `<BlockList>${"<Latest>".repeat(1_000_000)}</BlockList>`,
    `<BlockList><Latest>${"A".repeat(8_000_000)}</Latest></BlockList>`,
    `<BlockList>${many}<Latest>AAAA</Latest></BlockList>`,
  ];
  for (const xml of hostile) expect(() => parseBlockList(xml)).toThrow(BlobError);
  expect(parseBlockList(`<BlockList>${many}</BlockList>`)).toHaveLength(50_000);
});

test("only lists that were asked for are written", () => {
  const xml = blockListXml({ committed: null, uncommitted: [{ blockId: "AAAA", lengthBytes: 3 }] });
  expect(xml).toContain(
    "<UncommittedBlocks><Block><Name>AAAA</Name><Size>3</Size></Block></UncommittedBlocks>",
  );
  expect(xml).not.toContain("<CommittedBlocks>");
});
