import { cpus } from "node:os";

/** Seconds that the machine's cores have worked since it was started, all of them and for anybody together. */
export function coreSeconds(): number {
  const workedMs = cpus().map(({ times }) => times.user + times.nice + times.sys + times.irq);
  return workedMs.reduce((sum, ms) => sum + ms, 0) / 1000;
}
