/** The two XML bodies of the block list operations; ids are base64, so nothing needs unescaping. */
import { BlobError } from "./blob-error.ts";
import type { BlockListEntry } from "./block-blob.ts";

const ENTRY = /<(Latest|Committed|Uncommitted)>\s*([A-Za-z0-9+/=]+)\s*<\/\1>/y;
const ENVELOPE = /^\s*(?:\uFEFF)?(?:<\?xml[^>]*\?>)?\s*<BlockList[^>]*?(?:\/>|>([\s\S]*)<\/BlockList>)\s*$/;
/** Azure's limit of blocks in one blob. */
const MAX_BLOCKS = 50_000;

/** @throws BlobError InvalidXmlDocument, BlockListTooLong */
export function parseBlockList(xml: string): BlockListEntry[] {
  const envelope = ENVELOPE.exec(xml);
  if (envelope === null) throw invalid();
  const inner = (envelope[1] ?? "").trim();
  const entries: BlockListEntry[] = [];
  const entry = new RegExp(ENTRY);
  while (entry.lastIndex < inner.length) {
    const found = entry.exec(inner);
    if (found?.[1] === undefined || found[2] === undefined) throw invalid();
    entries.push({ list: listName(found[1]), blockId: found[2] });
    while (/\s/.test(inner[entry.lastIndex] ?? "")) entry.lastIndex += 1;
  }
  if (entries.length > MAX_BLOCKS) {
    throw new BlobError(400, "BlockListTooLong", `A blob has at most ${MAX_BLOCKS} blocks.`);
  }
  return entries;
}

function listName(tag: string): BlockListEntry["list"] {
  return tag === "Committed" || tag === "Uncommitted" ? tag : "Latest";
}

function invalid(): BlobError {
  return new BlobError(400, "InvalidXmlDocument", "The body is not a block list.");
}

interface ListedBlock {
  readonly blockId: string;
  readonly lengthBytes: number;
}

/** @param lists null for a list that was not asked for */
export function blockListXml(lists: {
  committed: readonly ListedBlock[] | null;
  uncommitted: readonly ListedBlock[] | null;
}): string {
  const block = ({ blockId, lengthBytes }: ListedBlock): string =>
    `<Block><Name>${blockId}</Name><Size>${lengthBytes}</Size></Block>`;
  const list = (tag: string, blocks: readonly ListedBlock[] | null): string =>
    blocks === null ? "" : `<${tag}>${blocks.map(block).join("")}</${tag}>`;
  const inner = list("CommittedBlocks", lists.committed) + list("UncommittedBlocks", lists.uncommitted);
  return `<?xml version="1.0" encoding="utf-8"?><BlockList>${inner}</BlockList>`;
}

export function errorXml(code: string, message: string): string {
  const escaped = message.replaceAll("&", "&amp;").replaceAll("<", "&lt;");
  return `<?xml version="1.0" encoding="utf-8"?><Error><Code>${code}</Code><Message>${escaped}</Message></Error>`;
}
