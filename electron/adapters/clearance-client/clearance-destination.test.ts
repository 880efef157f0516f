import { createServer, type Server } from "node:http";
import { generateKeyPairSync } from "node:crypto";
import type { AddressInfo } from "node:net";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import type { NewCase } from "#shared/domain/case.ts";
import { createEvidenceSchema } from "#shared/clearance-api/evidence.ts";
import { cameraExport, NEW_CASE } from "../../export-pipeline/testing/world.ts";
import { SegmentWorker } from "../segment-encryptor/segment-workers.ts";
import { ClearanceDestination } from "./clearance-destination.ts";
import { ClearanceHttp } from "./clearance-http.ts";
import { parseConnectionFile } from "./connection.ts";

const CALL = { signal: new AbortController().signal, reportWaiting: () => undefined };
const KEY = generateKeyPairSync("rsa", { modulusLength: 2048 }).privateKey.export({ format: "jwk" });
const worker = new SegmentWorker(new URL("../segment-encryptor/segment-worker.ts", import.meta.url));

let server: Server;
let destination: ClearanceDestination;
/** Answers everything but the token: status and JSON. */
let answer: (method: string, path: string, authorization: string) => [number, unknown];
let tokens = 0;
/** JSON bodies that arrived. */
let bodies: string[] = [];

beforeEach(async () => {
  [tokens, bodies] = [0, []];
  answer = () => [404, { code: "NOT_FOUND", detail: "There is no such thing." }];
  server = createServer((request, response) => {
    let text = "";
    request.setEncoding("utf8").on("data", (piece: string) => (text += piece));
    const { method = "", url = "", headers } = request;
    request.on("end", () => {
      if (text.startsWith("{")) bodies.push(text);
      const isToken = url.endsWith("/token");
      if (isToken) tokens += 1;
      const [status, body] = isToken
        ? [200, { access_token: `token-${tokens}`, expires_in: 600 }]
        : answer(method, url, headers.authorization ?? "");
      response.writeHead(status, { "content-type": "application/json" }).end(JSON.stringify(body));
    });
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const addresses = [`http://127.0.0.1:${(server.address() as AddressInfo).port}/`];
  const parsed = parseConnectionFile(
    JSON.stringify({
      DocumentStoreBaseAddresses: addresses,
      SecurityTokenServiceBaseAddresses: addresses,
      KeyStoreBaseAddresses: addresses,
      CaseServiceBaseAddresses: addresses,
      ApiBaseAddresses: addresses,
      ServicePrincipalId: "console",
      ServicePrincipalKey: { ...KEY, kid: "key-1" },
      TenantId: "city",
    }),
  );
  if (!parsed.ok) throw new Error(parsed.error.message);
  const http = new ClearanceHttp(parsed.value);
  destination = new ClearanceDestination({
    account: () => http,
    worker,
    spoolPath: (fileId) => fileId,
  });
});

afterEach(async () => {
  server.closeAllConnections();
  await new Promise((resolve) => server.close(resolve));
});

const EVIDENCE = {
  externalId: "e-1",
  name: "Gate",
  description: "",
  range: cameraExport("a").range,
  cameraId: "a",
  cameraName: "Gate",
  caseId: null,
  askedBy: "olga",
};
const PLACE = {
  evidenceId: "e",
  externalId: "s-1",
  name: "Gate 1 of 1.mp4",
  mimeType: "video/mp4",
  range: EVIDENCE.range,
};
const FILE = { folder: null, fileId: "s", encryptionData: "{}", lengthBytes: 1, blockCrcs: null };
const OBSERVER = { onPlace: () => undefined, onProgress: () => undefined };
const { newCase } = NEW_CASE as { newCase: NewCase };

describe("404 from the service", () => {
  test.each([
    ["of its key", () => destination.recipientKey(CALL), "permanent"],
    [
      "of its cases",
      () => destination.createCase({ externalId: "x", newCase, askedBy: "olga" }, CALL),
      "permanent",
    ],
    ["to new evidence", () => destination.createEvidence(EVIDENCE, CALL), "permanent"],
    [
      "to a file of evidence",
      () => destination.sendFile({ resource: PLACE, file: FILE }, OBSERVER, CALL),
      "gone",
    ],
    ["to a resource", () => destination.completeResource("e", "r", CALL), "gone"],
    ["to complete evidence", () => destination.completeEvidence("e", [], CALL), "gone"],
    ["to a question for evidence", () => destination.lifecycle("e", CALL), "gone"],
  ])("%s: only evidence can be forgotten", async (_words, ask, kind) => {
    expect(await ask()).toMatchObject({ ok: false, error: { kind, code: "NOT_FOUND" } });
  });
});

describe("the service's key", () => {
  const jwk = { kty: "RSA", kid: "k", n: "n", e: "e" };

  test.each([
    [["2.0", "1.0"], "2.0"],
    [["1.0"], "1.0"],
    [undefined, "1.0"],
  ])("that announces %j is used with protocol %s", async (announced, protocol) => {
    answer = () => [200, { ...jwk, EncryptionProtocols: announced }];
    expect(await destination.recipientKey(CALL)).toEqual({ ok: true, value: { jwk, protocol } });
  });

  test("is asked for with a new token once the old one is refused, and only once more", async () => {
    answer = (_method, _path, authorization) => (authorization === "Bearer token-1" ? [401, {}] : [200, jwk]);
    expect(await destination.recipientKey(CALL)).toMatchObject({ ok: true });
    expect(tokens).toBe(2);
    answer = () => [401, {}];
    expect(await destination.recipientKey(CALL)).toMatchObject({ error: { kind: "permanent" } });
    expect(tokens).toBe(3);
  });
});

test("a file that the service has whole already is not sent again", async () => {
  const placed: string[] = [];
  answer = () => [
    200,
    {
      ResourceId: "r-1",
      EvidenceId: "e",
      ExternalId: "s-1",
      Name: "Gate",
      MimeType: "video/mp4",
      StartTimeUtc: "2026-11-23T10:00:00.000Z",
      EndTimeUtc: "2026-11-23T11:00:00.000Z",
      TimeOffset: "",
      UploadedTimeUtc: null,
      UploadedBy: null,
      Parent: null,
      Thumbnail: null,
      State: "UserCompleted",
      LengthBytes: 1,
      Uri: "http://127.0.0.1:9/blob",
      UriExpiresUtc: "2026-11-23T12:00:00.000Z",
    },
  ];
  const observer = { ...OBSERVER, onPlace: (resourceId: string) => placed.push(resourceId) };
  expect(await destination.sendFile({ resource: PLACE, file: FILE }, observer, CALL)).toMatchObject({
    ok: true,
  });
  expect(placed).toEqual(["r-1"]);
});

describe("the console's key", () => {
  const key = { algorithm: "Ed25519", keyId: "0".repeat(64), publicKey: btoa("k".repeat(32)) } as const;

  test.each([404, 403, 405])(
    "a service that answers %i to it is sent evidence all the same",
    async (status) => {
      answer = () => [status, { code: "NO", detail: "No." }];
      expect(await destination.registerDeviceKey(key, CALL)).toMatchObject({ ok: true });
    },
  );

  test("an answer that says nothing is no refusal: the key may not be known yet", async () => {
    answer = () => [200, { KeyId: 7 }];
    expect(await destination.registerDeviceKey(key, CALL)).toMatchObject({
      error: { unconfirmed: true, code: "ANSWER_NOT_UNDERSTOOD" },
    });
    const { keyId: KeyId, algorithm: Algorithm, publicKey: PublicKey } = key;
    const registered = {
      KeyId,
      Algorithm,
      PublicKey,
      Name: "",
      RegisteredTimeUtc: "2026-11-23T10:00:00.000Z",
    };
    answer = () => [200, { ...registered, KeyId: "1".repeat(64) }];
    expect(await destination.registerDeviceKey(key, CALL)).toMatchObject({
      error: { code: "ANSWER_MIXED_UP" },
    });
    answer = () => [200, registered];
    expect(await destination.registerDeviceKey(key, CALL)).toMatchObject({ ok: true });
  });

  test("a service that is busy is asked again", async () => {
    answer = () => [503, { code: "BUSY", detail: "Later." }];
    expect(await destination.registerDeviceKey(key, CALL)).toMatchObject({ error: { kind: "transient" } });
  });
});

test("the service is told who asked, of evidence and of a case, and nothing where nobody is known", async () => {
  answer = () => [500, {}];
  await destination.createEvidence(EVIDENCE, CALL);
  await destination.createCase({ externalId: "x", newCase, askedBy: "olga" }, CALL);
  await destination.createEvidence({ ...EVIDENCE, askedBy: "" }, CALL);
  const named = bodies.map((text) => JSON.parse(text) as { CreatedOnBehalfOf?: string });
  expect(named.map(({ CreatedOnBehalfOf }) => CreatedOnBehalfOf)).toEqual(["olga", "olga", undefined]);
  expect(createEvidenceSchema.safeParse(named[0]).success).toBe(true);
});

test("a camera's name from elsewhere goes as it is shown, which the service takes", async () => {
  answer = () => [500, {}];
  const odd = { ...EVIDENCE, name: "Gate \u202Egnp.evila", cameraName: "Gate\u0000" };
  await destination.createEvidence(odd, CALL);
  const sent = createEvidenceSchema.parse(JSON.parse(bodies[0] ?? ""));
  expect(sent).toMatchObject({ Name: "Gate \uFFFDgnp.evila", Device: { Model: "Gate\uFFFD" } });
  expect(createEvidenceSchema.safeParse({ ...sent, Name: odd.name }).success).toBe(false);
});

test("an answer to another request is not believed but asked for again", async () => {
  const utc = "2026-11-23T10:00:00.000Z";
  const other = {
    ...{ ResourceId: "r-9", EvidenceId: "e-9", ExternalId: "s-9", Name: "Other", MimeType: "video/mp4" },
    ...{ StartTimeUtc: utc, EndTimeUtc: utc, TimeOffset: "", UploadedTimeUtc: null, UploadedBy: null },
    ...{ Parent: null, Thumbnail: null, State: "UserCompleted", LengthBytes: 1 },
    ...{ Uri: "http://127.0.0.1:9/blob", UriExpiresUtc: utc },
  };
  answer = () => [200, other];
  const places: string[] = [];
  const observer = { onPlace: (id: string) => places.push(id), onProgress: () => undefined };
  const file = { folder: null, fileId: "s", encryptionData: "{}", lengthBytes: 1, blockCrcs: null };
  const mixedUp = { error: { unconfirmed: true, code: "ANSWER_MIXED_UP" } };
  expect(await destination.sendFile({ resource: PLACE, file }, observer, CALL)).toMatchObject(mixedUp);
  expect(places).toEqual([]);
  expect(await destination.completeResource("e", "r-1", CALL)).toMatchObject(mixedUp);
  expect(await destination.completeResource("e", "r-9", CALL)).toMatchObject({ ok: true });
});
