import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { afterEach, beforeEach, expect, test, vi } from "vitest";
import { AUDIT_HEADS_FILE } from "./site/site-folder.ts";
import { TestSite } from "./testing/test-site.ts";

const HOUR_MS = 3_600_000;
let site: TestSite;

beforeEach(async () => {
  // Only what the service does again and again: everything else takes the time that it takes.
  vi.useFakeTimers({ toFake: ["setInterval", "clearInterval"] });
  site = await TestSite.start();
});
afterEach(async () => {
  vi.useRealTimers();
  await site.stop();
});

async function signedHeads(): Promise<number> {
  const text = await readFile(join(site.dir, AUDIT_HEADS_FILE), "utf8").catch(() => "");
  return text.split("\n").length - 1;
}

test("the audit trail's head is signed at every hour with entries, and at the stop", async () => {
  await expect.poll(signedHeads).toBe(1); // Of the demo's entries, at the start.
  for (const heads of [2, 3]) {
    await site.createEvidence();
    expect(await signedHeads()).toBe(heads - 1);
    vi.advanceTimersByTime(HOUR_MS);
    await expect.poll(signedHeads).toBe(heads);
  }
  // An hour without an entry has nothing to sign.
  vi.advanceTimersByTime(HOUR_MS);
  await site.createEvidence();
  expect(await signedHeads()).toBe(3);
  await site.service.close();
  expect(await signedHeads()).toBe(4);
});
