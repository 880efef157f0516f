/**
 * What could be written in several ways is written in one (decision 141): private members, folders, schemas. A sentence
 * for each place that is written otherwise. Names that others gave, and the few that are kept, stand here by name.
 */
import { Visitor, type ESTree } from "vite";
import { lineFinder } from "./functions.ts";
import type { ProductionFile } from "./production-files.ts";

/** A class here stands behind a Proxy, through which `#name` cannot be reached (dev/chromium-shell/README.md). */
const BEHIND_A_PROXY = "dev/chromium-shell/";

const NOT_FOLDER = new Set(["dir", "dirs", "directory", "directories"]);

/** As Node, TypeScript, Vite, Playwright, electron-builder, Electron and the desktop call them, and arguments in documents. */
const NAMED_BY_OTHERS = new Set([
  ...["isDirectory", "rootDir", "outDir", "emptyOutDir", "publicDir", "testDir", "outputDir"],
  ...["projectDir", "appOutDir", "directories", "workingDirectory", "XDG_DOWNLOAD_DIR", "DIR"],
]);

/** An option of the public start for scripts (docs/reference/automation.md). */
const OF_AUTOMATION = "siteDir";

/** The one folder of archive and evidence service, after their option `--dir`. */
const OF_THE_OPTION = "dir";
const HAVE_THE_OPTION = ["archive/", "evidence-service/", "dev/", "proofs/", "e2e/"];

/** Of zod, and not a schema: what a schema makes of something, and zod's own settings. */
const MAKES_NO_SCHEMA = /parse|^config$|^toJSONSchema$|Error$/i;

export function dialectOffences(files: readonly ProductionFile[]): string[] {
  return files.flatMap((file) => [
    ...offencesOfPath(file.path),
    ...(file.parsed === undefined ? [] : offencesOfText(file, file.parsed.program)),
  ]);
}

function offencesOfPath(path: string): string[] {
  const isOffence = path.split(/[/.-]/).some((word) => NOT_FOLDER.has(word));
  return isOffence ? [`${path}: a folder is called folder.`] : [];
}

function offencesOfText(file: ProductionFile, program: ESTree.Program): string[] {
  const lineAt = lineFinder(file.text);
  const found: string[] = [];
  const tell = (node: { start: number }, sentence: string): void => {
    found.push(`${file.path}:${lineAt(node.start)}: ${sentence}`);
  };
  const member = (node: ESTree.MethodDefinition | ESTree.PropertyDefinition): void => {
    const name = node.key.type === "Identifier" ? node.key.name : "";
    // A class that makes its own objects can say so in no other way.
    if (node.type === "MethodDefinition" && node.kind === "constructor") return;
    const isPrivate = node.accessibility === "private" || node.accessibility === "protected";
    const isUnderlined = name.startsWith("_") && !node.override;
    if ((isPrivate && !file.path.startsWith(BEHIND_A_PROXY)) || isUnderlined) {
      tell(node, `${name}: a private member is written #name.`);
    }
  };
  const folder = (node: { start: number; name: string }): void => {
    if (!isFolderWord(node.name, file.path)) tell(node, `${node.name}: a folder is called folder.`);
  };
  new Visitor({
    MethodDefinition: member,
    PropertyDefinition: member,
    Identifier: folder,
    PrivateIdentifier: folder,
    VariableDeclarator: ({ id, init }) => {
      if (id.type !== "Identifier" || isSchemaName(id.name, init)) return;
      tell(id, `${id.name}: a schema is called by what it is of, as in caseSchema.`);
    },
  }).visit(program);
  return [...new Set(found)];
}

function isFolderWord(name: string, path: string): boolean {
  if (!wordsOf(name).some((word) => NOT_FOLDER.has(word))) return true;
  if (name === OF_THE_OPTION) return HAVE_THE_OPTION.some((program) => path.startsWith(program));
  return name === OF_AUTOMATION || NAMED_BY_OTHERS.has(name);
}

const wordsOf = (name: string): string[] =>
  (name.match(/[A-Z]?[a-z0-9]+|[A-Z0-9]+(?![a-z])/g) ?? []).map((word) => word.toLowerCase());

function isSchemaName(name: string, init: ESTree.Expression | null): boolean {
  return isSchema(init) ? /^(schema|[a-z]\w*Schema)$/.test(name) : !/^[A-Z][a-z]\w*Schema$/.test(name);
}

/** Whether an expression is a chain of calls that begins with zod's `z`. */
function isSchema(init: ESTree.Expression | null): boolean {
  if (init?.type !== "CallExpression" || init.callee.type !== "MemberExpression") return false;
  const { object, property } = init.callee;
  if (property.type === "Identifier" && MAKES_NO_SCHEMA.test(property.name)) return false;
  return beginsWithZod(object);
}

function beginsWithZod(node: ESTree.Expression): boolean {
  if (node.type === "Identifier") return node.name === "z";
  if (node.type === "MemberExpression") return beginsWithZod(node.object);
  return node.type === "CallExpression" && beginsWithZod(node.callee);
}
