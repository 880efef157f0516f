export type BadgeTone = "good" | "moving" | "bad" | "quiet";

/** A state as a word; the mark before it differs in shape as well as in colour. */
export function Badge({ text, tone }: { readonly text: string; readonly tone: BadgeTone }) {
  return <span className={`badge badge-${tone}`}>{text}</span>;
}
