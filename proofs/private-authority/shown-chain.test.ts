import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { isIssuedByAuthority } from "#electron/adapters/trust/shown-chain.ts";
import { hasOpenssl, TestAuthority } from "./authority.ts";

const canMakeAuthorities = await hasOpenssl();
let folder: string;
let harbour: TestAuthority;
let other: TestAuthority;

beforeAll(async () => {
  if (!canMakeAuthorities) return;
  folder = await mkdtemp(join(tmpdir(), "shown-chain-"));
  harbour = await TestAuthority.make(join(folder, "harbour"), "Harbour Authority");
  other = await TestAuthority.make(join(folder, "other"), "Harbour Authority");
});

afterAll(async () => {
  if (canMakeAuthorities) await rm(folder, { recursive: true });
});

const isTrusted = (hostname: string, cert: string, authorities: readonly string[], issuer?: string) =>
  isIssuedByAuthority(
    hostname,
    { data: cert, issuerCert: issuer === undefined ? null : { data: issuer } },
    authorities,
  );

describe.skipIf(!canMakeAuthorities)("what an archive shows to the page", () => {
  test("is trusted when an added authority issued it for that host", async () => {
    const { cert } = await harbour.issue({ names: ["DNS:archive.harbour.example", "IP:10.1.2.3"] });
    const added = [other.pem, harbour.pem];
    expect(isTrusted("archive.harbour.example", cert, added)).toBe(true);
    expect(isTrusted("archive.harbour.example", cert, added, harbour.pem)).toBe(true);
    expect(isTrusted("10.1.2.3", cert, added)).toBe(true);
    expect(isTrusted("archive.elsewhere.example", cert, added)).toBe(false);
    expect(isTrusted("10.1.2.4", cert, added)).toBe(false);
  });

  test("is not when nobody added its authority, or one that only bears its name", async () => {
    const { cert } = await harbour.issue({ names: ["DNS:archive.harbour.example"] });
    for (const added of [[], [other.pem], [cert]])
      expect(isTrusted("archive.harbour.example", cert, added)).toBe(false);
    expect(isTrusted("archive.harbour.example", cert, [other.pem], harbour.pem)).toBe(false);
  });

  test("is not when it has expired, is not valid yet, or cannot be read", async () => {
    const names = ["DNS:archive.harbour.example"];
    const expired = await harbour.issue({ names, validFrom: "20200101000000Z", validTo: "20210101000000Z" });
    expect(isTrusted("archive.harbour.example", expired.cert, [harbour.pem])).toBe(false);
    expect(isTrusted("archive.harbour.example", "nothing", [harbour.pem])).toBe(false);
  });

  test("is not when it was issued by a certificate that is no authority's", async () => {
    const names = ["DNS:archive.harbour.example"];
    const [one, two] = [await harbour.issue({ names }), await other.issue({ names })];
    expect(isTrusted("archive.harbour.example", two.cert, [harbour.pem], one.cert)).toBe(false);
  });
});
