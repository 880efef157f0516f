import { session } from "electron";
import { proxyOfRoute } from "../adapters/proxy/proxy-choice.ts";

/** The proxy that the desktop is set to for an address, PAC scripts included; null for a direct connection. */
export async function systemProxy(url: string): Promise<string | null> {
  return proxyOfRoute(await session.defaultSession.resolveProxy(url));
}
