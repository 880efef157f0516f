import { z } from "zod";

/** A run of the machine, and when it began by the time that is believed. */
export const bootSchema = z.object({
  bootId: z.string(),
  beganUtcMs: z.number(),
  /** False while its clock has yet to be set: it began then or later. */
  isSettled: z.boolean(),
  /** At the last look. */
  uptimeMs: z.number().nonnegative(),
});
export type Boot = z.infer<typeof bootSchema>;

/** Footage of earlier runs counts by its own dates, should its session ever have to be read anew. */
const MOST_BOOTS = 400;
/** A clock that runs a little wrong, or is put right by a little, is not worth a change. */
const WORTH_MS = 60_000;

/**
 * What is known of the runs of the machine after a look at its clocks.
 * @param seen this run as the look has it; settled where its clock was believed and is not behind
 * @returns the same array where nothing worth a change was learnt
 */
export function withLook(boots: readonly Boot[], seen: Boot): readonly Boot[] {
  const { bootId, beganUtcMs, isSettled, uptimeMs } = seen;
  const known = boots.find((boot) => boot.bootId === bootId);
  const isWorth =
    known === undefined ||
    (isSettled && (!known.isSettled || Math.abs(known.beganUtcMs - beganUtcMs) >= WORTH_MS));
  const now: Boot = isWorth ? seen : { ...known, uptimeMs };
  if (known !== undefined && now.uptimeMs - known.uptimeMs < WORTH_MS && !isWorth) return boots;
  const before = boots.filter((boot) => boot.bootId !== bootId);
  return [...(now.isSettled ? before.map((boot) => endedBefore(boot, now)) : before), now].slice(-MOST_BOOTS);
}

/** A run whose clock was never set was over when this one began: what it recorded may be that young. */
function endedBefore(boot: Boot, { beganUtcMs }: Boot): Boot {
  if (boot.isSettled) return boot;
  return { ...boot, isSettled: true, beganUtcMs: Math.max(boot.beganUtcMs, beganUtcMs - boot.uptimeMs) };
}
