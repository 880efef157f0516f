import type { EventEmitter } from "node:events";

/** What is done about an error that nobody foresaw. */
export interface UnforeseenErrorOptions {
  /** Where errors are written down; a log plugs in here. */
  readonly log: (sentence: string, error: unknown) => void;
  /** Brings to their end what is under way, as when the console is quit. */
  readonly stop: () => Promise<void>;
  /** Ends this process, or begins a new one in its place. */
  readonly end: () => void;
  readonly patienceMs?: number;
}

/** What the services are given to end, and a little for the rest. */
const PATIENCE_MS = 15_000;

/**
 * An error that nobody foresaw leaves this process in a state that nobody knows: it is written down, what is under way is
 * left so that the next start goes on with it, and the process ends. Electron by itself would open a dialog that holds
 * everything until somebody closes it, and only warn of a promise that nobody heard.
 * @param source emits as `process` does
 */
export function endAfterUnforeseenError(
  options: UnforeseenErrorOptions,
  source: Pick<EventEmitter, "on"> = process,
): void {
  let ending = false;
  const take = (error: unknown) => {
    options.log(ending ? "Another unforeseen error while the console ends." : "An unforeseen error.", error);
    if (ending) return;
    ending = true;
    const timer = setTimeout(() => finish(), options.patienceMs ?? PATIENCE_MS);
    let finished = false;
    const finish = () => {
      if (finished) return;
      finished = true;
      clearTimeout(timer);
      options.end();
    };
    options.stop().then(finish, (failure: unknown) => {
      options.log("The console did not end cleanly.", failure);
      finish();
    });
  };
  source.on("uncaughtException", take);
  source.on("unhandledRejection", take);
}
