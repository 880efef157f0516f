/** Tells the proxy for an address as a URL (`http://[user:password@]host:port`), or null for a direct connection. */
export type ProxyFor = (url: string) => Promise<string | null>;

export const DIRECT: ProxyFor = async () => null;

type Environment = Readonly<Record<string, string | undefined>>;

export const PROXY_VARIABLES = ["HTTPS_PROXY", "HTTP_PROXY", "ALL_PROXY", "NO_PROXY"] as const;

/**
 * The proxy as the environment has it (HTTPS_PROXY, HTTP_PROXY, ALL_PROXY, NO_PROXY in either case), else as
 * the system has it. This machine itself is never reached through one.
 * @param system what the desktop is set to, e.g. Electron's `session.resolveProxy` read by `proxyOfRoute`
 */
export function chooseProxy(environment: Environment, system: ProxyFor): ProxyFor {
  return async (url) => {
    const { hostname } = new URL(url);
    if (isLoopback(hostname)) return null;
    const named = proxyInEnvironment(environment, url);
    if (named === null) return await system(url);
    return isExcepted(variable(environment, "NO_PROXY"), url) ? null : named;
  };
}

/** The first usable route of a PAC answer, e.g. `PROXY proxy.example:3128; DIRECT`; routes by SOCKS are passed over. */
export function proxyOfRoute(answer: string): string | null {
  for (const route of answer.split(";")) {
    const [kind = "", address = ""] = route.trim().split(/\s+/);
    if (kind === "DIRECT") return null;
    if (kind === "PROXY" && address !== "") return `http://${address}`;
    if (kind === "HTTPS" && address !== "") return `https://${address}`;
  }
  return null;
}

export function isLoopback(hostname: string): boolean {
  const name = hostname.toLowerCase().replace(/^\[|\]$/g, "");
  return (
    name === "localhost" || name.endsWith(".localhost") || name === "::1" || /^127(\.\d+){3}$/.test(name)
  );
}

/** @returns null where the environment names no usable proxy for this kind of address */
function proxyInEnvironment(environment: Environment, url: string): string | null {
  const own = new URL(url).protocol === "https:" ? "HTTPS_PROXY" : "HTTP_PROXY";
  const named = variable(environment, own) || variable(environment, "ALL_PROXY");
  if (named === "") return null;
  const text = named.includes("://") ? named : `http://${named}`;
  return URL.canParse(text) && /^https?:/.test(text) ? text : null;
}

function variable(environment: Environment, name: string): string {
  return (environment[name.toLowerCase()] ?? environment[name] ?? "").trim();
}

/** Entries are `*`, `host`, `host:port`, `.domain` or `*.domain`; a host stands for what lies below it, too. */
function isExcepted(list: string, url: string): boolean {
  const { hostname, port, protocol } = new URL(url);
  const ownPort = port === "" ? (protocol === "https:" ? "443" : "80") : port;
  return list.split(/[\s,]+/).some((entry) => {
    if (entry === "*") return true;
    const [, name = "", entryPort] = /^(?:\*?\.)?(.*?)(?::(\d+))?$/.exec(entry.toLowerCase()) ?? [];
    if (name === "" || (entryPort !== undefined && entryPort !== ownPort)) return false;
    return hostname === name || hostname.endsWith(`.${name}`);
  });
}
