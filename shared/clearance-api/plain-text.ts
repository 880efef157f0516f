import { z } from "zod";
import { hiddenCharacterIssue } from "../domain/names.ts";

interface Bounds {
  /** In characters, as people count them; where there must be one, blanks alone are none. */
  readonly least?: number;
  readonly most: number;
  /** Of several lines. */
  readonly mayBreak?: boolean;
}

/**
 * Text that people read: what is there can be seen (decision 31).
 * @param called how the sentence of a refusal begins
 */
export function plainTextSchema(called: string, { least = 0, most, mayBreak = false }: Bounds) {
  return z.string().superRefine((text, context) => {
    // A character is one or two units: what is longer than that is not looked through.
    const isFarTooLong = text.length > most * 2;
    const count = isFarTooLong ? text.length : [...text].length;
    const refuse = (message: string) => context.addIssue({ code: "custom", message });
    const isBlank = least > 0 && text.trim() === "";
    if (count < least || isBlank) refuse(`${called} is missing.`);
    if (count > most) refuse(`${called} must not be longer than ${most} characters.`);
    if (isFarTooLong) return;
    const hidden = hiddenCharacterIssue(called, text, { mayBreak });
    if (hidden !== null) refuse(hidden);
  });
}
