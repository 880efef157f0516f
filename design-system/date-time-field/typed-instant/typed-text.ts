/** Brings what was typed or pasted into one alphabet: plain digits, plain blanks, plain signs. */

/** Marks of direction and blanks without a width: they come along with what is pasted. */
const UNSEEN = /[\u00AD\u061C\u200B-\u200F\u202A-\u202E\u2060-\u2069\uFEFF]/gu;

/** `٢٠٢٦‑١١‑٢٨ ١٠:٤٠` and `２０２６-１１-２８ １０:４０` become `2026-11-28 10:40`. */
export function plainText(text: string): string {
  return text
    .normalize("NFKC")
    .replace(UNSEEN, "")
    .replace(/\p{Nd}/gu, plainDigit)
    .replace(/[\p{Pd}\u2212]/gu, "-")
    .replaceAll("٫", ".")
    .replaceAll("،", ",")
    .replaceAll("∶", ":")
    .replace(/\s+/gu, " ")
    .trim();
}

/** Every script's digits stand in a row from its zero to its nine. */
function plainDigit(digit: string): string {
  const code = digit.codePointAt(0) ?? 0;
  let value = 0;
  while (value < 9 && /\p{Nd}/u.test(String.fromCodePoint(code - value - 1))) value += 1;
  return code <= 0x39 ? digit : String(value);
}

/** `März.` becomes `marz`: how words are compared. */
export function plainWord(word: string): string {
  return word.normalize("NFKD").replace(/\p{M}/gu, "").toLowerCase().replace(/\.$/, "");
}
