import { createServer, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { type ArchiveAddress, ArchiveClient } from "./archive-client.ts";

const CALL = { signal: new AbortController().signal, reportWaiting: () => undefined };
const RANGE = { startUtcMs: 1_000, endUtcMs: 2_000 };
const PLAN = {
  cameraId: "gate",
  fromUtcMs: 1_000,
  toUtcMs: 2_000,
  lengthBytes: 12_345,
  etag: '"a"',
  frameCount: 25,
  firstFrameUtcUs: 1_000_000,
  lastFrameUtcUs: 1_960_000,
  endUtcUs: 2_000_000,
  preRollFrameCount: 3,
  trailingFrameCount: 1,
  innerFrameCount: 0,
  recordings: ["0000000001000"],
  overlaps: [],
  cameraTime: null,
  leftOut: null,
  ratioSet: null,
  runs: [RANGE],
  gaps: [],
  codec: "avc1.64001f",
  width: 640,
  height: 360,
};

let server: Server;
let address: ArchiveAddress | null;
let status = 200;
let body: unknown = {};
let asked: { line: string; authorization: string | undefined; body: string }[] = [];

beforeEach(async () => {
  asked = [];
  server = createServer((request, response) => {
    let text = "";
    request.setEncoding("utf8");
    request.on("data", (chunk: string) => (text += chunk));
    request.on("end", () => {
      const { authorization } = request.headers;
      asked.push({ line: `${request.method ?? ""} ${request.url ?? ""}`, authorization, body: text });
      response.writeHead(status).end(JSON.stringify(body));
    });
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  address = { baseUrl: `http://127.0.0.1:${(server.address() as AddressInfo).port}`, token: "secret" };
});

afterEach(async () => {
  server.closeAllConnections();
  await new Promise((resolve) => server.close(resolve));
});

function client(): ArchiveClient {
  return new ArchiveClient(() => address);
}

describe("the archive's client", () => {
  test("asks what an export will be, with its token and the range in milliseconds", async () => {
    [status, body] = [200, PLAN];
    expect(await client().planExport("gate", RANGE, CALL)).toEqual({ ok: true, value: PLAN });
    expect(asked).toEqual([
      {
        line: "GET /cameras/gate/export.json?from=1000&to=2000",
        authorization: "Bearer secret",
        body: "",
      },
    ]);
  });

  test("shows what hides in a camera's name", async () => {
    const camera = {
      id: "gate",
      area: "Yard\u200B",
      state: "recording",
      oldestUtcMs: null,
      newestUtcMs: null,
    };
    [status, body] = [200, { cameras: [{ ...camera, name: "Gate \u202Egnp.evila" }] }];
    expect(await client().cameras(CALL)).toMatchObject({
      value: [{ name: "Gate \uFFFDgnp.evila", area: "Yard\uFFFD" }],
    });
  });

  test("asks for the cameras that it knows only in case they have changed", async () => {
    const camera = { id: "gate", name: "Gate", area: "Yard", state: "recording" };
    [status, body] = [200, { tag: "a/b", cameras: [camera] }];
    const one = client();
    const first = await one.cameras(CALL);
    body = { tag: "a/b", cameras: null };
    const second = await one.cameras(CALL);
    expect(asked.map(({ line }) => line)).toEqual(["GET /cameras", "GET /cameras?unless=a%2Fb"]);
    expect(second.ok && first.ok && second.value === first.value).toBe(true);
  });

  test("locks and frees a range under one id", async () => {
    [status, body] = [200, {}];
    expect(await client().lock({ lockId: "lock/1", cameraId: "gate", range: RANGE }, CALL)).toEqual({
      ok: true,
      value: undefined,
    });
    expect(await client().unlock("lock/1", CALL)).toEqual({ ok: true, value: undefined });
    expect(asked.map(({ line }) => line)).toEqual(["PUT /locks/lock%2F1", "DELETE /locks/lock%2F1"]);
    expect(JSON.parse(asked[0]?.body ?? "")).toEqual({ cameraId: "gate", ...RANGE });
  });

  test("tells a range without footage from a camera that is not known", async () => {
    [status, body] = [404, { code: "NO_FOOTAGE", detail: "There is no frame." }];
    expect(await client().planExport("gate", RANGE, CALL)).toMatchObject({ error: { kind: "no-footage" } });
    [status, body] = [404, { code: "UNKNOWN_CAMERA", detail: "There is no such camera." }];
    expect(await client().planExport("gate", RANGE, CALL)).toMatchObject({
      error: { kind: "permanent", code: "UNKNOWN_CAMERA" },
    });
    expect(await client().lock({ lockId: "l", cameraId: "gate", range: RANGE }, CALL)).toMatchObject({
      error: { kind: "permanent" },
    });
  });

  test("passes on at which instant a codec changed", async () => {
    [status, body] = [409, { code: "CODEC_CHANGED", detail: "It changed.", atUtcMs: 1_500 }];
    expect(await client().planExport("gate", RANGE, CALL)).toMatchObject({
      error: { kind: "permanent", code: "CODEC_CHANGED", atUtcMs: 1_500 },
    });
  });

  test("refuses an answer that does not fit the archive's interface", async () => {
    [status, body] = [200, { ...PLAN, lengthBytes: "many" }];
    expect(await client().planExport("gate", RANGE, CALL)).toMatchObject({
      error: { kind: "permanent", code: "ANSWER_NOT_UNDERSTOOD" },
    });
  });

  test("does not take the plan of another range or camera for the one it asked for", async () => {
    for (const other of [{ cameraId: "yard" }, { fromUtcMs: 900 }, { toUtcMs: 2_001 }]) {
      [status, body] = [200, { ...PLAN, ...other }];
      expect(await client().planExport("gate", RANGE, CALL)).toMatchObject({
        error: { unconfirmed: true, code: "ANSWER_MIXED_UP" },
      });
    }
  });

  test.each([90_000, -90_000])(
    "tells the present by a clock that is %i ms ahead, also once it does not answer",
    async (aheadMs) => {
      const one = client();
      [status, body] = [200, { nowUtcMs: Date.now() + aheadMs, keptMs: 86_400_000, holdings: [] }];
      const near = async () => (await one.now("gate", CALL)) - aheadMs - Date.now();
      // Within what the first answer took, on a busy machine too: far from the other minutes.
      expect(Math.abs(await near())).toBeLessThan(30_000);
      expect(asked.map(({ line }) => line)).toEqual(["GET /holdings?camera=gate"]);
      status = 500;
      expect(Math.abs(await near())).toBeLessThan(30_000);
    },
  );

  test("waits for an archive that has not started", async () => {
    address = null;
    expect(await client().lock({ lockId: "l", cameraId: "gate", range: RANGE }, CALL)).toMatchObject({
      error: { kind: "transient", code: "ARCHIVE_UNREACHABLE" },
    });
    expect(client().exportUrl("gate", RANGE)).toBeNull();
    expect(asked).toEqual([]);
  });

  test("keeps a camera's id in its place in the address", async () => {
    [status, body] = [404, {}];
    await client().planExport("../locks/x?y", RANGE, CALL);
    expect(asked[0]?.line).toBe("GET /cameras/..%2Flocks%2Fx%3Fy/export.json?from=1000&to=2000");
  });

  test("asks for one recording alone where the archive holds several of the same time", async () => {
    const alone = { ...RANGE, recording: "1763899200000" };
    await client().planExport("gate", alone, CALL);
    await client().footage("gate", alone, CALL);
    const query = "?from=1000&to=2000&recording=1763899200000";
    expect(asked.map(({ line }) => line)).toEqual([
      `GET /cameras/gate/export.json${query}`,
      `GET /cameras/gate/footage${query}`,
    ]);
    expect(client().exportUrl("gate", alone)?.baseUrl).toMatch(
      /\/cameras\/gate\/export\.mp4\?from=1000&to=2000&recording=1763899200000$/,
    );
  });
});
