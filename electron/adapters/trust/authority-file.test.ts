import { execFileSync } from "node:child_process";
import { generateKeyPairSync } from "node:crypto";
import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { readAuthorityFile } from "./authority-file.ts";

const folder = mkdtempSync(join(tmpdir(), "authority-file-"));
const DAY_MS = 86_400_000;

function selfSigned(name: string, isAuthority: boolean): Buffer {
  const constraint = `basicConstraints=critical,CA:${isAuthority ? "TRUE" : "FALSE"}`;
  const path = join(folder, "made.pem");
  execFileSync(
    "openssl",
    [
      ...[
        "req",
        "-x509",
        "-newkey",
        "ec",
        "-pkeyopt",
        "ec_paramgen_curve:P-256",
        "-nodes",
        "-days",
        "10",
        "-utf8",
      ],
      ...["-keyout", join(folder, "made.key"), "-out", path, "-subj", `/O=Harbour/CN=${name}`],
      ...["-addext", constraint],
    ],
    { stdio: "ignore" },
  );
  return readFileSync(path);
}

const hasOpenssl = (() => {
  try {
    execFileSync("openssl", ["version"]);
    return true;
  } catch {
    return false;
  }
})();

afterAll(() => rmSync(folder, { recursive: true }));

const read = (bytes: Buffer, nowUtcMs = Date.now()) => readAuthorityFile(bytes, nowUtcMs);

describe.skipIf(!hasOpenssl)("the file of an authority", () => {
  let first: Buffer;
  let second: Buffer;

  beforeAll(() => {
    first = selfSigned("Harbour Authority", true);
    second = selfSigned("City \u202eAuthority", true);
  });

  test("is read with its names and its time, several in one, twice the same once, and as DER", () => {
    const several = read(Buffer.concat([Buffer.from("# for the proxy\n"), first, second, first]));
    if (!several.ok) throw new Error(several.error.message);
    expect(several.value).toMatchObject([
      { subject: "Harbour Authority", issuer: "Harbour Authority" },
      { subject: "City Authority" },
    ]);
    expect(several.value[0]?.validToUtcMs).toBeGreaterThan(Date.now() + 9 * DAY_MS);
    const base64 = first.toString().replaceAll(/-----[^-]+-----|\s/g, "");
    expect(read(Buffer.from(base64, "base64"))).toMatchObject({
      value: [{ fingerprint: several.value[0]?.fingerprint }],
    });
  });

  test("is refused with what is wrong when it is a server's, has expired or holds a key", () => {
    const server = selfSigned("camera.example", false);
    expect(read(Buffer.concat([first, server]))).toMatchObject({
      error: { code: "NOT_AN_AUTHORITY", message: expect.stringContaining("“camera.example”") },
    });
    expect(read(first, Date.now() + 11 * DAY_MS)).toMatchObject({
      error: {
        code: "AUTHORITY_EXPIRED",
        message: expect.stringContaining("“Harbour Authority” expired on 20"),
      },
    });
    const { privateKey } = generateKeyPairSync("ec", { namedCurve: "P-256" });
    const key = privateKey.export({ type: "pkcs8", format: "pem" });
    expect(read(Buffer.concat([first, Buffer.from(key)]))).toMatchObject({
      error: { code: "AUTHORITY_FILE_HAS_KEY" },
    });
  });

  test("that is damaged is no file of an authority", () => {
    expect(read(Buffer.from(first.toString().replace(/[A-Z]{4}/, "!!!!")))).toMatchObject({
      error: { code: "AUTHORITY_FILE_INVALID" },
    });
  });
});

test.each(["", "hello", "\u0000\u0001\u0002", "-----BEGIN CERTIFICATE-----\n-----END CERTIFICATE-----"])(
  "%j is no file of an authority",
  (text) => {
    expect(read(Buffer.from(text))).toMatchObject({ error: { code: "AUTHORITY_FILE_INVALID" } });
  },
);
