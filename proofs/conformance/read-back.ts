/** What was sent, completed and read as an investigator's player reads it; the same wherever the service keeps its blobs. */
import { expect } from "vitest";
import type { TestSite } from "#evidence-service/testing/test-site.ts";
import { resourceListSchema } from "#shared/clearance-api/evidence.ts";
import { must, type SendingConsole } from "./sending-console.ts";

/** Completes an evidence of one file, and waits until it is available. */
export async function complete(
  { destination, call }: SendingConsole,
  evidenceId: string,
  file: { readonly resourceId: string; readonly sha512: string },
): Promise<void> {
  must(await destination.completeEvidence(evidenceId, [file], call));
  await expect
    .poll(async () => must(await destination.lifecycle(evidenceId, call)), { timeout: 30_000 })
    .toEqual({ kind: "available" });
}

/** @returns where its consolidated video is read, below the evidence */
export async function consolidated(site: TestSite, evidenceId: string): Promise<string> {
  const path = `/documents/api/v1/tenant/TENANT/evidence/${evidenceId}/resource`;
  const resources = resourceListSchema.parse((await site.call("GET", path)).body);
  const derived = resources.find(({ State }) => State === "Derived");
  return `resource/${derived?.ResourceId}/content`;
}

/** In pieces whose lengths fit nothing. */
export async function readInRanges(site: TestSite, evidenceId: string, path: string): Promise<Buffer> {
  const head = await site.download(evidenceId, path, { range: "bytes=0-0" });
  const lengthBytes = Number(head.headers.get("content-range")?.split("/")[1]);
  const parts: Buffer[] = [];
  for (let at = 0; at < lengthBytes; at += 50_001) {
    const part = await site.download(evidenceId, path, { range: `bytes=${at}-${at + 50_000}` });
    expect(part.status).toBe(206);
    parts.push(Buffer.from(await part.arrayBuffer()));
  }
  expect(parts.length).toBeGreaterThan(3);
  return Buffer.concat(parts);
}
