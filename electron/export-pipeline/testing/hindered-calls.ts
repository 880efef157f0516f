import { type Failure, failureOfExport } from "#shared/domain/failure.ts";
import { foreignCode } from "#shared/domain/foreign-code.ts";
import { portFailedAs, ABORTED, type PortOutcome } from "../ports/port-call.ts";

/** One call of a port, as a test may want to hinder it; `subject` is what it is about, e.g. a segment's id. */
export interface PortEvent {
  readonly method: string;
  readonly subject: string;
}

/** Asked at each call before it does anything: answers its failure, holds it up, or lets it pass with null. */
export type Hindrance = (event: PortEvent) => Promise<PortOutcome<never> | null> | null;

/** A call takes a turn of the event loop, meets the hindrance, and heeds its caller's signal. */
export async function meetHindrance(
  hindrance: Hindrance,
  event: PortEvent,
  signal: AbortSignal,
): Promise<PortOutcome<never> | null> {
  await eventLoopTurn();
  if (signal.aborted) return ABORTED;
  const { promise: aborted, resolve } = Promise.withResolvers<PortOutcome<never>>();
  const giveUp = () => resolve(ABORTED);
  signal.addEventListener("abort", giveUp, { once: true });
  try {
    return await Promise.race([hindrance(event), aborted]);
  } finally {
    signal.removeEventListener("abort", giveUp);
  }
}

export function eventLoopTurn(): Promise<void> {
  return new Promise((resolve) => {
    setImmediate(resolve);
  });
}

const MOST_EVENT_LOOP_TURNS = 5_000;

/** Lets the event loop turn until the condition holds. @throws Error when it never does */
export async function until(condition: () => boolean, what: string): Promise<void> {
  for (let turns = 0; !condition(); turns += 1) {
    if (turns > MOST_EVENT_LOOP_TURNS) throw new Error(`It never came to this: ${what}`);
    await eventLoopTurn();
  }
}

/** A hindrance that holds up all calls of one method until it is released. */
export function hold(method: string) {
  const { promise, resolve } = Promise.withResolvers<null>();
  let held = 0;
  const hindrance: Hindrance = (event) => {
    if (event.method !== method) return null;
    held += 1;
    return promise;
  };
  return { hindrance, held: () => held, release: () => resolve(null) };
}

/** A failure with whatever code, as another program may say it. */
export function anyFailure(code: string, message: string): Failure {
  return failureOfExport({ code: foreignCode(code), message });
}

export const REFUSED = portFailedAs("permanent", anyFailure("REFUSED", "No."));
