/** Where a file names another module, in whatever way: imports, types, `require`, addresses, style sheets. */
import { posix } from "node:path";
import { Visitor, type ESTree } from "vite";
import type { ProductionFile } from "./production-files.ts";
import { sheetsNamedIn } from "./style-sheets.ts";

export interface NamedModule {
  /** As it is written; nothing where it is made when the program runs, so that no reader can tell. */
  specifier: string | undefined;
  /** Gone when the program runs. */
  isType: boolean;
  /** Started by its address, as a thread or a process. */
  byAddress?: true;
  /** The place in the file's text. */
  start: number;
}

/** What is code by its name; other files that are found by an address are read, not run. */
const CODE = /\.([cm]?[jt]sx?|css)$/;

/** A text that leads to code beside the file, or behind the folder that a text before it names. */
const LEADS_TO_CODE = /^\/?(\.\.?\/\S+\.(?:[cm]?[jt]sx?|css))$/;

const TYPE_IN_COMMENT = /\bimport\(["']([^"']+)["']\)|@import\b[^"']*?\bfrom\s+["']([^"']+)["']/g;

const known = new WeakMap<ProductionFile, readonly NamedModule[]>();

export function modulesNamedIn(file: ProductionFile): readonly NamedModule[] {
  const before = known.get(file);
  if (before !== undefined) return before;
  const found = file.parsed === undefined ? sheetsNamedIn(file.text) : namedInCode(file, file.parsed);
  known.set(file, found);
  return found;
}

function namedInCode(file: ProductionFile, parsed: NonNullable<ProductionFile["parsed"]>): NamedModule[] {
  const { staticImports, staticExports } = parsed.module;
  const inExpressions = namedInExpressions(parsed.program);
  return [
    ...staticImports.map(({ moduleRequest, entries, start }) => ({
      specifier: moduleRequest.value,
      isType: entries.length > 0 && entries.every((entry) => entry.isType),
      start,
    })),
    ...staticExports.flatMap(({ entries, start }) =>
      entries.flatMap(({ moduleRequest, isType }) =>
        moduleRequest ? [{ specifier: moduleRequest.value, isType, start }] : [],
      ),
    ),
    ...namedInComments(file.path, parsed.comments),
    ...inExpressions.named,
    ...namedInTexts(parsed.program, [
      ...[...staticImports, ...staticExports.filter(namesAModule)],
      ...inExpressions.judged,
    ]),
  ];
}

const namesAModule = ({ entries }: { entries: readonly { moduleRequest: unknown }[] }): boolean =>
  entries.some(({ moduleRequest }) => moduleRequest);

/** A piece of a file's text. */
interface Piece {
  start: number;
  end: number;
}

/** Types of JavaScript are written in its comments, and a directive is a comment. */
function namedInComments(path: string, comments: readonly { value: string; start: number }[]): NamedModule[] {
  const isTyped = /\.[cm]?jsx?$/.test(path);
  return comments.flatMap(({ value, start }) => {
    const found = isTyped ? [...value.matchAll(TYPE_IN_COMMENT)] : [];
    const types = found.map(([, inPlace, atTop]) => inPlace ?? atTop);
    const [, kind, named] = /^\/\s*<reference\s+(path|types)=["']([^"']+)["']/.exec(value) ?? [];
    const referred = named === undefined ? [] : [kind === "path" ? relative(named) : named];
    return [...types, ...referred].map((specifier) => ({ specifier, isType: true, start }));
  });
}

/**
 * Addresses are made in many ways. Whatever is made of it, a text that leads to code is one.
 * @param judged where modules are named by their kind
 */
function namedInTexts(program: ESTree.Program, judged: readonly Piece[]): NamedModule[] {
  const found: NamedModule[] = [];
  const look = ({ start, end }: Piece, text: string | null): void => {
    const [, specifier] = LEADS_TO_CODE.exec(text ?? "") ?? [];
    if (specifier === undefined || judged.some((one) => one.start <= start && end <= one.end)) return;
    found.push({ specifier, isType: false, byAddress: true, start });
  };
  new Visitor({
    Literal: (node) => look(node, typeof node.value === "string" ? node.value : null),
    TemplateElement: (node) => look(node, node.value.cooked),
  }).visit(program);
  return found;
}

function namedInExpressions(program: ESTree.Program): { named: NamedModule[]; judged: Piece[] } {
  const found: NamedModule[] = [];
  const judged: Piece[] = [];
  const requires = requiresIn(program);
  const add = (node: ESTree.Node | undefined, isType = false): void => {
    if (node !== undefined) judged.push(node);
    for (const specifier of textsOf(node)) found.push({ specifier, isType, start: node?.start ?? 0 });
  };
  const addAddress = (node: ESTree.Node, specifiers: readonly (string | undefined)[]): void => {
    judged.push(node);
    for (const specifier of specifiers) {
      if (specifier !== undefined && !CODE.test(specifier)) continue;
      found.push({
        specifier: specifier && relative(specifier),
        isType: false,
        byAddress: true,
        start: node.start,
      });
    }
  };
  new Visitor({
    ImportExpression: (node) => add(node.source),
    TSImportType: (node) => add(node.source, true),
    TSExternalModuleReference: (node) => add(node.expression),
    NewExpression: (node) => {
      if (!isNamed(node.callee, "URL") || !isOfImportMeta(node.arguments[1], "url")) return;
      addAddress(node, textsOf(node.arguments[0]));
    },
    CallExpression: (node) => {
      const [first] = node.arguments;
      if (requires(node.callee) || isOfImportMeta(node.callee, "resolve")) add(first);
      else if (isOfImportMeta(node.callee, "glob"))
        found.push({ specifier: undefined, isType: false, start: node.start });
      else if (isNamed(node.callee, "getBuiltinModule"))
        found.push({ specifier: "node:fs", isType: false, start: node.start });
      else if (isNamed(node.callee, "join", "resolve") && isOfImportMeta(first, "dirname")) {
        addAddress(node, joined(node.arguments.slice(1)));
      }
    },
  }).visit(program);
  return { named: found, judged };
}

/** Tells what calls `require`, also under the names that `createRequire` was given to, or asks it where something is. */
function requiresIn(program: ESTree.Program): (callee: ESTree.Node) => boolean {
  const names = new Set(["require"]);
  const makers = new Set(["createRequire"]);
  const isMade = (node: ESTree.Node | null): boolean =>
    node?.type === "CallExpression" && isNamed(node.callee, ...makers);
  new Visitor({
    ImportSpecifier: ({ imported, local }) => {
      if (imported.type === "Identifier" && makers.has(imported.name)) makers.add(local.name);
    },
    VariableDeclarator: ({ id, init }) => {
      if (id.type === "Identifier" && isMade(init)) names.add(id.name);
    },
  }).visit(program);
  const isRequire = (node: ESTree.Node): boolean =>
    (node.type === "Identifier" && names.has(node.name)) || isMade(node);
  return (callee) =>
    isRequire(callee) ||
    (callee.type === "MemberExpression" && isNamed(callee, "resolve") && isRequire(callee.object));
}

/** Plain text; of a choice, both; nothing where it is made when the program runs. */
function textsOf(node: ESTree.Node | undefined): (string | undefined)[] {
  if (node?.type === "Literal" && typeof node.value === "string") return [node.value];
  if (node?.type === "TemplateLiteral" && node.expressions.length === 0) {
    return [node.quasis[0]?.value.cooked ?? undefined];
  }
  if (node?.type === "ConditionalExpression")
    return [...textsOf(node.consequent), ...textsOf(node.alternate)];
  return [undefined];
}

/** Paths of plain text; a path that is made when the program runs may be that of anything, and is no import. */
function joined(nodes: readonly ESTree.Node[]): string[] {
  let paths = ["."];
  for (const node of nodes) {
    const texts = textsOf(node).filter((text) => text !== undefined);
    paths = paths.flatMap((path) => texts.map((text) => posix.join(path, text)));
  }
  return paths;
}

const relative = (specifier: string): string => (specifier.startsWith(".") ? specifier : `./${specifier}`);

function isNamed(node: ESTree.Node, ...names: readonly string[]): boolean {
  if (node.type === "Identifier") return names.includes(node.name);
  return (
    node.type === "MemberExpression" &&
    node.property.type === "Identifier" &&
    names.includes(node.property.name)
  );
}

const isOfImportMeta = (node: ESTree.Node | undefined, name: string): boolean =>
  node?.type === "MemberExpression" && node.object.type === "MetaProperty" && isNamed(node, name);
