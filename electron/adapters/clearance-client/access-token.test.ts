import { createServer, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { createLocalJWKSet, exportJWK, generateKeyPair, jwtVerify } from "jose";
import { afterEach, beforeEach, describe, expect, test, vi } from "vitest";
import { connectionFileSchema } from "#shared/clearance-api/connection-file.ts";
import { AccessToken } from "./access-token.ts";
import type { Connection } from "./connection.ts";

const { privateKey, publicKey } = await generateKeyPair("RS256", { extractable: true });
const principalKey = { ...(await exportJWK(privateKey)), kid: "key-1" };
const jwks = createLocalJWKSet({ keys: [{ ...(await exportJWK(publicKey)), kid: "key-1" }] });
const FOR_EVER = { signal: new AbortController().signal };

let server: Server;
let connection: Connection;
let status = 200;
let answerWhen: Promise<void> = Promise.resolve();
const forms: URLSearchParams[] = [];

beforeEach(async () => {
  forms.length = 0;
  status = 200;
  answerWhen = Promise.resolve();
  server = createServer((request, response) => {
    const chunks: Buffer[] = [];
    request.on("data", (chunk: Buffer) => chunks.push(chunk));
    request.on("end", () => {
      forms.push(new URLSearchParams(Buffer.concat(chunks).toString()));
      const body = JSON.stringify({ access_token: `token-${forms.length}`, expires_in: 600 });
      void answerWhen.then(() => response.writeHead(status).end(body));
    });
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  connection = connectionTo(`http://127.0.0.1:${(server.address() as AddressInfo).port}`);
});

afterEach(async () => {
  vi.useRealTimers();
  server.closeAllConnections();
  await new Promise((resolve) => server.close(resolve));
});

function connectionTo(origin: string): Connection {
  const file = connectionFileSchema.parse({
    DocumentStoreBaseAddresses: [origin],
    SecurityTokenServiceBaseAddresses: [origin],
    KeyStoreBaseAddresses: [origin],
    CaseServiceBaseAddresses: [origin],
    ApiBaseAddresses: [origin],
    ServicePrincipalId: "console",
    ServicePrincipalKey: principalKey,
    TenantId: "city",
  });
  return {
    file,
    accountId: "city@there",
    tenantId: "city",
    documents: origin,
    tokens: origin,
    keys: origin,
    cases: origin,
    api: origin,
    alternatives: [[origin]],
  };
}

describe("the access token", () => {
  test("is asked for with an assertion that the account's public key verifies (RFC 7523)", async () => {
    expect(await new AccessToken(connection).get(FOR_EVER)).toEqual({ ok: true, value: "token-1" });
    const [form] = forms;
    expect(form?.get("grant_type")).toBe("urn:ietf:params:oauth:grant-type:jwt-bearer");
    expect(form?.get("client_id")).toBe("console@city");
    const { payload } = await jwtVerify(form?.get("assertion") ?? "", jwks, {
      audience: `${connection.tokens}/token`,
      issuer: "console@city",
      subject: "console@city",
    });
    expect(payload.jti).toBeDefined();
    expect((payload.exp ?? 0) - (payload.iat ?? 0)).toBe(300);
  });

  test("is kept until shortly before its end, then renewed", async () => {
    vi.useFakeTimers({ toFake: ["performance"] });
    const token = new AccessToken(connection);
    await token.get(FOR_EVER);
    vi.advanceTimersByTime(539_000);
    expect(await token.get(FOR_EVER)).toEqual({ ok: true, value: "token-1" });
    vi.advanceTimersByTime(2_000);
    expect(await token.get(FOR_EVER)).toEqual({ ok: true, value: "token-2" });
  });

  test("is kept though somebody sets the clock", async () => {
    vi.useFakeTimers({ toFake: ["Date"] });
    const token = new AccessToken(connection);
    await token.get(FOR_EVER);
    for (const stepMs of [-600_000, 3_600_000]) {
      vi.setSystemTime(Date.now() + stepMs);
      expect(await token.get(FOR_EVER)).toEqual({ ok: true, value: "token-1" });
    }
  });

  test("is asked for anew once the service no longer takes it", async () => {
    const token = new AccessToken(connection);
    await token.get(FOR_EVER);
    token.discard();
    expect(await token.get(FOR_EVER)).toEqual({ ok: true, value: "token-2" });
  });

  test("is asked for once by callers at the same time", async () => {
    const token = new AccessToken(connection);
    const answers = await Promise.all([1, 2, 3].map(() => token.get(FOR_EVER)));
    expect(answers).toEqual(Array(3).fill({ ok: true, value: "token-1" }));
    expect(forms).toHaveLength(1);
  });

  test("a caller that gives up does not take the request away from the others", async () => {
    const gate = Promise.withResolvers<void>();
    answerWhen = gate.promise;
    const token = new AccessToken(connection);
    const impatient = new AbortController();
    const first = token.get(impatient);
    const second = token.get(FOR_EVER);
    impatient.abort();
    expect(await first).toMatchObject({ ok: false, error: { kind: "aborted" } });
    gate.resolve();
    expect(await second).toEqual({ ok: true, value: "token-1" });
  });

  test("a caller whose time is over is told that the service did not answer", async () => {
    answerWhen = new Promise(() => undefined);
    expect(await new AccessToken(connection).get({ signal: AbortSignal.timeout(50) })).toMatchObject({
      error: { code: "SERVICE_UNREACHABLE", message: expect.stringContaining("no answer in time") },
    });
  });

  test.each([
    [503, "transient"],
    [404, "permanent"],
    [401, "permanent"],
  ])("an answer %i is a %s failure", async (answered, kind) => {
    status = answered;
    expect(await new AccessToken(connection).get(FOR_EVER)).toMatchObject({ ok: false, error: { kind } });
  });
});
