/**
 * Links in documents lead somewhere, the files they name are there, each room is in the architecture, and each decision
 * is a page that the index lists.
 */
import { readdir, readFile } from "node:fs/promises";
import { dirname, join, normalize, sep } from "node:path";
import { describe, expect, test } from "vitest";
import { rootFolder } from "#dev/launch/run-program.mjs";
import { isOfProgram } from "#dev/structure/production-files.ts";
import { WALLS } from "#dev/structure/walls.ts";
import { anchorsIn, linksIn, sourcesNamedIn } from "./named-files.ts";

/** A page of a decision, in characters; a table's blanks count too. */
const PAGE_LENGTH = 3_400;
/** Folders and files of a site, in which programs keep what is theirs under names like those of the sources. */
const OF_A_SITE = new Set([
  "archive/footage/CAMERA/SESSION/",
  "archive/loops/",
  "archive/thumbnails/",
  "evidence-service/blobs/belongs-to",
  "evidence-service/metadata-id",
  "evidence-service/port",
]);
const NOT_SOURCES = new Set([
  ...["node_modules", "out", "release", "test-results", "coverage"],
  ...[".git", ".tsbuild", ".site"],
]);

const files = await filesOfTheRepository();
const folders = new Set(files.flatMap((file) => foldersAbove(file)));
const topFolders = new Set([...folders].filter((folder) => !folder.includes("/")));
const documents = files.filter((file) => /^(docs\/.*|README|CONTRIBUTING)\.md$/.test(file));
const textOf = new Map(await Promise.all(documents.map(async (name) => [name, await read(name)] as const)));
const decisions = documents.filter((name) => /^docs\/decisions\/\d{4}-/.test(name));

/** @returns paths below the root, with `/` */
async function filesOfTheRepository(): Promise<string[]> {
  const entries = await readdir(rootFolder, { withFileTypes: true });
  const found = entries.filter((entry) => entry.isFile()).map(({ name }) => name);
  for (const { name } of entries.filter((entry) => entry.isDirectory() && !NOT_SOURCES.has(entry.name))) {
    const below = await readdir(join(rootFolder, name), { recursive: true, withFileTypes: true });
    for (const file of below.filter((entry) => entry.isFile()))
      found.push(
        join(file.parentPath, file.name)
          .slice(rootFolder.length)
          .replace(/^[/\\]/, ""),
      );
  }
  return found.map((file) => file.replaceAll(sep, "/"));
}

function foldersAbove(file: string): string[] {
  const parts = file.split("/").slice(0, -1);
  return parts.map((_, index) => parts.slice(0, index + 1).join("/"));
}

async function read(name: string): Promise<string> {
  return await readFile(join(rootFolder, name), "utf8");
}

/** A file may be named by the end of its path, as `seeking.ts` or `limits/reading-turns.ts`; a folder not. */
function isThere(name: string): boolean {
  const path = name.replace(/\/$/, "");
  return folders.has(path) || files.some((file) => file === path || file.endsWith(`/${path}`));
}

function leadsSomewhere(document: string, link: string): boolean {
  const [path = "", anchor] = link.split("#");
  const target =
    path === ""
      ? document
      : normalize(join(dirname(document), path))
          .replaceAll(sep, "/")
          .replace(/\/$/, "");
  if (!files.includes(target) && !folders.has(target)) return false;
  return anchor === undefined || anchorsIn(textOf.get(target) ?? "").has(anchor);
}

describe("in the documents", () => {
  test.each(documents)("%s, every link leads somewhere", (document) => {
    const links = linksIn(textOf.get(document) ?? "");
    expect(links.filter(({ name }) => !leadsSomewhere(document, name))).toEqual([]);
  });

  test.each(documents)("%s, every file and folder that is named is there", (document) => {
    const named = sourcesNamedIn(textOf.get(document) ?? "", topFolders);
    expect(named.filter(({ name }) => !OF_A_SITE.has(name) && !isThere(name))).toEqual([]);
  });
});

test("the architecture names every folder at the top", () => {
  const [, table = ""] = /^## Folders$([^]*?)^## /m.exec(textOf.get("docs/architecture.md") ?? "") ?? [];
  const named = [...table.matchAll(/`([^`/]+)\/`/g)].map(([, folder]) => folder);
  expect([...topFolders].filter((folder) => !named.includes(folder))).toEqual([]);
});

test("the architecture says of every room what may be touched there", () => {
  const architecture = textOf.get("docs/architecture.md") ?? "";
  const rooms = new Set([...architecture.matchAll(/^\| `([^`]+)` +\|/gm)].map(([, room]) => room));
  const isNamed = (room: string): boolean =>
    rooms.has(room) || (!isOfProgram(room) && rooms.has(room.split("/")[0] ?? room));
  expect(WALLS.map(({ room }) => room).filter((room) => !isNamed(room))).toEqual([]);
});

const byText = (a = "", b = ""): number => (a < b ? -1 : 1);

describe("the decisions", () => {
  test("are a page each", () => {
    const long = decisions.filter((name) => (textOf.get(name) ?? "").length > PAGE_LENGTH);
    expect(long).toEqual([]);
  });

  test("stand in the index under their titles, each once", () => {
    const index = textOf.get("docs/decisions/README.md") ?? "";
    const listed = [...index.matchAll(/^- (\[.+\]\(.+?\))/gm)].map(([, link]) => link);
    const written = decisions.map((name) => {
      const [, title] = /^# (.+)$/m.exec(textOf.get(name) ?? "") ?? [];
      return `[${title}](${name.replace("docs/decisions/", "")})`;
    });
    expect(listed.toSorted(byText)).toEqual(written.toSorted(byText));
  });
});
