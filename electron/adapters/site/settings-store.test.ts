import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import Database from "better-sqlite3";
import { afterEach, beforeEach, expect, test, vi } from "vitest";
import { z } from "zod";
import { LineRates } from "../line-rate/line-rates.ts";
import { KeptAccounts } from "./kept-accounts.ts";
import { SettingsStore } from "./settings-store.ts";

let folder: string;
let path: string;
let settings: SettingsStore;

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "settings-store-"));
  path = join(folder, "settings.sqlite");
  settings = new SettingsStore(path);
  vi.spyOn(console, "error").mockImplementation(() => undefined);
});
afterEach(() => {
  vi.restoreAllMocks();
  settings.close();
  rmSync(folder, { recursive: true });
});

/** As a full disk does, without one. */
function refuseWrites(isRefusing: boolean): void {
  const database = new Database(path);
  const refuse = "SELECT RAISE(FAIL, 'database or disk is full')";
  for (const event of ["INSERT", "UPDATE"]) {
    database.exec(`DROP TRIGGER IF EXISTS full_${event}`);
    if (isRefusing)
      database.exec(`CREATE TRIGGER full_${event} BEFORE ${event} ON settings BEGIN ${refuse}; END`);
  }
  database.close();
}

const stored = () => settings.read("width", z.number(), 0);

test("what nobody asked for is remembered as soon as the disk takes it, and ends nothing before", () => {
  refuseWrites(true);
  expect(() => settings.write("width", 1)).toThrow("disk is full");
  expect([settings.remember("width", 1), settings.remember("width", 2)]).toEqual([false, false]);
  expect(console.error).toHaveBeenCalledOnce();
  expect(stored()).toBe(0);
  refuseWrites(false);
  expect(settings.remember("width", 3)).toBe(true);
  expect(stored()).toBe(3);
  refuseWrites(true);
  settings.remember("width", 4);
  expect(console.error).toHaveBeenCalledTimes(2);
});

test("a line that was measured is not kept on a full disk, and nothing else comes of it", () => {
  const rates = new LineRates(settings);
  refuseWrites(true);
  rates.add("account", { bytesPerSecond: 1_000, capBytesPerSecond: null, takenUtcMs: 1 });
  expect(rates.of("account")).toBeNull();
});

test("an account that is not needed any more is forgotten when the disk takes that", () => {
  const accounts = new KeptAccounts(settings, { seal: (text: string) => text } as never);
  accounts.keep({ accountId: "one", name: "One", sealedConnectionFile: "sealed" });
  refuseWrites(true);
  expect(accounts.keepOnly(new Set())).toEqual([]);
  expect(accounts.all()).toHaveLength(1);
  refuseWrites(false);
  expect(accounts.keepOnly(new Set())).toEqual(["one"]);
  expect(new KeptAccounts(settings, {} as never).all()).toEqual([]);
});
