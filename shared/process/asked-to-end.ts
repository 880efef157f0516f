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

/**
 * Calls `end` once: when a signal or the parent's message asks for it, or when the parent is gone.
 * @param end ends this process, in its own time
 * @param withParent whether the process ends with the one that started it
 */
export function whenAskedToEnd(end: () => void, withParent: boolean): void {
  let ending = false;
  const once = (): void => {
    if (ending) return;
    ending = true;
    end();
  };
  process.on("SIGTERM", once);
  process.on("SIGINT", once);
  parentPort()?.on("message", ({ data }) => {
    if (isEndRequest(data)) once();
  });
  if (withParent) watchParent(once);
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
