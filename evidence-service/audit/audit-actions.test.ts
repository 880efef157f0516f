import { glob, readFile } from "node:fs/promises";
import { expect, test } from "vitest";
import { AUDIT_ACTIONS, auditWords } from "#shared/web-api/audit-actions.ts";

const SERVICE = new URL("..", import.meta.url).pathname;

const METHODS = new Set(["GET", "POST", "PUT", "DELETE", "HEAD"]);

/** Names of actions stand on lines that say so. */
async function actionsInSources(): Promise<Map<string, string>> {
  const found = new Map<string, string>();
  for await (const name of glob("**/*.ts", { cwd: SERVICE })) {
    if (name.includes(".test.")) continue;
    const text = await readFile(`${SERVICE}/${name}`, "utf8");
    for (const line of text.split("\n")) {
      if (!/\baction\b/.test(line)) continue;
      for (const [, action] of line.matchAll(/"([A-Z]+(?:_[A-Z]+)*)"/g)) {
        if (!METHODS.has(String(action))) found.set(String(action), name);
      }
    }
  }
  return found;
}

test("every action that the service writes into the trail has words", async () => {
  const found = await actionsInSources();
  expect(found.size).toBeGreaterThan(30);
  const without = [...found].filter(([action]) => !Object.hasOwn(AUDIT_ACTIONS, action));
  expect(without).toEqual([]);
});

test("words say what the entry says, and an action of a later version is called as it is", () => {
  expect(auditWords("VERIFIED", { outcome: "failed" })).toBe("verified (failed) the evidence");
  expect(auditWords("SERVICE_MOVED", { from: "here" })).toBe("moved from here to ?");
  expect(auditWords("TELEPORTED", {})).toBe("TELEPORTED");
  expect(auditWords("constructor", {})).toBe("constructor");
});
