import { type ClientRequest, request as httpRequest } from "node:http";
import { request as httpsRequest } from "node:https";
import type { Socket } from "node:net";
import {
  certificateAt,
  type ShownCertificate,
  type TlsTarget,
  tlsTargetOf,
} from "#runtime/tls/shown-certificate.ts";
import { splitProxy } from "../proxy/proxy-address.ts";

const LOOK_TIMEOUT_MS = 5_000;

/**
 * The certificate that is shown for an https address, for the words once it was refused.
 * @param proxy as `ProxyFor` tells it
 * @returns null when it cannot be looked at
 */
export async function shownCertificate(url: string, proxy: string | null): Promise<ShownCertificate | null> {
  const target = tlsTargetOf(url);
  const signal = AbortSignal.timeout(LOOK_TIMEOUT_MS);
  if (proxy === null) return await certificateAt(target, signal);
  const { promise, resolve } = Promise.withResolvers<ShownCertificate | null>();
  const look = (socket: Socket) => void certificateAt(target, signal, socket).then(resolve);
  tunnelled(proxy, target, { signal, look }).on("error", () => resolve(null));
  return await promise;
}

function tunnelled(
  proxy: string,
  target: TlsTarget,
  { signal, look }: { readonly signal: AbortSignal; readonly look: (socket: Socket) => void },
): ClientRequest {
  const { protocol, host, port, user, password } = splitProxy(proxy);
  const start = protocol === "https:" ? httpsRequest : httpRequest;
  const path = `${target.host.includes(":") ? `[${target.host}]` : target.host}:${target.port}`;
  const logOn = `Basic ${Buffer.from(`${user}:${password}`).toString("base64")}`;
  const headers = user === "" ? undefined : { "proxy-authorization": logOn };
  const options = { host, port, method: "CONNECT", path, signal, agent: false as const, headers };
  const asked = start({ ...options, rejectUnauthorized: false });
  asked.on("connect", (answer, socket) => {
    if (answer.statusCode === 200) look(socket);
    else asked.destroy(new Error("The proxy does not connect."));
  });
  return asked.end();
}
