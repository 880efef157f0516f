/**
 * What a name may hold: of a camera, an area, an evidence, a case, a tag, an operator, a site, a file. One rule for all
 * sides (decision 31): what a person reads must be what is there. Characters that cannot be seen, that turn the order
 * of others round, or that break a line are refused where a name is entered, and shown as `�` where one comes from
 * elsewhere.
 */

/** U+FFFD, which every font draws. */
export const HIDDEN_SHOWN_AS = "\u{FFFD}";

/**
 * Controls, separators of lines, marks that steer direction or joining, blanks without width, fillers that look like
 * nothing, tags, annotations and what is no character at all. Joiners and variation selectors are here too; where
 * writing needs them they are let through by `isNeeded`.
 */
const HIDDEN =
  /[\p{Cc}\p{Cs}\p{Zl}\p{Zp}\p{Noncharacter_Code_Point}\p{Default_Ignorable_Code_Point}\u{2800}\u{FFF9}-\u{FFFB}]/u;

const ZERO_WIDTH_NON_JOINER = 0x200c;
const ZERO_WIDTH_JOINER = 0x200d;
const KEYCAP = "\u{20E3}";

/** Scripts whose words are spelt with a joiner or a non-joiner, as in Persian and in the scripts of India. */
const JOINED_SCRIPTS =
  /[\p{Script=Arabic}\p{Script=Syriac}\p{Script=Mongolian}\p{Script=Nko}\p{Script=Devanagari}\p{Script=Bengali}\p{Script=Gurmukhi}\p{Script=Gujarati}\p{Script=Oriya}\p{Script=Tamil}\p{Script=Telugu}\p{Script=Kannada}\p{Script=Malayalam}\p{Script=Sinhala}\p{Script=Khmer}\p{Script=Myanmar}\p{Script=Tibetan}]/u;
const EMOJI = /\p{Extended_Pictographic}/u;
const EMOJI_PART = /\p{Extended_Pictographic}|\p{Emoji_Modifier}|\u{FE0F}/u;
const KEYCAP_BASE = /[0-9#*]/;
const HAN = /\p{Script=Han}/u;
const LINE_BREAKS = /[\t\n\r]/;

/** Where a hidden character has its place: between the parts of an emoji, within words of some scripts, after a sign. */
function isNeeded(code: number, before: string, after: string): boolean {
  if (code === ZERO_WIDTH_JOINER && EMOJI_PART.test(before) && EMOJI.test(after)) return true;
  if (code === ZERO_WIDTH_JOINER || code === ZERO_WIDTH_NON_JOINER) {
    return JOINED_SCRIPTS.test(before) && JOINED_SCRIPTS.test(after);
  }
  if (code === 0xfe0e || code === 0xfe0f) {
    return EMOJI.test(before) || (KEYCAP_BASE.test(before) && after === KEYCAP);
  }
  return code >= 0xe0100 && code <= 0xe01ef && HAN.test(before);
}

interface Lines {
  /** Text of several lines may hold line breaks and tabs. */
  readonly mayBreak?: boolean;
}

/** Each character with whether it is hidden. */
function judged(text: string, { mayBreak = false }: Lines): { character: string; isHidden: boolean }[] {
  const characters = [...text];
  return characters.map((character, at) => {
    if (!HIDDEN.test(character) || (mayBreak && LINE_BREAKS.test(character)))
      return { character, isHidden: false };
    const neighbours = [characters[at - 1] ?? "", characters[at + 1] ?? ""] as const;
    return { character, isHidden: !isNeeded(character.codePointAt(0) ?? 0, ...neighbours) };
  });
}

/** @returns why the text cannot be taken, as a sentence that begins with what it is called, or null */
export function hiddenCharacterIssue(called: string, text: string, lines: Lines = {}): string | null {
  if (!HIDDEN.test(text)) return null;
  const found = judged(text, lines).find(({ isHidden }) => isHidden);
  if (found === undefined) return null;
  const kind = kindOf(found.character.codePointAt(0) ?? 0);
  return `${called} must not hold ${kind} (${characterNumber(found.character)}). Type it anew instead of pasting it.`;
}

/** `U+2013`, as Unicode counts it. */
export function characterNumber(character: string): string {
  const code = character.codePointAt(0) ?? 0;
  return `U+${code.toString(16).toUpperCase().padStart(4, "0")}`;
}

function kindOf(code: number): string {
  if (code === 9) return "a tab";
  if (code === 10 || code === 13 || code === 0x2028 || code === 0x2029) return "a line break";
  if (code < 0x20 || (code >= 0x7f && code < 0xa0)) return "a control character";
  if ((code >= 0x202a && code <= 0x202e) || (code >= 0x2066 && code <= 0x2069))
    return "a character that turns the order of others round";
  return "a character that cannot be seen";
}

/** Whether a name may be taken as it is. */
export const isPlainName = (text: string): boolean => hiddenCharacterIssue("", text) === null;

/** A name as it is shown and sent on: what hides in it can be seen. */
export function visibleName(text: string, lines: Lines = {}): string {
  if (!HIDDEN.test(text)) return text;
  return judged(text, lines)
    .map(({ character, isHidden }) => (isHidden ? HIDDEN_SHOWN_AS : character))
    .join("");
}

/** Letters that are written from right to left. */
const RIGHT_TO_LEFT =
  /[\u{590}-\u{8FF}\u{FB1D}-\u{FDFF}\u{FE70}-\u{FEFC}\u{10800}-\u{10FFF}\u{1E800}-\u{1EFFF}]/u;
const FIRST_STRONG_ISOLATE = "\u{2068}";
const POP_ISOLATE = "\u{2069}";

/**
 * A name within a sentence that has no markup (spoken, in a notification, in a tooltip): it keeps to itself the
 * direction in which it is written. A name without letters from right to left needs nothing and stays as it is.
 */
export function bidiIsolated(name: string): string {
  const shown = visibleName(name);
  return RIGHT_TO_LEFT.test(shown) ? `${FIRST_STRONG_ISOLATE}${shown}${POP_ISOLATE}` : shown;
}

/** Characters that one file system or another refuses; a leading or trailing dot or blank is lost on some. */
const REFUSED_IN_FILES = /[\\/:*?"<>|]+/g;
const FILE_NAME_MAX = 150;

/**
 * A name as the first part of a file's name, without its extension.
 * @param otherwise where nothing is left of it
 */
export function fileNameOf(name: string, otherwise: string): string {
  const safe = [...visibleName(name).replaceAll(REFUSED_IN_FILES, "-")]
    .slice(0, FILE_NAME_MAX)
    .join("")
    .replaceAll(/^[. ]+|[. ]+$/g, "");
  return safe === "" ? otherwise : safe;
}
