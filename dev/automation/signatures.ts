/**
 * What a script can call, as docs/reference/automation.md says it: the public members of the screen objects, read from
 * their source, as interfaces. `node dev/automation/signatures.ts --write` puts them into the document.
 */
import { globSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { format, resolveConfig } from "prettier";

const rootFolder = fileURLToPath(new URL("../../", import.meta.url));
export const DOCUMENT = join(rootFolder, "docs", "reference", "automation.md");

/** Types by their names, each a declaration in TypeScript. */
export type Declarations = ReadonlyMap<string, string>;

/** Reads every class, interface, type and function that the entry for scripts gives out. */
export function readDeclarations(): Declarations {
  const files = [join(rootFolder, "e2e", "fixture", "console.ts"), ...screenObjectFiles()];
  const declared = files.flatMap((path) => declarationsIn(withoutComments(readFileSync(path, "utf8"))));
  return new Map(declared);
}

function screenObjectFiles(): string[] {
  return globSync(join(rootFolder, "e2e", "screen-objects", "*.ts")).toSorted();
}

function withoutComments(source: string): string {
  return source.replaceAll(/\/\*[\s\S]*?\*\//g, "").replaceAll(/^\s*\/\/.*$/gm, "");
}

function declarationsIn(source: string): [string, string][] {
  const found: [string, string][] = [];
  for (const match of source.matchAll(/^export (class|interface) (\w+)[^{]*\{/gm)) {
    const [head, kind, name] = match;
    const body = bodyAt(source, match.index + head.length);
    const members = kind === "class" ? membersOf(body).join("") : body;
    found.push([name ?? "", `interface ${name} {${members}}`]);
  }
  for (const [, name, type] of source.matchAll(/^export type (\w+) =([^;]+);/gm))
    found.push([name ?? "", `type ${name} =${type};`]);
  for (const [, name, rest] of source.matchAll(/^export (?:async )?function (\w+)(\([^{]*?) \{$/gm))
    found.push([name ?? "", `declare function ${name}${rest};`]);
  return found;
}

/** The text up to the brace that closes the one before `start`. */
function bodyAt(source: string, start: number): string {
  let depth = 1;
  for (let at = start; at < source.length; at += 1) {
    if (source[at] === "{") depth += 1;
    if (source[at] === "}") depth -= 1;
    if (depth === 0) return source.slice(start, at);
  }
  throw new Error("A declaration does not end.");
}

/** Public members of a class as members of an interface, in the order of the source. */
function membersOf(body: string): string[] {
  const members: string[] = [];
  let text = "";
  let brackets = 0;
  for (let at = 0; at < body.length; at += 1) {
    const character = body[at] ?? "";
    if (character === "(") brackets += 1;
    if (character === ")") brackets -= 1;
    const isBody = character === "{" && brackets === 0;
    if (isBody) at += bodyAt(body, at + 1).length + 1;
    if (!isBody && !(character === ";" && brackets === 0)) {
      text += character;
      continue;
    }
    members.push(...memberOf(text.trim()));
    text = "";
  }
  return members;
}

function memberOf(text: string): string[] {
  if (text === "" || /^(constructor|(readonly |async )?#)/.test(text)) return [];
  const signature = text
    .replace(/^async /, "")
    .replace(/^get (\w+)\(\)/, "readonly $1")
    .replace(/^(\w+) = (?:async )?(\([^]*?\): [^=]+) =>[^]*$/, "$1$2")
    .replaceAll(/(\w+) = [\d_]+/g, "$1?: number");
  return [`${signature};`];
}

/** Each declaration as the document has it. */
export async function writtenDeclarations(): Promise<Declarations> {
  const options = { ...(await resolveConfig(DOCUMENT)), parser: "typescript" };
  const written = [...readDeclarations()].map(
    async ([name, text]) =>
      [name, (await format(text.replaceAll(/\n\s*\n/g, "\n"), options)).trim()] as const,
  );
  return new Map(await Promise.all(written));
}

const BLOCK = /^```ts\n((?:interface|type|declare function) (\w+)[^]*?)\n```$/gm;

/** The declarations that the document has, by the name of the type. */
export function documentedDeclarations(document: string): Declarations {
  return new Map([...document.matchAll(BLOCK)].map(([, text = "", name = ""]) => [name, text]));
}

if (process.argv[2] === "--write") {
  const written = await writtenDeclarations();
  const document = readFileSync(DOCUMENT, "utf8");
  writeFileSync(
    DOCUMENT,
    document.replaceAll(BLOCK, (block, _text: string, name: string) => {
      const text = written.get(name);
      return text === undefined ? block : `\`\`\`ts\n${text}\n\`\`\``;
    }),
  );
}
