import { execFileSync } from "node:child_process";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, expect, test, vi } from "vitest";
import { PRIVILEGES } from "#shared/domain/operator.ts";
import { failed, succeeded } from "#shared/domain/failure.ts";
import type { ReadConnectionFile } from "../adapters/site/destination-account.ts";
import { FileToImport } from "../desktop-shell/file-to-import.ts";
import { connectionFileHandlers } from "./connection-file-handlers.ts";

const ADA = { username: "ada", displayName: "Ada", privileges: PRIVILEGES };
const CALLER = { operator: ADA, windowId: 1 };
let folder: string;

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "evidence-desk-opened-"));
  vi.spyOn(console, "error").mockImplementation(() => undefined);
});
afterEach(() => {
  vi.restoreAllMocks();
  rmSync(folder, { recursive: true });
});

/** Whatever stands in a file, but for `{`, is of the account City. */
function handlers() {
  const file = new FileToImport(
    () => ADA,
    () => undefined,
  );
  const read = (json: string) =>
    json === "{"
      ? failed("CONNECTION_FILE_INVALID", "This is not a connection file: it is not JSON.")
      : succeeded({
          json,
          connection: { api: "https://city.example/api" },
          identity: { name: "City" },
        } as unknown as ReadConnectionFile);
  return { file, ...connectionFileHandlers({ file, account: { read } }) };
}

function written(content: string | Buffer): string {
  const path = join(folder, "city.json");
  writeFileSync(path, content);
  return path;
}

/** On Linux a file that the system calls empty and that goes on for as long as one reads; elsewhere a long one. */
const endless = () => (process.platform === "linux" ? "/proc/self/pagemap" : written(Buffer.alloc(262_145)));

test("what was opened is read, with the account that it is of, until somebody has decided about it", async () => {
  const { file, ...asked } = handlers();
  expect(await asked["connectionFile.opened"](undefined, CALLER)).toEqual(succeeded({ kind: "none" }));
  file.open(written("\uFEFF{}"));
  const [fileId, fileName] = [1, "city.json"];
  const [account, serviceAddress] = ["City", "https://city.example"];
  expect(await asked["connectionFile.opened"](undefined, CALLER)).toEqual(
    succeeded({ kind: "read", fileId, fileName, json: "{}", account, serviceAddress }),
  );
  expect(await asked["connectionFile.settle"]({ fileId }, CALLER)).toEqual(succeeded({ kind: "none" }));
});

test.each([
  ["is no connection file", () => written("{"), "This is not a connection file: it is not JSON."],
  ["is too large", () => written(Buffer.alloc(262_145)), "This file is too large for a connection file."],
  ["has no end", endless, "This file is too large for a connection file."],
  ["is not there", () => join(folder, "none.json"), "This file could not be read."],
  ["is a folder", () => folder, "This is no file."],
  [
    "is a pipe that nobody writes to",
    () => {
      execFileSync("mkfifo", [join(folder, "pipe")]);
      return join(folder, "pipe");
    },
    "This is no file.",
  ],
])("what %s is refused in words", async (_what, make, message) => {
  const { file, ...asked } = handlers();
  file.open(make());
  expect(await asked["connectionFile.opened"](undefined, CALLER)).toMatchObject(
    succeeded({ kind: "refused", failure: { code: "CONNECTION_FILE_INVALID", message } }),
  );
});
