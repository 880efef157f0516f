import { answerFor } from "#shared/domain/failure-advice.ts";
import { createHash } from "node:crypto";
import { once } from "node:events";
import { createServer, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { text } from "node:stream/consumers";
import { afterEach, beforeEach, expect, test } from "vitest";
import { ArchiveClient } from "./adapters/archive-client/archive-client.ts";
import { cameraHandlers } from "./ipc-handlers/camera-handlers.ts";

/** Privileges are asked about before a handler is called. */
const NOBODY = { operator: null, windowId: 1 };

interface Asked {
  readonly method: string;
  readonly path: string;
  readonly body: unknown;
}

let server: Server;
let asked: Asked[];
/** Ids of the cameras that the archive knows. */
let known: Set<string>;
/** What the archive answers to a change; null: it takes it. */
let refusal: { readonly code: string; readonly detail: string } | null;
let handlers: ReturnType<typeof cameraHandlers>;

beforeEach(async () => {
  [asked, known, refusal] = [[], new Set(), null];
  server = createServer((request, response) => {
    void text(request).then((body) => {
      const { method = "", url = "" } = request;
      asked.push({ method, path: url, body: body === "" ? null : (JSON.parse(body) as unknown) });
      if (method !== "GET" && refusal !== null)
        return response
          .writeHead(409, { "content-type": "application/problem+json" })
          .end(JSON.stringify(refusal));
      if (method === "PUT") known.add(url.split("/").at(-1) ?? "");
      if (method !== "GET") return response.writeHead(204).end();
      const cameras = [...known].map((id) => ({ id, name: id, area: "a", state: "no-signal" }));
      return response.setHeader("content-type", "application/json").end(JSON.stringify({ cameras }));
    });
  }).listen(0, "127.0.0.1");
  await once(server, "listening");
  const baseUrl = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  const address = () => ({ baseUrl, token: "t" });
  handlers = cameraHandlers(new ArchiveClient(address), address, () => undefined);
});

afterEach(async () => {
  server.closeAllConnections();
  server.close();
  await once(server, "close");
});

const changes = (): Asked[] => asked.filter(({ method }) => method !== "GET");
const marked = (address: string): string =>
  `gate-${createHash("sha256").update(address).digest("hex").slice(0, 8)}`;
const add = (address: string) => handlers["cameras.add"]({ name: "Gate", area: "North", address }, NOBODY);

test("a camera's id tells nothing of its password, and one that an older version added stays itself", async () => {
  await add("rtsp://ann:one@camera/s");
  await add("rtsp://ann:two@camera/s");
  expect([...known]).toEqual([marked("rtsp://camera/s")]);
  const older = marked("rtsp://ann:pw@other/s");
  known.add(older);
  await add("rtsp://ann:pw@other/s");
  expect([...known]).toEqual([marked("rtsp://camera/s"), older]);
});

test("a camera with another name alone is not touched otherwise; without a new password it keeps its own", async () => {
  known.add("gate");
  const names = { cameraId: "gate", name: " Gate 2 ", area: "North" };
  await handlers["cameras.change"]({ ...names, source: null }, NOBODY);
  const source = { address: "rtsp://camera/t", user: "ann", password: null, transport: "udp" as const };
  await handlers["cameras.change"]({ ...names, source }, NOBODY);
  await handlers["cameras.change"]({ ...names, source: { ...source, password: "" } }, NOBODY);
  const sent = { kind: "rtsp", url: "rtsp://camera/t", user: "ann", transport: "udp" };
  const renamed = { name: "Gate 2", area: "North" };
  expect(changes()).toEqual([
    { method: "PATCH", path: "/cameras/gate", body: renamed },
    { method: "PUT", path: "/cameras/gate", body: { ...renamed, source: sent } },
    { method: "PUT", path: "/cameras/gate", body: { ...renamed, source: { ...sent, password: "" } } },
  ]);
});

test.each([
  [{ name: " " }, "NAME_INVALID", "The name must not be empty."],
  [{ area: "" }, "NAME_INVALID", "The area's name must not be empty."],
  [{ name: "x".repeat(129) }, "NAME_INVALID", "The name may have at most 128 characters."],
  [{ name: "a\tb" }, "NAME_INVALID", expect.stringMatching(/^The name must not hold /)],
  [{ address: " " }, "ADDRESS_INVALID", "An RTSP address starts with rtsp:// or rtsps://."],
  [
    { address: `rtsp://camera/${"x".repeat(2048)}` },
    "ADDRESS_INVALID",
    expect.stringMatching(/at most 2048/),
  ],
] as const)(
  "what does not fit is said in a sentence of its own, also past the page: %j",
  async (typed, code, message) => {
    const camera = { name: "Gate", area: "North", address: "rtsp://camera/s" };
    const added = await handlers["cameras.add"]({ ...camera, ...typed }, NOBODY);
    expect(added).toEqual({ ok: false, error: { code, message, action: answerFor(code) } });
    expect(changes()).toEqual([]);
  },
);

test("what the archive says of a name that reads as another's comes back with its code", async () => {
  refusal = {
    code: "NAME_READS_ALIKE",
    detail: "The camera “Gate” reads the same. Give this one another name.",
  };
  const failure = { error: { code: refusal.code, message: `The archive: ${refusal.detail}` } };
  expect(await add("rtsp://camera/s")).toMatchObject(failure);
  const renamed = { cameraId: "gate", name: "GATE", area: "North", source: null };
  expect(await handlers["cameras.change"](renamed, NOBODY)).toMatchObject(failure);
});

test("blanks of a name are plain ones before the archive sees them", async () => {
  await handlers["cameras.add"](
    { name: "\u00A0Gate\u2003 2 ", area: "North", address: "rtsp://camera/s" },
    NOBODY,
  );
  expect(changes().map(({ body }) => (body as { name: string }).name)).toEqual(["Gate 2"]);
});
