/** How long the turns of this thread's loop of events are, in processor time: nobody else is answered within one. */

const threadMs = (): number => {
  const { user, system } = process.threadCpuUsage();
  return (user + system) / 1_000;
};

/** From now on all turns are timed. @returns the longest ones first; what was timed before is forgotten */
export function timeTurns(): { readonly longestMs: () => readonly number[]; readonly end: () => void } {
  let turns: number[] = [];
  let beganMs = threadMs();
  let isOver = false;
  const turn = (): void => {
    const nowMs = threadMs();
    turns.push(nowMs - beganMs);
    beganMs = nowMs;
    if (!isOver) setImmediate(turn);
  };
  setImmediate(turn);
  return {
    longestMs: () => {
      const sorted = turns.toSorted((a, b) => b - a);
      turns = [];
      return sorted;
    },
    end: () => {
      isOver = true;
    },
  };
}
