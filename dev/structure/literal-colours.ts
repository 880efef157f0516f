/** A colour has a name in the design system's tokens, so that one place decides it for both pages. */
import type { ProductionFile } from "./production-files.ts";

const TOKENS = "design-system/tokens.css";

const COLOUR =
  /#[0-9a-f]{3,8}\b|\b(?:rgba?|hsla?|hwb|lab|lch|oklab|oklch)\(|:[^;{}]*\b(?:white|black|red)\b(?!-)/i;
const COMMENT = /\/\*[^]*?\*\//g;

/** A sentence for each line of a style sheet that says a colour itself. */
export function colourOffences(files: readonly ProductionFile[]): string[] {
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
