import { type Agent as HttpAgent, type IncomingMessage, request as httpRequest } from "node:http";
import { Agent as HttpsAgent, request as httpsRequest } from "node:https";
import { buffer } from "node:stream/consumers";
import { type Agents, newAgents } from "./connections.ts";
import { proxyWantsLogOn } from "./trust/line-refusal.ts";
import { prepareTrust } from "./trust/trusted-authorities.ts";
import { splitProxy } from "./proxy/proxy-address.ts";
import type { ProxyFor } from "./proxy/proxy-choice.ts";

/** As the global `fetch`, of what the service's small calls need of it. */
export type ServiceFetch = (url: string, init: RequestInit) => Promise<Response>;

const BODILESS_STATUSES: ReadonlySet<number> = new Set([101, 204, 205, 304]);

/**
 * A `fetch` that goes through a proxy where there is one: CONNECT for https, absolute form for http
 * (RFC 9110, 7.6; 9.3.6). The global one takes a proxy from the environment alone, and only for the whole
 * process; and it hides an answer 407. Answers are held in memory; redirects are not followed: the API has none.
 */
export function fetchThrough(proxyFor: ProxyFor): ServiceFetch {
  const answerTo = answersThrough(proxyFor);
  return async (url, init) => {
    const answer = await answerTo(url, init);
    const content = await buffer(answer);
    const status = answer.statusCode ?? 500;
    const known = Object.entries(answer.headersDistinct).flatMap(([name, values = []]) =>
      values.map((value): [string, string] => [name, value]),
    );
    return new Response(BODILESS_STATUSES.has(status) ? null : content, { status, headers: known });
  };
}

/** As `fetchThrough`, for an answer that is read as it comes. Whoever takes one reads it to its end or destroys it. */
export function answersThrough(
  proxyFor: ProxyFor,
): (url: string, init: RequestInit) => Promise<IncomingMessage> {
  const agents = new Map<string, Agents>();
  const agentsOf = (proxy: string) => {
    const proxyEnv = proxy === "" ? {} : { HTTP_PROXY: proxy, HTTPS_PROXY: proxy };
    const made = agents.get(proxy) ?? newAgents({ keepAlive: true, proxyEnv });
    agents.set(proxy, made);
    return made;
  };
  return async (url, init) => {
    prepareTrust(url);
    const proxy = await proxyFor(url);
    const { http, https } = agentsOf(proxy ?? "");
    const answer = await exchanged(url, init, url.startsWith("https:") ? https : http);
    if (answer.statusCode !== 407) return answer;
    answer.destroy();
    throw proxyWantsLogOn(proxy === null ? null : splitProxy(proxy).shown);
  };
}

async function exchanged(url: string, init: RequestInit, agent: HttpAgent): Promise<IncomingMessage> {
  // A Request fills in what belongs to its body, as the content type of a form.
  const asked = new Request(url, init);
  const body = Buffer.from(await asked.arrayBuffer());
  const headers = { ...Object.fromEntries(asked.headers), "content-length": body.length };
  const start = agent instanceof HttpsAgent ? httpsRequest : httpRequest;
  return await new Promise<IncomingMessage>((resolve, reject) => {
    const options = { method: asked.method, headers, agent, signal: asked.signal };
    start(url, options, resolve).on("error", reject).end(body);
  });
}
