/** The only place that touches what preload put on `window`. */
import type {
  Answer,
  EventName,
  EventPayload,
  RequestInput,
  RequestName,
} from "#shared/ipc-contract/contract.ts";
import type { Bridge } from "#shared/ipc-contract/channels.ts";
import { failed } from "#shared/domain/failure.ts";

declare global {
  interface Window {
    readonly evidenceDesk: Bridge;
  }
}

/**
 * Asks the main process.
 * @param name a request of the contract
 * @param input what the contract's schema of that request takes
 * @returns the outcome; a bug on the other side comes back as INTERNAL, so that nobody has to catch
 */
export async function ask<Name extends RequestName>(
  name: Name,
  input: RequestInput<Name>,
): Promise<Answer<Name>> {
  try {
    // Main answers an Outcome by contract and has parsed what it sends; the wire itself has no types.
    return (await window.evidenceDesk.request(name, input)) as Answer<Name>;
  } catch (error) {
    console.error(`The main process did not answer ${name}.`, error);
    return failed("INTERNAL", "The console could not do this because of an internal error.", "Try again.");
  }
}

/** One event of the main process with its payload. */
export type MainProcessEvent = {
  [Name in EventName]: { name: Name; payload: EventPayload<Name> };
}[EventName];

/**
 * Listens to everything that the main process announces.
 * @returns stops listening
 */
export function listen(listener: (event: MainProcessEvent) => void): () => void {
  return window.evidenceDesk.onEvent((name, payload) => listener({ name, payload } as MainProcessEvent));
}
