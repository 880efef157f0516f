import { describe, expect, test } from "vitest";
import { bestChallenge, LogOn } from "./rtsp-log-on.ts";

const MUFASA = { user: "Mufasa", password: "Circle of Life" };

function answered(headers: readonly string[], credentials = MUFASA, uri = "/dir/index.html"): string {
  const challenge = bestChallenge(headers);
  if (challenge === null) throw new Error("There is no challenge.");
  return new LogOn(credentials, challenge).authorization("GET", uri);
}

describe("logging on to a camera", () => {
  test("answers a digest of RFC 2069, as most cameras ask for", () => {
    const header =
      'Digest realm="testrealm@host.com", nonce="dcd98b7102dd2f0e8b11d0f600bfb0c093", opaque="5ccc"';
    // Calculated by the formula of RFC 2069, section 2.1.2, with md5sum.
    expect(answered([header])).toContain('response="2951cdbad33b2271fcb6b8e7b8feac23"');
    expect(answered([header])).not.toContain("qop");
  });

  test("takes SHA-256 before MD5 and a digest before a password in the clear", () => {
    const both = [
      'Basic realm="c", Digest realm="c", nonce="1"',
      'Digest realm="c", nonce="2", algorithm=SHA-256, qop="auth"',
    ];
    expect(answered(both)).toMatch(/^Digest .*nonce="2".*algorithm=SHA-256.*qop=auth, nc=00000001$/);
    expect(answered(['Basic realm="c"'])).toBe(
      `Basic ${Buffer.from("Mufasa:Circle of Life").toString("base64")}`,
    );
    expect(bestChallenge(['Digest realm="c", nonce="1", algorithm=SHA-512'])).toBeNull();
  });

  test("quotes what stands in quotes", () => {
    const header = 'Digest realm="a \\"b\\"", nonce="1"';
    expect(answered([header], { user: 'ann "x"', password: "p" })).toContain(
      String.raw`username="ann \"x\"", realm="a \"b\""`,
    );
  });
});
