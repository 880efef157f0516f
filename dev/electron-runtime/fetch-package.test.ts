import { execFile } from "node:child_process";
import { createServer, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { mkdir, mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { promisify } from "node:util";
import { afterEach, beforeEach, expect, test, vi } from "vitest";
import { fetchPackage, NoTestRuntime, runTool } from "./fetch-package.ts";

const PINNED = { spec: "a-runtime@1.0.0", integrity: "sha512-pinned" };

let folder: string;
let registry: Server;
let tarball: Buffer | null = null;

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), "fetch-package-"));
  registry = createServer((request, response) => {
    const address = `http://127.0.0.1:${(registry.address() as AddressInfo).port}`;
    if (tarball === null) return response.writeHead(404).end("{}");
    if (request.url?.endsWith(".tgz")) return response.end(tarball);
    const version = { name: "a-runtime", version: "1.0.0", dist: { tarball: `${address}/a.tgz` } };
    return response.setHeader("content-type", "application/json").end(
      JSON.stringify({
        name: "a-runtime",
        "dist-tags": { latest: "1.0.0" },
        versions: { "1.0.0": version },
      }),
    );
  });
  await new Promise<void>((resolve) => registry.listen(0, "127.0.0.1", resolve));
  vi.stubEnv("npm_config_registry", `http://127.0.0.1:${(registry.address() as AddressInfo).port}/`);
  vi.stubEnv("npm_config_cache", join(folder, "npm-cache"));
});
afterEach(async () => {
  vi.unstubAllEnvs();
  tarball = null;
  registry.close();
  await rm(folder, { recursive: true });
});

async function packed(): Promise<Buffer> {
  const inside = join(folder, "package");
  await mkdir(inside);
  await writeFile(join(inside, "package.json"), JSON.stringify({ name: "a-runtime", version: "1.0.0" }));
  await promisify(execFile)("tar", ["-czf", join(folder, "a.tgz"), "-C", folder, "package"]);
  return await readFile(join(folder, "a.tgz"));
}

test("a registry without the package is named in one sentence, as the reason for having no runtime", async () => {
  const refusal = await fetchPackage(PINNED, join(folder, "work")).catch((error: unknown) => error);
  expect(refusal).toBeInstanceOf(NoTestRuntime);
  expect(String(refusal)).toMatch(/npm cannot get a-runtime@1\.0\.0: .*E404/);
});

test("another package of the same name and version is not taken", async () => {
  tarball = await packed();
  const refusal = await fetchPackage(PINNED, join(folder, "work")).catch((error: unknown) => error);
  expect(refusal).toBeInstanceOf(NoTestRuntime);
  expect(String(refusal)).toContain("is not what was pinned: sha512-");
});

test("a tool that is missing is a reason, not a fault; one that fails is a fault", async () => {
  await expect(runTool("no-such-tool-of-ours", [])).rejects.toThrow(
    "cannot be put together without no-such-tool",
  );
  await expect(runTool("tar", ["-xf", join(folder, "none.tar")])).rejects.not.toBeInstanceOf(NoTestRuntime);
});
