/**
 * The table of walls as a rule of the linter (`.oxlintrc.json`): an editor shows a breach where it is typed. Style sheets,
 * which a linter does not read, idle rows and circles are left to `check-structure.ts`.
 */
import { join, relative, sep } from "node:path";
import { productionFile } from "./production-files.ts";
import { breachesIn } from "./wall-breaches.ts";
import { WALLS } from "./walls.ts";

interface Place {
  readonly line: number;
  readonly column: number;
}

/** What the rule needs of a file that is linted, as ESLint has it. */
interface LintedFile {
  readonly filename: string;
  readonly sourceCode: { readonly text: string; getLocFromIndex(index: number): Place };
  report(found: { readonly message: string; readonly loc: Place }): void;
}

const ROOT = join(import.meta.dirname, "..", "..");

function reportBreaches(linted: LintedFile): void {
  const { filename, sourceCode } = linted;
  const path = relative(ROOT, filename).split(sep).join("/");
  for (const { sentence, start } of breachesIn(productionFile(path, sourceCode.text), WALLS)) {
    linted.report({ message: sentence, loc: sourceCode.getLocFromIndex(start) });
  }
}

export default {
  meta: { name: "walls" },
  rules: { table: { create: (linted: LintedFile) => ({ Program: () => reportBreaches(linted) }) } },
};
