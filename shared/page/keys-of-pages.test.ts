import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { join as joinPath } from "node:path/posix";
import { describe, expect, test } from "vitest";

const ROOT = join(import.meta.dirname, "../..");

/** Both pages, and what makes the sheet of each. */
const PAGES = [
  { name: "console", folder: "renderer", sheet: "renderer/app-shell/console-key-sheet.ts" },
  {
    name: "web application",
    folder: "web-app",
    sheet: "web-app/pages/web-key-sheet.ts",
  },
];

interface Source {
  readonly path: string;
  readonly text: string;
}

/** What a page is made of: all that its beginning leads to, there and in the design system. */
async function sourcesOf(folder: string): Promise<Source[]> {
  const sources = new Map<string, Source>();
  const waiting = [`${folder}/main.tsx`];
  for (let path = waiting.pop(); path !== undefined; path = waiting.pop()) {
    if (sources.has(path)) continue;
    const text = await readFile(join(ROOT, path), "utf8");
    sources.set(path, { path, text });
    const imported = [...text.matchAll(/(?:from |import |import\()"([.#][^"]+\.tsx?)"/g)].map(
      ([, name]) => name!,
    );
    const paths = imported.map((name) => (name.startsWith("#") ? name.slice(1) : joinPath(path, "..", name)));
    waiting.push(...paths.filter((near) => [folder, "design-system"].includes(near.split("/")[0]!)));
  }
  return [...sources.values()];
}

/** A look at a key past the tables. */
const RAW_LOOK =
  /\b(?:event|pressed|nativeEvent|e)\.(?:key|code|keyCode|which)\b|getModifierState|\{[^}]*\bkey\b[^}]*\} = (?:event|pressed)/g;
/** The table said that it is a letter; which one, only the key tells. */
const LETTER_OF_A_NAME = "rowByLetter(rows, active, event.key)";
const LISTENS = /onKey(?:Down|Up|Press)=|addEventListener\("key/;
const ASKS = /\b(?:answerKey|actionOf)\(/;
/** Hands the key on to who asks the table. */
const HANDS_ON =
  /onKeyDown=\{(?:step|byKey|press|props\.onKeyDown|\(event\) => (?:walk|pressTile|pressKey)\(event)/;

describe.each(PAGES)("the $name", ({ folder, sheet }) => {
  test("looks at a key only through a table of keys", async () => {
    const sources = await sourcesOf(folder);
    expect(sources.length).toBeGreaterThan(20);
    const raw = sources.flatMap(({ path, text }) =>
      [...text.replace(LETTER_OF_A_NAME, "").matchAll(RAW_LOOK)].map(([look]) => `${path}: ${look}`),
    );
    expect(raw).toEqual([]);
    const deaf = sources.filter(({ text }) => LISTENS.test(text) && !ASKS.test(text) && !HANDS_ON.test(text));
    expect(deaf.map(({ path }) => path)).toEqual([]);
  });

  test("shows every table of keys in its sheet, and answers every table that it shows", async () => {
    const sources = await sourcesOf(folder);
    const shown = (await readFile(join(ROOT, sheet), "utf8")).split("keySheetOf([")[1] ?? "";
    const tables = sources.flatMap(({ path, text }) =>
      [...text.matchAll(/^export const (\w+) = keyTable\(/gm)].map(([, name]) => ({ name: name!, path })),
    );
    expect(tables.length).toBeGreaterThan(2);
    for (const { name } of tables) {
      const asks = sources.filter(({ text }) => new RegExp(`(?:answerKey|actionOf)\\(${name},`).test(text));
      expect({ name, isShown: shown.includes(`${name},`), isAnswered: asks.length > 0 }).toEqual({
        name,
        isShown: true,
        isAnswered: true,
      });
    }
    expect(shown).toContain("SHEET_KEYS,");
  });
});
