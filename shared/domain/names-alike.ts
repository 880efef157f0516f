/**
 * When two names read alike (decision 89): nobody who reads them on a screen, or hears them, tells one from the other.
 * Their blanks, their capitals, and the forms in which Unicode keeps the same letter make no difference.
 */

/** A blank of any width, as pages and word processors put them: U+00A0, U+2003, U+3000. Tabs and line breaks are none. */
const BLANKS = /\p{Zs}+/gu;
/** Signs that choose how the character before them is drawn. */
const VARIATIONS = /\p{Variation_Selector}/gu;

/** A name as it is kept: without blanks at its ends, and with one plain blank where there were several or other ones. */
export function withPlainBlanks(name: string): string {
  return name.replaceAll(BLANKS, " ").replaceAll(/^ | $/g, "");
}

/**
 * What is left of a name once everything is gone that readers do not see as a difference. Names with the same one read
 * alike. It is compared only, and never shown or kept.
 */
export function readingOf(name: string): string {
  const one = name.normalize("NFKC").replaceAll(VARIATIONS, "");
  // Capitals first: “ß” is “SS” there, and the two small sigmas have one capital.
  return withPlainBlanks(one.toUpperCase().toLowerCase().normalize("NFKC"));
}

export const readAlike = (one: string, other: string): boolean => readingOf(one) === readingOf(other);

/**
 * Of names that read alike the first stays.
 * @returns the names with plain blanks, in their order, without those that are nothing else
 */
export function onceEach(names: readonly string[]): string[] {
  const kept = new Map<string, string>();
  for (const name of names.map(withPlainBlanks)) {
    const reading = readingOf(name);
    if (reading !== "" && !kept.has(reading)) kept.set(reading, name);
  }
  return [...kept.values()];
}
