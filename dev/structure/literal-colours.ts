/** A colour has a name in the design system's tokens, so that one place decides it for both pages. */
import type { ProductionFile } from "./production-files.ts";

const TOKENS = "design-system/tokens.css";

const COLOUR =
  /#[0-9a-f]{3,8}\b|\b(?:rgba?|hsla?|hwb|lab|lch|oklab|oklch)\(|:[^;{}]*\b(?:white|black|red)\b(?!-)/i;
const COMMENT = /\/\*[^]*?\*\//g;

/** A text that is a colour, in code that no style sheet reaches, as a window's before its page is there. */
const COLOUR_TEXT = /["'`](#[0-9a-f]{3,8})["'`]/gi;

/** A sentence for each line that says a colour itself: in a style sheet any, in code one that is no token's. */
export function colourOffences(files: readonly ProductionFile[]): string[] {
  const tokens = files.find(({ path }) => path === TOKENS)?.text ?? "";
  return [...offencesInSheets(files), ...offencesInCode(files, tokens)];
}

/** Code cannot read a token, so it has the token's value, and changes with it. */
function offencesInCode(files: readonly ProductionFile[], tokens: string): string[] {
  return files
    .filter(({ path }) => !path.endsWith(".css"))
    .flatMap(({ path, text }) =>
      [...text.matchAll(COLOUR_TEXT)]
        .filter(([, colour]) => !tokens.includes(`: ${colour};`))
        .map(([, colour]) => `${path}: ${colour} is the value of no token of ${TOKENS}.`),
    );
}

function offencesInSheets(files: readonly ProductionFile[]): string[] {
  return files
    .filter(({ path }) => path.endsWith(".css") && path !== TOKENS)
    .flatMap(({ path, text }) =>
      text
        // Lines stay where they are.
        .replaceAll(COMMENT, (comment) => comment.replaceAll(/[^\n]/g, " "))
        .split("\n")
        .flatMap((line, at) =>
          COLOUR.test(line.replaceAll(/"[^"]*"|url\([^)]*\)/g, ""))
            ? [`${path}:${at + 1}: a colour is a token of ${TOKENS}.`]
            : [],
        ),
    );
}
