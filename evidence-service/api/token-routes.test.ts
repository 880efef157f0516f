import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { REQUEST_ID_HEADER } from "#runtime/http/request-id.ts";
import { TestSite } from "../testing/test-site.ts";

const START_UTC_MS = Date.parse("2026-11-23T10:00:00.000Z");

describe("access tokens", () => {
  let site: TestSite;
  let nowUtcMs = START_UTC_MS;
  beforeAll(async () => {
    site = await TestSite.start({ now: () => nowUtcMs });
  });
  afterAll(async () => {
    await site.stop();
  });

  const nowS = START_UTC_MS / 1_000;
  for (const [what, change] of [
    ["for another service", { aud: "https://elsewhere.example/connect/token" }],
    ["that has expired", { exp: nowS - 3_600 }],
    ["without an expiry", { exp: undefined }],
    ["that lives for a day", { exp: nowS + 86_400 }],
    ["of another issuer", { iss: "somebody" }],
    ["about somebody else", { sub: "somebody" }],
    ["without an identifier", { jti: undefined }],
    ["whose identifier is empty", { jti: "" }],
    ["whose identifier is longer than can be kept", { jti: "x".repeat(257) }],
    // What claims are is for whoever signs to say.
    ["whose identifier is no text", { jti: JSON.parse("{}") as string }],
    ["whose identifier is nothing", { jti: JSON.parse("null") as string }],
  ] as const) {
    test(`an assertion ${what} is refused`, async () => {
      const { clientId, assertion } = await site.assertion(change);
      const answer = await site.requestToken(clientId, assertion);
      expect(answer).toMatchObject({ status: 401, body: { code: "INVALID_ASSERTION" } });
    });
  }

  test("an assertion with a changed signature, and an unknown client, are refused", async () => {
    const { clientId, assertion } = await site.assertion();
    const changed = `${assertion.slice(0, -8)}AAAAAAAA`;
    expect((await site.requestToken(clientId, changed)).status).toBe(401);
    const unknown = await site.requestToken("nobody@nowhere", assertion);
    expect(unknown).toMatchObject({ status: 401, body: { code: "INVALID_CLIENT" } });
  });

  test("an assertion is good once, also after a restart", async () => {
    const { clientId, assertion } = await site.assertion();
    expect((await site.requestToken(clientId, assertion)).status).toBe(200);
    const replayed = { status: 401, body: { code: "ASSERTION_REPLAYED" } };
    expect(await site.requestToken(clientId, assertion)).toMatchObject(replayed);
    await site.restart();
    expect(await site.requestToken(clientId, assertion)).toMatchObject(replayed);
  });

  test("calls need a token of this service that has not expired", async () => {
    const tenant = (await site.connection()).TenantId;
    const url = `${site.service.url}/cases/api/v1/department/${tenant}`;
    expect((await fetch(url)).status).toBe(401);
    expect((await fetch(url, { headers: { authorization: "Bearer forged" } })).status).toBe(401);
    expect((await site.call("GET", "/cases/api/v1/department/TENANT")).status).toBe(200);
    expect(await site.call("GET", "/cases/api/v1/department/another")).toMatchObject({ status: 403 });
    nowUtcMs += 2 * 3_600_000;
    const expired = await site.call("GET", "/cases/api/v1/department/TENANT");
    expect(expired).toMatchObject({ status: 401, body: { code: "UNAUTHORIZED" } });
    nowUtcMs = START_UTC_MS;
  });

  test("an answer repeats the request's id, also a refusal and one of the blob store", async () => {
    for (const path of [".well-known/openid-configuration", "documents/api/v1/nothing", "blobs/none/none"]) {
      const headers = { [REQUEST_ID_HEADER]: `request-for-${path.length}` };
      const answer = await fetch(`${site.service.url}/${path}`, { headers });
      expect(answer.headers.get(REQUEST_ID_HEADER)).toBe(headers[REQUEST_ID_HEADER]);
    }
  });

  test("the key store tells its key and both protocols, never the private part", async () => {
    const key = await site.publicKey();
    expect(key.EncryptionProtocols).toEqual(["2.0", "1.0"]);
    expect(Object.keys(key).toSorted()).toEqual(["EncryptionProtocols", "e", "kid", "kty", "n"]);
  });
});
