import type { EventEmitter } from "node:events";

/**
 * A terminal that is closed, or a program behind a pipe that has ended, must end nobody: without somebody who listens,
 * the error of a write to it is an uncaught exception. What would be written there is lost, as it must be.
 */
export function heedBrokenTerminal(
  streams: readonly Pick<EventEmitter, "on">[] = [process.stdout, process.stderr],
): void {
  for (const stream of streams)
    stream.on("error", (error: NodeJS.ErrnoException) => {
      if (!GONE.has(error.code ?? "")) throw error;
    });
}

const GONE = new Set(["EPIPE", "EIO", "EBADF", "ERR_STREAM_DESTROYED", "ECONNRESET"]);
