/** What a document in Markdown points at: its links, and files of this repository that it names in `code`. */

/** A link, or a name in backticks. */
interface Mention {
  /** As it stands there: `../glossary.md#words`, `electron/main.ts`. */
  readonly name: string;
  /** Of the line it stands in, counted from 1. */
  readonly line: number;
}

/** Links that lead to another place of this repository or of the same document. */
export function linksIn(markdown: string): Mention[] {
  const links = mentions(markdown, /\]\(([^)\s]+)\)/g);
  return links.filter(({ name }) => !/^[a-z]+:/.test(name));
}

/**
 * Names in backticks that can only mean source files or folders of this repository.
 * @param topFolders the names of its top-level folders
 */
export function sourcesNamedIn(markdown: string, topFolders: ReadonlySet<string>): Mention[] {
  const named = mentions(markdown, /`([^`\s]+)`/g);
  return named.filter(({ name }) => isSourceFile(name) || isFolder(name, topFolders));
}

const isSourceFile = (name: string): boolean => /^[\w@][\w@./-]*\.(ts|tsx|mjs|css|yml)$/.test(name);

function isFolder(name: string, topFolders: ReadonlySet<string>): boolean {
  const [top = "", ...below] = name.split("/");
  return below.length > 0 && topFolders.has(top) && /^[\w-]+(\/[\w-]+)*\/?$/.test(name);
}

/** The name that GitHub gives to a heading, for links that lead to it. */
function anchorOf(heading: string): string {
  return heading
    .toLowerCase()
    .replaceAll(/[^\p{L}\p{N}\s_-]/gu, "")
    .replaceAll(/\s/g, "-");
}

export const anchorsIn = (markdown: string): Set<string> =>
  new Set([...withoutBlocks(markdown).matchAll(/^#+ (.+)$/gm)].map(([, heading = ""]) => anchorOf(heading)));

function mentions(markdown: string, pattern: RegExp): Mention[] {
  return withoutBlocks(markdown)
    .split("\n")
    .flatMap((text, index) =>
      [...text.matchAll(pattern)].map(([, name = ""]) => ({ name, line: index + 1 })),
    );
}

/** Fenced blocks are commands and examples; their lines are left empty, so that the others keep their numbers. */
const withoutBlocks = (markdown: string): string =>
  markdown.replaceAll(/^```[^]*?^```$/gm, (block) => block.replaceAll(/[^\n]/g, ""));
