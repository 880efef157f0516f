/** A fenced block of a document. */
export interface FencedBlock {
  /** The first word after the fence, such as `sh`; empty where there is none. */
  readonly language: string;
  /** The words after it. */
  readonly words: string;
  readonly text: string;
  /** Of the fence, counted from 1. */
  readonly line: number;
}

/** The fenced blocks of a document in Markdown, in their order. */
export function fencedBlocks(markdown: string): FencedBlock[] {
  return [...markdown.matchAll(/^```([^\n]*)\n(.*?)^```$/gms)].map(
    ({ 1: info = "", 2: text = "", index }) => {
      const [language = "", ...words] = info.split(" ");
      return { language, words: words.join(" "), text, line: markdown.slice(0, index).split("\n").length };
    },
  );
}

/**
 * What is typed at once: a line, with those that it goes on in behind a backslash. A block with a text for a command's
 * input (`<<`) is one command.
 */
export function commandsIn({ text }: FencedBlock): string[] {
  if (text.includes("<<")) return [text.trim()];
  return text
    .replaceAll("\\\n", "")
    .split("\n")
    .map((line) => line.replace(/(^|\s+)#( .*)?$/, "").trim())
    .filter((line) => line !== "");
}
