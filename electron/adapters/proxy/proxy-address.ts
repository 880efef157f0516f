/** A proxy's address in parts. Only `shown` may go into words and logs. */
export interface ProxyAddress {
  readonly protocol: "http:" | "https:";
  readonly host: string;
  readonly port: number;
  readonly user: string;
  readonly password: string;
  /** Host and port. */
  readonly shown: string;
  /** Without user and password. */
  readonly origin: string;
}

/** @param proxy as `ProxyFor` tells it. @throws TypeError for what is no URL: `isProxyAddress` tells before */
export function splitProxy(proxy: string): ProxyAddress {
  const { protocol, hostname, port, username, password } = new URL(proxy);
  const isHttps = protocol === "https:";
  const ownPort = port === "" ? (isHttps ? 443 : 80) : Number(port);
  return {
    protocol: isHttps ? "https:" : "http:",
    host: hostname.replace(/^\[|\]$/g, ""),
    port: ownPort,
    user: decoded(username),
    password: decoded(password),
    shown: `${hostname}:${ownPort}`,
    origin: `${protocol}//${hostname}:${ownPort}`,
  };
}

/** The same proxy with this log-on, unless it has one of its own. */
export function withLogOn(proxy: string, user: string, password: string): string {
  const url = new URL(proxy);
  if (url.username !== "" || user === "") return proxy;
  url.username = encodeURIComponent(user);
  url.password = encodeURIComponent(password);
  return url.href;
}

/** As people write one: with or without http:// in front. @returns null for what is no address of a proxy */
export function proxyUrlOf(text: string): string | null {
  const trimmed = text.trim();
  const url = trimmed.includes("://") ? trimmed : `http://${trimmed}`;
  if (!/^https?:\/\//i.test(url) || !URL.canParse(url)) return null;
  const { pathname, search, hash } = new URL(url);
  return pathname === "/" && search === "" && hash === "" ? url : null;
}

/** What stands there is taken as it is where it is not percent-encoded. */
function decoded(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
}
