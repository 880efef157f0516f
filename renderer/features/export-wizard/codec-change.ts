import { type Failure, inSentences } from "#shared/domain/failure.ts";

/**
 * What to do about a camera that changed its picture codec in the chosen range.
 * @param atTime writes an instant as the fields of the step take it
 * @returns null where the failure is another
 */
export function codecChangeSentence(
  { code, atUtcMs }: Failure,
  atTime: (utcMs: number) => string,
): string | null {
  if (code !== "CODEC_CHANGED" || atUtcMs === undefined) return null;
  const at = atTime(atUtcMs);
  return `The camera's picture codec changed at ${at}, and one video cannot hold both. Make two exports: one that ends at ${at}, and one that starts then.`;
}

/** Why main refused an export, in words. */
export function refusalWords(failure: Failure, atTime: (utcMs: number) => string): string {
  const codecChange = codecChangeSentence(failure, atTime);
  if (codecChange !== null) return `${failure.message} ${codecChange}`;
  return inSentences(failure);
}
