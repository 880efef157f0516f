/** Names on the wire between page and main process; apart from the contract so that preload stays without zod. */
/** One channel for requests, one for events; the names above travel inside. */
export const REQUEST_CHANNEL = "evidence-desk:request";
export const EVENT_CHANNEL = "evidence-desk:event";

/** What preload puts on `window` under BRIDGE_NAME: no logic, only the passage. */
export interface Bridge {
  request(name: string, input: unknown): Promise<unknown>;
  onEvent(listener: (name: string, payload: unknown) => void): () => void;
}
export const BRIDGE_NAME = "evidenceDesk";
