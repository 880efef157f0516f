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

test("only lists that were asked for are written", () => {
  const xml = blockListXml({ committed: null, uncommitted: [{ blockId: "AAAA", lengthBytes: 3 }] });
  expect(xml).toContain(
    "<UncommittedBlocks><Block><Name>AAAA</Name><Size>3</Size></Block></UncommittedBlocks>",
  );
  expect(xml).not.toContain("<CommittedBlocks>");
});
