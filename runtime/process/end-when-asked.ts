/**
 * How a service is asked to end by the console that started it: a message, because Electron's `kill` leaves a child two
 * seconds (none on Windows), and a recording needs longer to be whole.
 */
export const END_REQUEST = { kind: "end" } as const;

const PARENT_LOOK_MS = 1_000;

/** What Electron gives a utility process; a program started by hand has none. */
interface ParentPort {
  on(name: "message", listener: (event: { data: unknown }) => void): unknown;
}

export interface EndOptions {
  /** Whether the process ends with the one that started it. */
  readonly withParent: boolean;
  /** Told what the end failed with, before the process exits with 1. */
  readonly onFailure: (error: unknown) => void;
}

/**
 * Ends this process with 0 once `close` is done: when a signal or the parent's message asks for it, or when the parent
 * is gone. Being asked again changes nothing.
 * @param close brings what is under way to its end, in its own time
 */
export function endWhenAsked(close: () => Promise<void>, { withParent, onFailure }: EndOptions): void {
  let ending = false;
  const end = (): void => {
    if (ending) return;
    ending = true;
    close().then(
      () => process.exit(0),
      (error: unknown) => {
        onFailure(error);
        process.exit(1);
      },
    );
  };
  process.on("SIGTERM", end);
  process.on("SIGINT", end);
  parentPort()?.on("message", ({ data }) => {
    if (isEndRequest(data)) end();
  });
  if (withParent) watchParent(end);
}

/** A parent that is gone is noticed by the closed channel, or by having been given another parent. */
function watchParent(end: () => void): void {
  const parent = process.ppid;
  process.on("disconnect", end);
  setInterval(() => {
    if (process.ppid !== parent) end();
  }, PARENT_LOOK_MS).unref();
}

function parentPort(): ParentPort | undefined {
  return (process as unknown as { readonly parentPort?: ParentPort }).parentPort;
}

function isEndRequest(message: unknown): boolean {
  return (
    typeof message === "object" && message !== null && "kind" in message && message.kind === END_REQUEST.kind
  );
}
