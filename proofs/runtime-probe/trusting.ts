import { request } from "node:https";
import * as tls from "node:tls";

/** A program's own agent keeps no connection that was trusted before. */
const byHttps = (address: string): Promise<string> =>
  new Promise((resolve) => {
    request(address, { agent: false }, (response) => response.resume().once("end", () => resolve("answered")))
      .once("error", () => resolve("refused"))
      .end();
  });

const byFetch = (address: string): Promise<string> =>
  fetch(address)
    .then((response) => response.text())
    .then(
      () => "answered",
      () => "refused",
    );

/**
 * Reaches a server with an authority's certificate by `https` and `fetch`: before the thread is told to trust it, told
 * so, and told otherwise. By `fetch` once only: it takes up the session of a connection that was trusted.
 */
export async function reachedAsChosen(address: string, authority: string): Promise<unknown[]> {
  const before = [await byHttps(address), await byFetch(address)];
  const bundled = tls.getCACertificates("bundled");
  tls.setDefaultCACertificates([...bundled, authority]);
  const isKept = tls.getCACertificates("default").some((pem) => pem.trim() === authority.trim());
  const told = [await byHttps(address), await byFetch(address)];
  tls.setDefaultCACertificates(bundled);
  return [...before, ...told, await byHttps(address), isKept];
}
