/** Characters of a name's end that stay whatever its room is: a number, or the last word. */
const END_CHARACTERS = 8;

/**
 * Splits a name where it may be shortened. Letters with their marks, and the parts of an emoji, stay together.
 * @returns the end is empty for a name that is hardly longer than it
 */
export function splitBeforeEnd(name: string): readonly [head: string, end: string] {
  const characters = isPlain(name) ? [...name] : graphemesOf(name);
  if (characters.length <= END_CHARACTERS + 4) return [name, ""];
  return [characters.slice(0, -END_CHARACTERS).join(""), characters.slice(-END_CHARACTERS).join("")];
}

const isPlain = (name: string): boolean => /^[\x20-\x7e]*$/.test(name);

const segmenter = new Intl.Segmenter(undefined, { granularity: "grapheme" });

function graphemesOf(name: string): string[] {
  return [...segmenter.segment(name)].map(({ segment }) => segment);
}
