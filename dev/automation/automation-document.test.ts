import { readFileSync } from "node:fs";
import { expect, test } from "vitest";
import { DOCUMENT, documentedDeclarations, writtenDeclarations } from "./signatures.ts";

test("the document for scripts has every name and signature of the screen objects, and no other", async () => {
  const documented = documentedDeclarations(readFileSync(DOCUMENT, "utf8"));
  const written = await writtenDeclarations();
  const hint = "Say what is new in docs/reference/automation.md; node dev/automation/signatures.ts --write";
  expect([...documented.keys()].toSorted(), hint).toEqual([...written.keys()].toSorted());
  for (const [name, text] of written) expect(documented.get(name), `${name}. ${hint}`).toBe(text);
});
