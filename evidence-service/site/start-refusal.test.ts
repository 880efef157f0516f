import { readFileSync } from "node:fs";
import { expect, test } from "vitest";
import { START_REFUSAL_ACTIONS, StartRefusal, type StartRefusalCode } from "./start-refusal.ts";

const reference = readFileSync(new URL("../../docs/reference/settings.md", import.meta.url), "utf8");

test("a code without something that can be done does not compile", () => {
  // @ts-expect-error -- no table has this code
  const code: StartRefusalCode = "NO_SUCH_CODE";
  expect(Object.keys(START_REFUSAL_ACTIONS)).not.toContain(code);
});

test("what is printed begins with the code and the sentence, and ends with what can be done", () => {
  expect(new StartRefusal("FILE_EXISTS", "It is there.").line).toBe(
    "FILE_EXISTS: It is there. Name another file.",
  );
});

test.each(Object.entries(START_REFUSAL_ACTIONS))(
  "%s and its action stand in the reference",
  (code, action) => {
    expect(action).toMatch(/^[A-Z].+\.$/);
    const rows = reference.split("\n").filter((line) => line.startsWith(`| \`${code}\``));
    expect(rows.length).toBeGreaterThan(0);
    for (const row of rows) expect(row).toContain(`| ${action} `);
  },
);
