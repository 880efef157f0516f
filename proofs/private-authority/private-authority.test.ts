/** The console behind certificates of an organisation's own: real authorities, real TLS, the official client. */
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, beforeEach, describe, expect, test } from "vitest";
import { ClearanceHttp } from "#electron/adapters/clearance-client/clearance-http.ts";
import { trustAuthorities } from "#electron/adapters/trust/trusted-authorities.ts";
import { footageOf, SendingConsole } from "../conformance/sending-console.ts";
import { oneWorker } from "#proofs/console-parts/one-worker.ts";
import { hasOpenssl, TestAuthority } from "./authority.ts";
import { type OpeningProxy, startOpeningProxy, startTlsFront, type TlsFront } from "./tls-front.ts";

const canMakeAuthorities = await hasOpenssl();
const call = { signal: new AbortController().signal };

let folder: string;
let harbour: TestAuthority;
let front: TlsFront;
let desk: SendingConsole;

beforeAll(async () => {
  if (!canMakeAuthorities) return;
  folder = await mkdtemp(join(tmpdir(), "private-authority-"));
  harbour = await TestAuthority.make(join(folder, "harbour"), "Harbour Authority");
  const certificate = await harbour.issue({ names: ["DNS:localhost"] });
  front = await startTlsFront(certificate);
  const publicUrl = `https://localhost:${front.port}`;
  desk = await SendingConsole.start(footageOf(20_000_000), { publicUrl });
  front.forwardTo(desk.service.listensAt);
});

afterAll(async () => {
  if (!canMakeAuthorities) return;
  await desk.stop();
  await front.close();
  await rm(folder, { recursive: true });
});

beforeEach(() => trust());

function trust(...authorities: readonly TestAuthority[]): void {
  const pems = authorities.map(({ pem }) => pem);
  trustAuthorities(pems);
  desk.worker.setAuthorities(pems);
}

/** A file that is sent to a place that the service does not have. */
async function uploadTask() {
  const { file } = await desk.spoolSegment();
  const path = join(desk.folder, "spool", `${file.fileId}.enc`);
  return { kind: "send" as const, uri: `https://localhost:${front.port}/c/b?sig=x`, path, ...file };
}

const EXPIRED = [
  { validFrom: "20200101000000Z", validTo: "20210203040000Z" },
  "CERTIFICATE_EXPIRED",
  /localhost has expired on 2021-02-03 04:00 UTC\. It was issued by “Harbour Authority”\. .*clock says 20/,
  "have the certificate renewed",
] as const;
const NOT_YET_VALID = [
  { validFrom: "20400101000000Z", validTo: "20410101000000Z" },
  "CERTIFICATE_NOT_YET_VALID",
  /localhost is not valid before 2040-01-01 00:00 UTC\. It was issued by “Harbour Authority”\. .*clock says 20/,
  "If that clock is wrong, set it",
] as const;
const OTHER_NAMES = [
  { names: ["DNS:other.example", "IP:192.0.2.7"] },
  "CERTIFICATE_WRONG_NAME",
  /localhost is made out to other\.example, 192\.0\.2\.7 and not to it\. It was issued by “Harbour Authority”/,
  "check the address in the connection file",
] as const;

/** With connections of its own. */
const logOn = async (http = new ClearanceHttp(desk.http.connection)) => await http.logOn(call);

describe.skipIf(!canMakeAuthorities)("a service whose certificate is of an authority of its own", () => {
  test("is refused in words that name the authority, waited for, and reached once that is trusted", async () => {
    const refused = await logOn();
    expect(refused).toMatchObject({
      error: {
        kind: "transient",
        code: "CERTIFICATE_UNTRUSTED",
        message: expect.stringMatching(/localhost.*“Harbour Authority”/),
        action: expect.stringContaining("Network"),
      },
    });
    trust(harbour);
    expect(await logOn()).toEqual({ ok: true, value: undefined });
  });

  test("is sent to through it, to the last byte, by the worker and Azure's client", async () => {
    trust(harbour);
    const segment = await desk.spoolSegment();
    const evidenceId = await desk.createEvidence();
    const { lengthBytes } = await desk.send(evidenceId, segment);
    expect(lengthBytes).toBe(segment.file.lengthBytes);
    expect(front.passed.some((line) => line.startsWith("PUT ") && line.includes("comp=block"))).toBe(true);
  });

  test.each([
    ["has expired", ...EXPIRED],
    ["is not valid yet", ...NOT_YET_VALID],
    ["is another's", ...OTHER_NAMES],
  ])(
    "one whose certificate %s is refused with what is wrong and what to do, by main and by the worker, and goes on once it is right",
    async (_what, options, code, sentence, action) => {
      trust(harbour);
      front.present(await harbour.issue({ names: ["DNS:localhost"], ...options }));
      const told = {
        error: {
          ...{ kind: "transient", code, message: expect.stringMatching(sentence) },
          action: expect.stringContaining(action),
        },
      };
      expect(await logOn()).toMatchObject(told);
      await using worker = oneWorker([harbour.pem]);
      const task = await uploadTask();
      expect(await worker.run(task, () => undefined, call.signal)).toMatchObject(told);
      front.present(await harbour.issue({ names: ["DNS:localhost"] }));
      expect(await logOn()).toMatchObject({ ok: true });
      // There is no such place; that is told by the service itself, behind its certificate.
      expect(await worker.run(task, () => undefined, call.signal)).not.toMatchObject(told);
    },
  );

  test("is refused by the worker as well, which has a store of its own, in the same words", async () => {
    trust(harbour);
    const task = await uploadTask();
    await using worker = oneWorker([]);
    expect(await worker.run(task, () => undefined, call.signal)).toMatchObject({
      error: {
        kind: "transient",
        code: "CERTIFICATE_UNTRUSTED",
        message: expect.stringMatching(/localhost.*“Harbour Authority”/),
        action: expect.stringContaining("Network"),
      },
    });
  });
});

describe.skipIf(!canMakeAuthorities)("a proxy that opens TLS", () => {
  let proxy: OpeningProxy;
  let opener: TestAuthority;

  beforeAll(async () => {
    opener = await TestAuthority.make(join(folder, "opener"), "Proxy Authority");
    const certificate = await opener.issue({ names: ["DNS:localhost"] });
    proxy = await startOpeningProxy(desk.service.listensAt, certificate);
  });
  afterAll(async () => await proxy.close());

  const through = (url: string) => new ClearanceHttp(desk.http.connection, async () => url);

  test("is told from the service by its authority, and used once that is trusted", async () => {
    expect(await logOn(through(proxy.url))).toMatchObject({
      error: { code: "CERTIFICATE_UNTRUSTED", message: expect.stringContaining("“Proxy Authority”") },
    });
    trust(opener);
    expect(await logOn(through(proxy.url))).toMatchObject({ ok: true });
    expect(proxy.opened).toContain(`localhost:${front.port}`);
  });

  test("that asks for a log-on says so, without a word of the one it was given, and takes the right one", async () => {
    trust(opener);
    proxy.logOn = "desk:s3cr/t@1";
    for (const url of [proxy.url, proxy.url.replace("//", "//desk:wrong%40@")]) {
      const refused = await logOn(through(url));
      expect(refused).toMatchObject({
        error: {
          kind: "transient",
          code: "PROXY_LOG_ON_NEEDED",
          message: expect.stringContaining(new URL(proxy.url).host),
        },
      });
      expect(JSON.stringify(refused)).not.toMatch(/desk|wrong/);
    }
    expect(await logOn(through(proxy.url.replace("//", "//desk:s3cr%2Ft%401@")))).toMatchObject({ ok: true });
  });

  test("is told by the worker too, in the same words, whether its authority or the log-on is missing", async () => {
    trust(harbour);
    const sent = async (proxyUrl: string, pems: readonly string[]) => {
      await using worker = oneWorker(pems);
      const task = { ...(await uploadTask()), proxy: proxyUrl };
      return await worker.run(task, () => undefined, call.signal);
    };
    proxy.logOn = null;
    expect(await sent(proxy.url, [])).toMatchObject({
      error: {
        kind: "transient",
        code: "CERTIFICATE_UNTRUSTED",
        message: expect.stringContaining("“Proxy Authority”"),
      },
    });
    proxy.logOn = "desk:s3cr/t@1";
    for (const url of [proxy.url, proxy.url.replace("//", "//desk:wrong%40@")]) {
      const refused = await sent(url, [opener.pem]);
      expect(refused).toMatchObject({
        error: {
          ...{ kind: "transient", code: "PROXY_LOG_ON_NEEDED" },
          message: expect.stringContaining(new URL(proxy.url).host),
          action: expect.stringContaining("under Network"),
        },
      });
      expect(JSON.stringify(refused)).not.toMatch(/desk:|wrong/);
    }
    const before = proxy.opened.length;
    // Through the proxy, it is the service that says that there is no such place.
    expect(await sent(proxy.url.replace("//", "//desk:s3cr%2Ft%401@"), [opener.pem])).not.toMatchObject({
      error: { code: "PROXY_LOG_ON_NEEDED" },
    });
    expect(proxy.opened.length).toBeGreaterThan(before);
  });
});
