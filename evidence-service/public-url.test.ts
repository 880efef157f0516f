import { mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { request } from "node:http";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, expect, test } from "vitest";
import { type EvidenceService, startEvidenceService } from "./evidence-service.ts";

let dir: string;
let service: EvidenceService;
beforeEach(async () => {
  dir = await mkdtemp(join(tmpdir(), "evidence-public-"));
  await writeFile(join(dir, "settings.json"), JSON.stringify({ publicUrl: "https://Evidence.example/" }));
});
afterEach(async () => {
  await service.close();
  await rm(dir, { recursive: true, force: true });
});

const start = async (publicUrl?: string) => {
  const settings = { diskBallastBytes: 0 };
  service = await startEvidenceService({ dir, port: 0, logLevel: "error", settings, publicUrl });
};

async function statusOf(path: string, host: string, headers: Record<string, string> = {}): Promise<number> {
  const { port } = new URL(service.listensAt);
  return new Promise((resolve, reject) => {
    const asked = request({ host: "127.0.0.1", port, path, headers: { ...headers, host } }, (answer) => {
      answer.resume();
      resolve(answer.statusCode ?? 0);
    });
    asked.on("error", reject);
    asked.end();
  });
}

test("the public address of the settings is what every address is made from", async () => {
  await start();
  expect(service.url).toBe("https://evidence.example");
  expect(await readFile(service.connectionFile, "utf8")).toContain('"https://evidence.example/');
});

test("an argument goes before the settings", async () => {
  await start("https://other.example");
  expect(service.url).toBe("https://other.example");
});

test("it answers for its public host and this machine's own, whichever port is named, and for no other", async () => {
  await start();
  const { port } = new URL(service.listensAt);
  for (const host of ["evidence.example", "EVIDENCE.EXAMPLE:443", `127.0.0.1:${port}`, `localhost:${port}`]) {
    expect([host, await statusOf("/web/api/me", host)]).toEqual([host, 200]);
  }
  // What watches the service asks it behind the proxy's back; through the proxy nobody reads what it measures.
  expect(await statusOf("/metrics", `127.0.0.1:${port}`)).toBe(200);
  expect(await statusOf("/metrics", "evidence.example", { "x-forwarded-for": "198.51.100.1" })).toBe(403);
  expect(await statusOf("/metrics", "evidence.example", { "x-forwarded-for": "127.0.0.1" })).toBe(403);
  for (const host of [
    "evidence.example:8443",
    "evidence.example.attacker.example",
    `attacker.example:${port}`,
  ]) {
    expect([host, await statusOf("/web/api/me", host)]).toEqual([host, 421]);
  }
});
