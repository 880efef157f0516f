/** How long the turns of this thread's loop of events are, in processor time: nobody else is answered within one. */

const threadMs = (): number => {
  const { user, system } = process.threadCpuUsage();
  return (user + system) / 1_000;
};

/** Of the longest turns. */
const KEPT = 5;

/** From now on all turns are timed. @returns the longest ones first; what was timed before is forgotten */
export function timeTurns(): { readonly longestMs: () => readonly number[]; readonly end: () => void } {
  let turns: number[] = [];
  let beganMs = threadMs();
  let isOver = false;
  const turn = (): void => {
    const nowMs = threadMs();
    const tookMs = nowMs - beganMs;
    if (turns.length < KEPT || tookMs > (turns.at(-1) ?? 0)) {
      turns = [...turns, tookMs].toSorted((a, b) => b - a).slice(0, KEPT);
    }
    beganMs = threadMs();
    if (!isOver) setImmediate(turn);
  };
  setImmediate(turn);
  return {
    longestMs: () => {
      const longest = turns;
      turns = [];
      return longest;
    },
    end: () => {
      isOver = true;
    },
  };
}
