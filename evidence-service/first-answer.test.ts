import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setImmediate as nextTurn } from "node:timers/promises";
import { afterEach, beforeEach, expect, test } from "vitest";
import { z } from "zod";
import { startEvidenceService } from "./evidence-service.ts";

const discoverySchema = z.object({ issuer: z.string() });
let dir: string;

beforeEach(async () => {
  dir = await mkdtemp(join(tmpdir(), "evidence-service-"));
});

afterEach(async () => {
  await rm(dir, { recursive: true });
});

/** Asks without a pause until the service answers for the first time. */
async function firstIssuer(url: string): Promise<string> {
  for (;;) {
    const response = await fetch(`${url}/.well-known/openid-configuration`).catch(() => null);
    if (response !== null) return discoverySchema.parse(await response.json()).issuer;
    await nextTurn();
  }
}

test("a service that starts again knows its address from its very first answer on", async () => {
  const { url, close } = await startEvidenceService({ dir, port: 0 });
  await close();
  const starting = startEvidenceService({ dir, port: 0 });
  const issuer = await firstIssuer(url);
  await (await starting).close();
  expect(issuer).toBe(`${url}/connect`);
});
