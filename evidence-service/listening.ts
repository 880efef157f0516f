/** Where the service listens: on this machine alone, and again where it did before. */
import { readFile } from "node:fs/promises";
import type { FastifyInstance } from "fastify";
import { writeDurably } from "#runtime/files/durable-file.ts";

const HOST = "127.0.0.1";

/**
 * @param port 0: the one of last time if it is free, else any
 * @param portFile remembers it
 * @throws Error where the port is taken
 */
export async function listen(app: FastifyInstance, port: number, portFile: string): Promise<void> {
  const text = await readFile(portFile, "utf8").catch(() => "0"); // No file: never started here.
  const wanted = port === 0 && /^\d{1,5}$/.test(text) ? Number(text) : port;
  try {
    await app.listen({ host: HOST, port: wanted });
  } catch (error) {
    if (port !== 0 || wanted === 0) throw error;
    await app.listen({ host: HOST, port: 0 });
  }
  await writeDurably(portFile, [Buffer.from(String(portOf(app)))]);
}

function portOf(app: FastifyInstance): number {
  const bound = app.server.address();
  if (bound === null || typeof bound === "string") throw new Error("The service listens on no port.");
  return bound.port;
}

export function listensAt(app: FastifyInstance): string {
  return `http://${HOST}:${portOf(app)}`;
}
