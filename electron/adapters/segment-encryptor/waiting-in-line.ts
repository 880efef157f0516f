/**
 * Work under a limit shared with others, whose caller may give up: who waits leaves the line at once, however long
 * the ones in front of him take. What has begun heeds the signal itself, and is waited for.
 * @throws the signal's reason when it aborts before the work has begun
 */
export async function waitingInLine<T>(
  limit: (work: () => Promise<T>) => Promise<T>,
  signal: AbortSignal,
  work: () => Promise<T>,
): Promise<T> {
  const { promise: left, reject: leave } = Promise.withResolvers<never>();
  const giveUp = () => leave(signal.reason);
  signal.addEventListener("abort", giveUp, { once: true });
  if (signal.aborted) giveUp();
  const turn = limit(async () => {
    signal.removeEventListener("abort", giveUp);
    signal.throwIfAborted();
    return await work();
  });
  return await Promise.race([turn, left]);
}
