import { chmod, mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { AzureBlobStore } from "./azure-blob-store.ts";
import { azureContainer, readAzureSettings } from "./azure-container.ts";
import { openSqliteMetadata } from "../../storage/sqlite-metadata.ts";

const KEY = Buffer.alloc(32, 5).toString("base64");
const ACCOUNT = `DefaultEndpointsProtocol=https;AccountName=desk;AccountKey=${KEY};EndpointSuffix=core.windows.net`;

describe("the settings of a container", () => {
  let folder: string;
  let file: string;
  beforeEach(async () => {
    folder = await mkdtemp(join(tmpdir(), "azure-settings-"));
    file = join(folder, "azure-blobs.json");
  });
  afterEach(async () => {
    await rm(folder, { recursive: true });
  });

  const write = (settings: unknown) => writeFile(file, JSON.stringify(settings), { mode: 0o600 });

  test("are read where they are, and nothing is where they are not", async () => {
    expect(await readAzureSettings(file)).toBeNull();
    const settings = { connectionString: ACCOUNT, container: "evidence-2026" };
    await write(settings);
    expect(await readAzureSettings(file)).toEqual(settings);
  });

  test.runIf(process.platform !== "win32")("are refused while others may read the key", async () => {
    await write({ connectionString: ACCOUNT, container: "evidence" });
    await chmod(file, 0o640);
    await expect(readAzureSettings(file)).rejects.toMatchObject({ code: "AZURE_SETTINGS_NOT_PRIVATE" });
  });

  test.each([
    [
      "a name that Azure does not allow",
      { connectionString: ACCOUNT, container: "Evidence" },
      "what it has under “container” cannot be used",
    ],
    [
      "a member that nobody knows",
      { connectionString: ACCOUNT, container: "evidence", folder: "x" },
      "“folder” is no setting of this file",
    ],
    ["no connection string", { container: "evidence" }, "“connectionString” is missing"],
    ["no object", "evidence", "it has to hold one JSON object"],
  ])("are refused with %s", async (_what, settings, words) => {
    await write(settings);
    await expect(readAzureSettings(file)).rejects.toMatchObject({
      code: "AZURE_SETTINGS_WRONG",
      message: `The settings of the Azure container are wrong. ${file}: ${words}.`,
    });
  });

  test.each([
    ["no connection string at all", "evidence"],
    ["a signature in place of the key", "BlobEndpoint=https://desk.example/;SharedAccessSignature=sig=x"],
    ["an endpoint that is no address", `${ACCOUNT};BlobEndpoint=desk`],
    ["http to another machine", `${ACCOUNT};BlobEndpoint=http://desk.example/`],
  ])("are refused with %s", (_what, connectionString) => {
    const open = () => azureContainer({ connectionString, container: "evidence" });
    expect(open).toThrow(expect.objectContaining({ code: "AZURE_SETTINGS_WRONG" }));
    expect(open).not.toThrow(KEY);
  });
});

test("an upload address of a real account is for one blob, over https alone, and ends", async () => {
  const db = openSqliteMetadata(":memory:");
  const container = azureContainer({ connectionString: ACCOUNT, container: "evidence" });
  const uri = new URL(new AzureBlobStore({ db, container }).uploadUri("segment", Date.UTC(2026, 0, 2, 3)));
  await db.destroy();
  expect(uri.origin + uri.pathname).toBe("https://desk.blob.core.windows.net/evidence/segment");
  const { sr, sp, spr, se, sig } = Object.fromEntries(uri.searchParams);
  expect({ sr, sp, spr, se }).toEqual({ sr: "b", sp: "rcw", spr: "https", se: "2026-01-02T03:00:00Z" });
  expect(Buffer.from(sig ?? "", "base64")).toHaveLength(32);
});
