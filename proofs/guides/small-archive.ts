/**
 * An archive of one camera that has the first two seconds of every hour, over HTTP: the console's own client asks it, and
 * every answer has the shape that the interface says.
 */
import { once } from "node:events";
import { createServer, type IncomingMessage, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import type { z } from "zod";
import type {
  camerasUnlessAnswerSchema,
  exportPlanSchema,
  HoldingsAnswer,
} from "#shared/archive-api/archive-api.ts";

const CAMERA_ID = "gate";
const VIDEO_US = 2_000_000;

/** @param videoAt the bytes of the hour that starts then */
export async function serveSmallArchive(videoAt: (startUtcMs: number) => Buffer) {
  const server = createServer((request, response) => answer(request, response, videoAt));
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  const { port } = server.address() as AddressInfo;
  return { url: `http://127.0.0.1:${port}`, close: () => server.close() };
}

function answer(request: IncomingMessage, response: ServerResponse, videoAt: (at: number) => Buffer): void {
  const { pathname, searchParams } = new URL(request.url ?? "", "http://archive");
  const startUtcMs = Number(searchParams.get("from"));
  const range = { startUtcMs, endUtcMs: Number(searchParams.get("to")) };
  const json = (body: unknown) =>
    response.writeHead(200, { "content-type": "application/json" }).end(JSON.stringify(body));
  const asked = `${request.method} ${pathname.replace(/^\/locks\/.*/, "/locks")}`;
  switch (asked) {
    case "GET /cameras":
      return void json(CAMERAS);
    case "GET /holdings":
      return void json(holdingsNow());
    case `GET /cameras/${CAMERA_ID}/export.json`:
      return void json(planOf(range, videoAt(startUtcMs).length));
    case `GET /cameras/${CAMERA_ID}/export.mp4`: {
      const video = videoAt(startUtcMs);
      return void response.writeHead(200, { "content-length": video.length }).end(video);
    }
    case "PUT /locks":
    case "DELETE /locks":
      return void response.writeHead(204).end();
    default:
      response.writeHead(404).end();
  }
}

const CAMERAS: z.input<typeof camerasUnlessAnswerSchema> = {
  cameras: [{ id: CAMERA_ID, name: "Gate", area: "Außen", state: "recording" }],
};

function holdingsNow(): HoldingsAnswer {
  return { nowUtcMs: Date.now(), keptMs: 30 * 24 * 3_600_000, holdings: [] };
}

function planOf(
  { startUtcMs, endUtcMs }: { readonly startUtcMs: number; readonly endUtcMs: number },
  lengthBytes: number,
): z.input<typeof exportPlanSchema> {
  const firstFrameUtcUs = startUtcMs * 1000;
  return {
    cameraId: CAMERA_ID,
    ...{ fromUtcMs: startUtcMs, toUtcMs: endUtcMs },
    ...{ lengthBytes, etag: `"${startUtcMs}"`, codec: "avc1", width: 192, height: 108 },
    ...{ frameCount: 50, preRollFrameCount: 0, firstFrameUtcUs },
    lastFrameUtcUs: firstFrameUtcUs + VIDEO_US - 40_000,
    endUtcUs: firstFrameUtcUs + VIDEO_US,
    runs: [{ startUtcMs, endUtcMs: startUtcMs + 2_000 }],
    gaps: [{ startUtcMs: startUtcMs + 2_000, endUtcMs }],
    clock: {
      ...{ driftMs: 180, leastDriftMs: 120, mostDriftMs: 240 },
      ...{ firstArrivalUtcMs: startUtcMs + 180, lastArrivalUtcMs: startUtcMs + 2_180 },
    },
  };
}
