/** The console behind certificates of an organisation's own: real authorities, real TLS, the official client. */
import { mkdtemp, readdir, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, beforeEach, describe, expect, test } from "vitest";
import { ClearanceHttp } from "#electron/adapters/clearance-client/clearance-http.ts";
import { SegmentWorker } from "#electron/adapters/segment-encryptor/segment-workers.ts";
import { trustAuthorities } from "#electron/adapters/trust/trusted-authorities.ts";
import { footageOf, SendingConsole } from "../conformance/sending-console.ts";
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
  desk = await SendingConsole.start(footageOf(20_000_000), {}, undefined, publicUrl);
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

/** One that has no connection from before. */
function workerThatTrusts(pems: readonly string[]) {
  const worker = new SegmentWorker(
    new URL("../../electron/adapters/segment-encryptor/segment-worker.ts", import.meta.url),
  );
  worker.setAuthorities(pems);
  return Object.assign(worker, { [Symbol.asyncDispose]: () => worker.close() });
}

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

  test("is refused by the worker as well, which has a store of its own", async () => {
    trust(harbour);
    const { file } = await desk.spoolSegment();
    const names = await readdir(join(desk.folder, "spool"));
    const path = join(desk.folder, "spool", names.find((name) => name.startsWith(file.segmentId)) ?? "");
    const uri = `https://localhost:${front.port}/c/b?sig=x`;
    await using worker = workerThatTrusts([]);
    const sent = await worker.run({ kind: "send", uri, path, ...file }, () => undefined, call.signal);
    expect(sent).toMatchObject({ error: { kind: "transient", code: "CERTIFICATE_UNTRUSTED" } });
  });

  test.each([
    [
      "has expired",
      { validFrom: "20200101000000Z", validTo: "20210203040000Z" },
      "CERTIFICATE_EXPIRED",
      /expired on 2021-02-03 04:00 UTC.*Harbour Authority.*clock says 20/,
    ],
    [
      "is not valid yet",
      { validFrom: "20400101000000Z", validTo: "20410101000000Z" },
      "CERTIFICATE_NOT_YET_VALID",
      /not valid before 2040-01-01 00:00 UTC/,
    ],
    [
      "is another's",
      { names: ["DNS:other.example", "IP:192.0.2.7"] },
      "CERTIFICATE_WRONG_NAME",
      /made out to other\.example, 192\.0\.2\.7 and not/,
    ],
  ])(
    "one whose certificate %s is refused with what is wrong, and goes on once it is right",
    async (...given) => {
      const [, options, code, sentence] = given;
      trust(harbour);
      front.present(await harbour.issue({ names: ["DNS:localhost"], ...options }));
      expect(await logOn()).toMatchObject({
        error: { kind: "transient", code, message: expect.stringMatching(sentence) },
      });
      front.present(await harbour.issue({ names: ["DNS:localhost"] }));
      expect(await logOn()).toMatchObject({ ok: true });
    },
  );
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
});
