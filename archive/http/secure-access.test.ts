import { execFile } from "node:child_process";
import { mkdtemp, rm } from "node:fs/promises";
import { request } from "node:https";
import { readFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { promisify } from "node:util";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { startArchive, type ArchiveOptions } from "../archive-server.ts";
import { findInPath } from "../recorder/ffmpeg-location.ts";

const TOKEN = "token-for-tests";

let dir: string;

beforeEach(async () => {
  dir = await mkdtemp(join(tmpdir(), "evidence-desk-tls-"));
});

afterEach(() => rm(dir, { recursive: true, force: true }));

const options = (): ArchiveOptions => ({ dir, port: 0, token: TOKEN, log: () => undefined });

describe("an archive without TLS", () => {
  test.each(["0.0.0.0", "::", "192.0.2.1", "archive.example"])("refuses to answer on %s", async (host) => {
    await expect(startArchive({ ...options(), host })).rejects.toMatchObject({ code: "BAD_ARGUMENTS" });
  });

  test.each(["127.0.0.1", "::1", "localhost"])("answers on %s", async (host) => {
    const archive = await startArchive({ ...options(), host });
    const headers = { authorization: `Bearer ${TOKEN}` };
    expect((await fetch(`${archive.url}/health`, { headers })).status).toBe(200);
    expect((await fetch(`${archive.url}/health`)).status).toBe(401);
    await archive.close();
  });
});

describe("an archive with TLS", () => {
  test("answers on other addresses, and still to no one without the token", async (context) => {
    const openssl = findInPath("openssl");
    if (openssl === null) return context.skip("openssl, which makes the certificate, is not installed");
    const tls = { certificate: join(dir, "cert.pem"), key: join(dir, "key.pem") };
    const making = ["req", "-x509", "-newkey", "rsa:2048", "-nodes", "-days", "2", "-subj", "/CN=localhost"];
    await promisify(execFile)(openssl, [...making, "-keyout", tls.key, "-out", tls.certificate]);
    const archive = await startArchive({ ...options(), host: "0.0.0.0", tls });
    try {
      const { port, protocol } = new URL(archive.url);
      expect(protocol).toBe("https:");
      const ca = readFileSync(tls.certificate);
      expect(await statusOf(port, ca, { authorization: `Bearer ${TOKEN}` })).toBe(200);
      expect(await statusOf(port, ca, {})).toBe(401);
      expect(await statusOf(port, ca, { authorization: "Bearer other" })).toBe(401);
      await expect(fetch(`http://127.0.0.1:${port}/health`)).rejects.toThrow();
    } finally {
      await archive.close();
    }
  });
});

function statusOf(port: string, ca: Buffer, headers: Record<string, string>): Promise<number | undefined> {
  return new Promise((resolve, reject) => {
    const to = { host: "127.0.0.1", servername: "localhost", port, path: "/health", ca, headers };
    const asking = request({ ...to, checkServerIdentity: () => undefined }, (answer) => {
      answer.resume();
      resolve(answer.statusCode);
    });
    asking.once("error", reject).end();
  });
}
