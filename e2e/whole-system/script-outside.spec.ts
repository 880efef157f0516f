import { execFile } from "node:child_process";
import { mkdir, mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join, relative } from "node:path";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";
import { expect, test } from "../fixture/test.ts";

const rootFolder = fileURLToPath(new URL("../../", import.meta.url));
const document = join(rootFolder, "docs", "reference", "automation.md");
const ENTRY = "../evidence-desk/e2e/index.ts";

/** The document's own script, changed in nothing but where the checkout is. */
async function documentedScript(folder: string): Promise<string> {
  const text = await readFile(document, "utf8");
  const [, script = ""] = /## A whole script\n\n```ts\n([^]*?)\n```/.exec(text) ?? [];
  expect(script).toContain(`"${ENTRY}"`);
  return script.replace(ENTRY, relative(folder, join(rootFolder, "e2e", "index.ts")).replaceAll("\\", "/"));
}

test("the document's script, in a folder of its own outside the repository, sends two cameras", async ({
  siteDir,
}) => {
  const outside = await mkdtemp(join(tmpdir(), "evidence-desk-script-"));
  try {
    const folder = join(outside, "script");
    await mkdir(folder);
    await writeFile(join(folder, "package.json"), JSON.stringify({ name: "outside", type: "module" }));
    await writeFile(join(folder, "send.ts"), await documentedScript(folder));
    const { stdout } = await promisify(execFile)(process.execPath, ["send.ts", siteDir], { cwd: folder });
    expect(stdout).toContain("added Lobby entrance, already in Gate at night");
    expect(stdout).toMatch(/available, 0 issues\s*$/);
  } finally {
    await rm(outside, { recursive: true, force: true });
  }
});
