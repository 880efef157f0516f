import { glob, readFile } from "node:fs/promises";
import { join } from "node:path";
import { expect, test } from "vitest";

const ROOT = join(import.meta.dirname, "../..");

test("nothing is hidden by its colour: forced colours would show it, a tick in an empty box", async () => {
  const found: string[] = [];
  for await (const path of glob("{design-system,renderer,web-app}/**/*.css", { cwd: ROOT })) {
    const text = await readFile(join(ROOT, path), "utf8");
    if (/(?<![\w-])(?:color|fill|stroke): transparent/.test(text)) found.push(path);
  }
  expect(found).toEqual([]);
});
