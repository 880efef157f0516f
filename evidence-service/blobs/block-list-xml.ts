/** The two XML bodies of the block list operations; ids are base64, so nothing needs unescaping. */
import { BlobError } from "./blob-error.ts";
import type { BlockListEntry } from "./blob-write.ts";

/** Nothing in it can be read in two ways, so that its time grows with the text and not with its square. */
const ENTRY = /<(Latest|Committed|Uncommitted)>\s*([A-Za-z0-9+/=]{1,128})\s*<\/\1>\s*/y;
const OPENS = "<BlockList";
const CLOSES = "</BlockList>";
/** Azure's limit of blocks in one blob. */
const MAX_BLOCKS = 50_000;

/** @throws BlobError InvalidXmlDocument, BlockListTooLong */
export function parseBlockList(xml: string): BlockListEntry[] {
  const inner = innerOf(xml.trim());
  const entries: BlockListEntry[] = [];
  const entry = new RegExp(ENTRY);
  while (entry.lastIndex < inner.length) {
    const found = entry.exec(inner);
    if (found?.[1] === undefined || found[2] === undefined) throw invalid();
    if (entries.length === MAX_BLOCKS) {
      throw new BlobError("BlockListTooLong", `A blob has at most ${MAX_BLOCKS} blocks.`);
    }
    entries.push({ list: listName(found[1]), blockId: found[2] });
  }
  return entries;
}

/** What stands between the outer tags; `trim` takes a byte order mark for a blank. */
function innerOf(text: string): string {
  const declared = text.startsWith("<?xml");
  const afterDeclaration = declared ? text.indexOf("?>") + 2 : 0;
  if (declared && afterDeclaration === 1) throw invalid();
  const list = text.slice(afterDeclaration).trimStart();
  const bodyAt = list.indexOf(">") + 1;
  if (!list.startsWith(OPENS) || bodyAt === 0 || !/[\s/>]/.test(list.charAt(OPENS.length))) throw invalid();
  if (list.charAt(bodyAt - 2) === "/") {
    if (bodyAt !== list.length) throw invalid();
    return "";
  }
  if (!list.endsWith(CLOSES)) throw invalid();
  return list.slice(bodyAt, -CLOSES.length).trim();
}

function listName(tag: string): BlockListEntry["list"] {
  return tag === "Committed" || tag === "Uncommitted" ? tag : "Latest";
}

function invalid(): BlobError {
  return new BlobError("InvalidXmlDocument", "The body is not a block list.");
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
