import { execFile, spawnSync } from "node:child_process";
import { chmod, mkdir, mkdtemp, readdir, readFile, rm, stat, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { promisify } from "node:util";
import { afterEach, beforeEach, describe, expect, test, vi } from "vitest";
import { AutostartEntry } from "./autostart-entry.ts";

let folder: string;

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), "evidence-desk-autostart-"));
  vi.spyOn(console, "error").mockImplementation(() => undefined);
});
afterEach(async () => {
  vi.restoreAllMocks();
  await rm(folder, { recursive: true });
});

const entry = (differences: Partial<ConstructorParameters<typeof AutostartEntry>[0]> = {}) =>
  new AutostartEntry({
    configFolder: folder,
    siteRoot: "/sites/north",
    siteName: "North",
    command: ["/opt/Evidence Desk/evidence-desk", "--site=/sites/north"],
    ...differences,
  });

const entries = () => readdir(join(folder, "autostart")).catch(() => []);

async function onlyEntry(): Promise<string> {
  const [name = "", ...others] = await entries();
  expect(others).toEqual([]);
  return join(folder, "autostart", name);
}

describe("a start at log-on on Linux", () => {
  test("is an entry that only its user can write, names the site, and is gone when it is turned off", async () => {
    expect(await entry().state()).toEqual({ kind: "off" });
    expect(await entry().change(true)).toMatchObject({ ok: true });
    const path = await onlyEntry();
    expect(await entry().state()).toEqual({ kind: "on", path });
    expect((await stat(path)).mode & 0o777).toBe(0o600);
    expect(await readFile(path, "utf8")).toBe(
      [
        "[Desktop Entry]",
        "Type=Application",
        "Name=Evidence Desk, North",
        "Comment=Opens the console on /sites/north at log-on",
        'Exec="/opt/Evidence Desk/evidence-desk" "--site=/sites/north"',
        "Terminal=false",
        "",
      ].join("\n"),
    );
    expect(await entry().change(false)).toMatchObject({ ok: true });
    expect(await entries()).toEqual([]);
    expect(await entry().change(false)).toMatchObject({ ok: true });
  });

  test("of one site is not that of another", async () => {
    const south = entry({ siteRoot: "/sites/south" });
    await entry().change(true);
    expect(await south.state()).toEqual({ kind: "off" });
    await south.change(true);
    expect(await entries()).toHaveLength(2);
    await entry().change(false);
    expect(await south.state()).toMatchObject({ kind: "on" });
  });

  test.each([["Hidden=true"], ["X-GNOME-Autostart-enabled=false"]])(
    "that a desktop has switched off (%s) is off, and can be turned on again",
    async (line) => {
      await entry().change(true);
      const path = await onlyEntry();
      await writeFile(path, `${await readFile(path, "utf8")}${line}\n`);
      expect(await entry().state()).toEqual({ kind: "off" });
      await entry().change(true);
      expect(await entry().state()).toEqual({ kind: "on", path });
    },
  );

  test("of a console that lies elsewhere now is told with what would be started, until it is turned on anew", async () => {
    const before = entry({ command: ["/opt/before/evidence-desk", "--site=/sites/north"] });
    await before.change(true);
    const path = await onlyEntry();
    const command = '"/opt/before/evidence-desk" "--site=/sites/north"';
    expect(await entry().state()).toEqual({ kind: "other", path, command });
    await entry().change(true);
    expect(await entry().state()).toEqual({ kind: "on", path });
    expect(await before.state()).toMatchObject({ kind: "other" });
  });

  test("what is no entry of a program starts nothing of this console", async () => {
    await entry().change(true);
    const path = await onlyEntry();
    await writeFile(path, "[Desktop Action a]\nExec=x\n");
    expect(await entry().state()).toEqual({ kind: "other", path, command: "" });
  });

  test("that cannot be written changes nothing, and says so", async () => {
    await writeFile(join(folder, "autostart"), "no folder");
    expect(await entry().change(true)).toMatchObject({
      error: { code: "START_AT_LOG_ON_NOT_CHANGED", message: expect.stringContaining("cannot be written") },
    });
    expect(await entry().state()).toEqual({ kind: "off" });
  });

  test.each([["/opt/a=b/evidence-desk"], ["/opt/a%b/evidence-desk"], ["/opt/a\nb/evidence-desk"]])(
    "of %j is refused",
    async (program) => {
      expect(await entry({ command: [program] }).change(true)).toMatchObject({
        error: { code: "START_AT_LOG_ON_IMPOSSIBLE" },
      });
      expect(await entries()).toEqual([]);
    },
  );
});

const hasGio = spawnSync("gio", ["version"]).status === 0;

test.skipIf(!hasGio)("a desktop starts exactly the program and the words that are meant", async () => {
  const program = join(folder, 'a "program" $HOME `id` \\ name');
  await mkdir(program);
  const told = join(folder, "told");
  const script = join(program, "evidence desk");
  await writeFile(script, `#!/bin/sh\nprintf '%s\\n' "$@" > '${told}.part'\nmv '${told}.part' '${told}'\n`);
  await chmod(script, 0o755);
  const words = ["--site=/sites/%f 100% $HOME `id` \"x\" 'y' \\ \\\\ ümläut;~#&|<>*?(é)", "", "--no-sandbox"];
  await entry({ command: [script, ...words] }).change(true);
  await promisify(execFile)("gio", ["launch", await onlyEntry()]);
  await expect.poll(() => readFile(told, "utf8").catch(() => "")).toBe(`${words.join("\n")}\n`);
});
