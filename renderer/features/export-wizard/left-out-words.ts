import type { LeftOut } from "#shared/domain/camera.ts";

/** What people would look for and not find: metadata of a camera is in the manifest, and nobody misses it in a video. */
const MISSED: Partial<Record<LeftOut["kind"], string>> = { sound: "sound", picture: "second picture" };

/**
 * Says what the camera sent in a range and is not in the export.
 * @param leftOut null where the archive does not know
 * @returns the sentence, or null where nothing would be missed
 */
export function leftOutSentence(leftOut: readonly LeftOut[] | null): string | null {
  const missed = (leftOut ?? []).flatMap(({ kind, format }) => {
    const word = MISSED[kind];
    return word === undefined ? [] : [`${word} (${format})`];
  });
  if (missed.length === 0) return null;
  const verb = missed.length === 1 ? "is" : "are";
  return `The camera's ${missed.join(" and ")} ${verb} not in this export: the archive does not record ${missed.length === 1 ? "it" : "them"}.`;
}
