import { once } from "node:events";
import { createServer, type IncomingMessage, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import { pipeline } from "node:stream/promises";
import { judgeRange } from "#runtime/http/file-answer.ts";
import type { ExportDesk } from "../export-desk.ts";
import type { PlannedExport } from "../planned-export.ts";

/** Gives planned exports to players under an address, byte ranges included. */
export interface ExportAddress {
  /** The address of an export. */
  of(planned: PlannedExport): string;
  close(): Promise<void>;
}

export async function exportAddress(desk: ExportDesk): Promise<ExportAddress> {
  const exports: PlannedExport[] = [];
  const server = createServer((request, response) => {
    const planned = exports[Number(request.url?.slice(1) || NaN)];
    if (planned === undefined) response.setHeader("content-type", "text/html").end("<!doctype html>");
    else send(desk, planned, request, response);
  });
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  const { port } = server.address() as AddressInfo;
  return {
    of: (planned) => `http://127.0.0.1:${port}/${exports.push(planned) - 1}`,
    async close() {
      server.closeAllConnections();
      server.close();
      await once(server, "close");
    },
  };
}

function send(
  desk: ExportDesk,
  planned: PlannedExport,
  request: IncomingMessage,
  response: ServerResponse,
): void {
  const answer = judgeRange(request.headers, planned.plan);
  if (answer.kind === "unsatisfiable") return void response.writeHead(416, answer.headers).end();
  const { startByte: start, endByte: end } = answer.bytes;
  const headers = { ...answer.headers, "content-type": "video/mp4", "accept-ranges": "bytes" };
  response.writeHead(answer.status, headers);
  // A player goes away in the middle whenever it seeks.
  pipeline(desk.read(planned, { start, end }), response).catch(() => response.destroy());
}
