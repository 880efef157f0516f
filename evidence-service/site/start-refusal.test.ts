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
  expect(new StartRefusal("FILE_EXISTS", "It is there.").line("command")).toBe(
    "FILE_EXISTS: It is there. Name another file.",
  );
});

test("no command ends with the advice to start a service", () => {
  for (const code of Object.keys(START_REFUSAL_ACTIONS) as StartRefusalCode[]) {
    expect(new StartRefusal(code, "So it is.").line("command")).not.toMatch(
      /then start the service|give this one|start this one/,
    );
  }
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
