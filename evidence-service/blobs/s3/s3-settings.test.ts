import { chmod, mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { checkBucket } from "./check-bucket.ts";
import { readS3Settings } from "./s3-settings.ts";

const SECRET = "a-secret-that-nobody-sees";
const KEY = { accessKeyId: "desk", secretAccessKey: SECRET };

describe("the settings of a bucket", () => {
  let folder: string;
  let file: string;
  beforeEach(async () => {
    folder = await mkdtemp(join(tmpdir(), "s3-settings-"));
    file = join(folder, "s3-blobs.json");
  });
  afterEach(async () => {
    await rm(folder, { recursive: true });
  });

  const write = (settings: unknown) => writeFile(file, JSON.stringify(settings), { mode: 0o600 });

  test("are read where they are, and nothing is where they are not", async () => {
    expect(await readS3Settings(file)).toBeNull();
    await write({ bucket: "evidence-2026", ...KEY });
    const usual = { region: "us-east-1", pathStyle: false };
    expect(await readS3Settings(file)).toEqual({ bucket: "evidence-2026", ...KEY, ...usual });
    const own = { endpoint: "https://store.example:9000", region: "eu-central-2", pathStyle: true };
    await write({ bucket: "evidence", ...KEY, ...own, lock: { mode: "compliance", days: 90 } });
    expect(await readS3Settings(file)).toMatchObject({ ...own, lock: { mode: "compliance", days: 90 } });
  });

  test.runIf(process.platform !== "win32")("are refused while others may read the key", async () => {
    await write({ bucket: "evidence", ...KEY });
    await chmod(file, 0o640);
    await expect(readS3Settings(file)).rejects.toMatchObject({ code: "S3_SETTINGS_NOT_PRIVATE" });
  });

  test.each([
    ["a name that no bucket has", { bucket: "Evidence" }, "“bucket” cannot be used"],
    ["a member that nobody knows", { bucket: "evidence", folder: "x" }, "“folder” is no setting"],
    ["no bucket", {}, "“bucket” is missing"],
    ["a path in its endpoint", { bucket: "evidence", endpoint: "https://store.example/evidence" }, "alone"],
    ["a key in its endpoint", { bucket: "evidence", endpoint: "https://key@store.example" }, "alone"],
    ["http to another machine", { bucket: "evidence", endpoint: "http://store.example" }, "without https"],
    ["a lock of no time", { bucket: "evidence", lock: { mode: "compliance", days: 0 } }, "“lock” cannot"],
    ["a lock of no kind", { bucket: "evidence", lock: { mode: "soft", days: 1 } }, "“lock” cannot"],
  ])("are refused with %s", async (_what, settings, words) => {
    await write({ ...KEY, ...settings });
    const reading = readS3Settings(file);
    await expect(reading).rejects.toMatchObject({ code: "S3_SETTINGS_WRONG" });
    await expect(reading).rejects.toThrow(words);
    await expect(reading).rejects.not.toThrow(SECRET);
  });

  test("name a store that nobody reaches", async () => {
    // Nobody listens on port 9.
    const settings = { endpoint: "http://127.0.0.1:9", region: "us-east-1", bucket: "evidence", ...KEY };
    await expect(checkBucket({ ...settings, pathStyle: true })).rejects.toMatchObject({
      code: "S3_UNREACHABLE",
      message: "The bucket “evidence” at 127.0.0.1:9 cannot be reached (ECONNREFUSED).",
    });
  });
});
