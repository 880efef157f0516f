import { passOn, startFaultProxy } from "#proofs/fault-proxy/fault-proxy.ts";
import type { SendingConsole, SpooledForTest } from "./sending-console.ts";

/**
 * Sends a segment through a proxy that breaks the connection when the first block list has been committed.
 * @returns what was put to the blob's address, in order, and how often its answer got lost
 */
export async function sendLosingCommit(
  sending: SendingConsole,
  evidenceId: string,
  segment: SpooledForTest,
): Promise<{ puts: string[]; lost: number }> {
  const puts: string[] = [];
  let lost = 0;
  const proxy = await startFaultProxy(async (exchange) => {
    const { method, path } = exchange.request;
    const operation = new URL(path, "http://blob").searchParams.get("comp");
    if (method === "PUT") puts.push(operation ?? "");
    if (method !== "PUT" || operation !== "blocklist" || lost > 0) return passOn(exchange);
    lost += (await exchange.forward()).status === 201 ? 1 : 0;
    exchange.reset();
  });
  sending.calls.proxyUrl = proxy.url;
  try {
    await sending.send(evidenceId, segment);
    return { puts, lost };
  } finally {
    sending.calls.proxyUrl = null;
    await proxy.close();
  }
}
