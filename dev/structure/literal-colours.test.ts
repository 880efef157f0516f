import { readFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import { colourOffences } from "./literal-colours.ts";
import { productionFile } from "./production-files.ts";

const offences = (text: string, path = "app/a.css"): string[] => colourOffences([productionFile(path, text)]);

test.each(["color: #fff;", "border: 1px solid #16202C;", "background: rgb(0 0 0 / 75%);", "color: white;"])(
  "a style sheet does not say %s itself",
  (declaration) => {
    const text = `/* one\ntwo */\n.a {\n  ${declaration}\n}`;
    expect(offences(text)).toEqual(["app/a.css:4: a colour is a token of design-system/tokens.css."]);
    expect(offences(text, "design-system/tokens.css")).toEqual([]);
  },
);

test("tokens, mixtures of them and other words are left alone", () => {
  for (const declaration of [
    "color: var(--text-1);",
    "background: color-mix(in srgb, var(--bg-1) 50%, transparent);",
    "white-space: nowrap;",
    "background: url(#abc);",
    "/* #fff */",
  ]) {
    expect(offences(`.a { ${declaration} }`), declaration).toEqual([]);
  }
});

test("a colour in code is the value of a token", () => {
  const tokens = productionFile("design-system/tokens.css", ":root { --bg-0: #0a0d11; }");
  const told = (text: string) => colourOffences([tokens, productionFile("app/a.ts", text)]);
  expect(told('const BACKGROUND = "#0a0d11";')).toEqual([]);
  expect(told('const BACKGROUND = "#0f1216";')).toEqual([
    "app/a.ts: #0f1216 is the value of no token of design-system/tokens.css.",
  ]);
});

test("so is the one that a browser is told before the page is there", () => {
  const read = (...path: string[]) => readFileSync(join(import.meta.dirname, "..", "..", ...path), "utf8");
  const [, colour] = /name="theme-color" content="(.+?)"/.exec(read("web-app", "index.html")) ?? [];
  expect(read("design-system", "tokens.css")).toContain(`--bg-0: ${colour};`);
});
