import { mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { z } from "zod";
import { SettingsStore } from "./settings-store.ts";
import { openSiteFolder, SITE_MARKER_FILE, writeSiteFacts } from "./site-folder.ts";

let root: string;

beforeEach(() => {
  root = mkdtempSync(join(tmpdir(), "site-"));
});

afterEach(() => {
  rmSync(root, { recursive: true });
});

describe("a site's folder", () => {
  test("is made where there is none, for this user only, and is the same at the next start", () => {
    const made = openSiteFolder(join(root, "new"));
    expect(made.facts).toMatchObject({ name: "New site", demo: false });
    for (const path of [made.root, made.console, made.archive, made.evidenceService]) {
      expect(statSync(path).mode & 0o777).toBe(0o700);
    }
    expect(openSiteFolder(join(root, "new")).facts).toEqual(made.facts);
  });

  test("keeps its name and zone", () => {
    writeSiteFacts(root, { name: "Harbour", timeZone: "Europe/Lisbon", demo: true });
    expect(openSiteFolder(root).facts).toEqual({
      version: 1,
      name: "Harbour",
      timeZone: "Europe/Lisbon",
      demo: true,
    });
  });

  test("takes another zone at once and for good", () => {
    writeSiteFacts(root, { name: "Harbour", timeZone: "Europe/Lisbon", demo: true });
    const site = openSiteFolder(root);
    site.changeTimeZone("America/Toronto");
    expect(site.facts.timeZone).toBe("America/Toronto");
    expect(openSiteFolder(root).facts).toEqual({ ...site.facts, version: 1, name: "Harbour" });
  });

  test("of another version is refused and left as it is", () => {
    const marker = join(root, SITE_MARKER_FILE);
    const text = JSON.stringify({ version: 2, name: "Harbour", timeZone: "UTC", demo: false });
    writeFileSync(marker, text);
    expect(() => openSiteFolder(root)).toThrow(/a later version of this program wrote it/);
    expect(readFileSync(marker, "utf8")).toBe(text);
  });
});

describe("settings", () => {
  test("are kept over a restart, have defaults, and are parsed each time they are read", () => {
    const path = join(root, "settings.sqlite");
    const first = new SettingsStore(path);
    expect(first.destination()).toMatchObject({ destination: { kind: "embedded" }, spoolFolder: null });
    first.saveDestination({ ...first.destination(), bandwidthCapBytesPerSecond: 1_000 });
    first.write("colour", 7);
    first.close();
    const second = new SettingsStore(path);
    expect(second.destination().bandwidthCapBytesPerSecond).toBe(1_000);
    expect(second.read("nothing", z.string(), "fallback")).toBe("fallback");
    expect(() => second.read("colour", z.string(), "fallback")).toThrow();
    second.close();
  });
});
