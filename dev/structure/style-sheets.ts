import type { NamedModule } from "./named-modules.ts";

const IMPORT = /@import\s+(?:url\(\s*)?["']?([^"')\s;]+)/g;
const FROM = /(?:\bcomposes\s*:|@value\b)[^;}]*?\bfrom\s+["']([^"']+)["']/g;

/** The sheets that a style sheet imports, and those whose classes or values it takes. */
export function sheetsNamedIn(text: string): NamedModule[] {
  const code = text.replace(/\/\*[\s\S]*?\*\//g, (comment) => " ".repeat(comment.length));
  return [IMPORT, FROM].flatMap((pattern) =>
    [...code.matchAll(pattern)].map(({ 1: named = "", index }) => ({
      specifier: isBeside(named) ? `./${named}` : named,
      isType: false,
      start: index,
    })),
  );
}

/** A sheet may be named without `./`. */
const isBeside = (named: string): boolean => !/^[.#]|:/.test(named) && /^[^/]+\.css$/.test(named);
