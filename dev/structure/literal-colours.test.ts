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
