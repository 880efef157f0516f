import { rm, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { expect, test } from "vitest";
import { startEvidenceService } from "../../evidence-service.ts";
import { TestSite } from "../../testing/test-site.ts";

const KEY = Buffer.alloc(32).toString("base64");
// Nobody listens on port 9.
const NOBODY = `DefaultEndpointsProtocol=http;AccountName=a;AccountKey=${KEY};BlobEndpoint=http://127.0.0.1:9/a;`;

test("a site that has evidence in its folder is not opened with another place for it", async () => {
  const site = await TestSite.start();
  const azureFile = join(site.dir, "azure-blobs.json");
  const start = () => startEvidenceService({ dir: site.dir, port: 0 });
  const { EvidenceId } = await site.createEvidence();
  await site.service.close();
  await writeFile(azureFile, JSON.stringify({ connectionString: NOBODY, container: "evidence" }), {
    mode: 0o600,
  });
  // Without any file of evidence the place may still be chosen.
  await expect(start()).rejects.toMatchObject({ code: "AZURE_UNREACHABLE" });
  await rm(azureFile);
  await site.restart();
  await site.uploadAddress(EvidenceId);
  await site.service.close();
  await writeFile(azureFile, JSON.stringify({ connectionString: NOBODY, container: "evidence" }), {
    mode: 0o600,
  });
  await expect(start()).rejects.toMatchObject({ code: "BLOBS_ELSEWHERE" });
  await rm(azureFile);
  await site.restart();
  await site.stop();
});
