import { commandsIn, fencedBlocks } from "../fenced-blocks.ts";

/** What a reader of the first hour does next. */
export type HourStep = { readonly line: number; readonly words: string } & HourDeed;

export type HourDeed =
  /** @param terminal the name of one in which the command goes on running; null where it ends by itself */
  | { readonly kind: "command"; readonly command: string; readonly terminal: string | null }
  | { readonly kind: "interrupt"; readonly terminal: string }
  | { readonly kind: "enter"; readonly entries: readonly Entry[] }
  | { readonly kind: "paste"; readonly file: string; readonly label: string }
  | { readonly kind: "press"; readonly label: string; readonly times: number; readonly card: string | null }
  | { readonly kind: "choose"; readonly label: string }
  | { readonly kind: "chooseIn"; readonly option: string; readonly label: string }
  | { readonly kind: "open"; readonly camera: string }
  | { readonly kind: "tile"; readonly number: number; readonly gesture: TileGesture }
  | { readonly kind: "wait"; readonly text: string; readonly card: string | null }
  | { readonly kind: "videoPlays" }
  | { readonly kind: "browserOpens" }
  | { readonly kind: "backToConsole" };

export type TileGesture = "select" | "menu" | "mark" | "plays";

export interface Entry {
  /** null: the password that a command has printed */
  readonly text: string | null;
  readonly label: string;
}

type Groups = Readonly<Record<string, string>>;

const LABEL = String.raw`\*\*(?<label>[^*]+)\*\*`;
const ENTRY = /(?:`(?<text>[^`]+)`|the password that was printed) into \*\*(?<label>[^*]+)\*\*/g;
const ENTRY_SOURCE = "(?:`[^`]+`|the password that was printed) into \\*\\*[^*]+\\*\\*";
const TIMES: Readonly<Record<string, number>> = { twice: 2 };

const tile = (gesture: TileGesture) => (found: Groups) =>
  ({ kind: "tile", number: Number(found["number"]), gesture }) as const;
const labelled = (found: Groups) => found["label"] ?? "";

/** Every sentence that a numbered step may consist of, and what is done then. */
const SENTENCES: readonly (readonly [pattern: RegExp, deed: (found: Groups) => HourDeed])[] = [
  [
    new RegExp(`^Type (?<entries>${ENTRY_SOURCE}(?:(?:, | and )${ENTRY_SOURCE})*)\\.`),
    ({ entries = "" }) => ({ kind: "enter", entries: entriesOf(entries) }),
  ],
  [
    new RegExp(`^Paste \`(?<file>[^\`]+)\` into ${LABEL}\\.`),
    (found) => ({ kind: "paste", file: found["file"] ?? "", label: labelled(found) }),
  ],
  [
    new RegExp(`^Press ${LABEL}(?: (?<times>twice))?(?: on the card \\*\\*(?<card>[^*]+)\\*\\*)?\\.`),
    (found) => ({
      kind: "press",
      label: labelled(found),
      times: TIMES[found["times"] ?? ""] ?? 1,
      card: found["card"] ?? null,
    }),
  ],
  // A button of one among others is named after it, which a screen reader says and an eye sees from the place.
  [
    new RegExp(`^Press ${LABEL} beside \\*\\*(?<name>[^*]+)\\*\\*\\.`),
    (found) => ({ kind: "press", label: `${labelled(found)} ${found["name"]}`, times: 1, card: null }),
  ],
  [
    new RegExp(`^Choose \`(?<option>[^\`]+)\` in ${LABEL}\\.`),
    (found) => ({ kind: "chooseIn", option: found["option"] ?? "", label: labelled(found) }),
  ],
  [new RegExp(`^Choose ${LABEL}\\.`), (found) => ({ kind: "choose", label: labelled(found) })],
  [new RegExp(`^Double-click ${LABEL}\\.`), (found) => ({ kind: "open", camera: labelled(found) })],
  [/^Click tile (?<number>\d+)\./, tile("select")],
  [/^Right-click tile (?<number>\d+)\./, tile("menu")],
  [/^Drag along the band of tile (?<number>\d+)\./, tile("mark")],
  [/^Wait until tile (?<number>\d+) plays\./, tile("plays")],
  [/^Wait until the video plays\./, () => ({ kind: "videoPlays" })],
  [/^Wait for the browser\./, () => ({ kind: "browserOpens" })],
  [/^Go back to the console\./, () => ({ kind: "backToConsole" })],
  [
    /^Wait until the card \*\*(?<card>[^*]+)\*\* says \*\*(?<text>[^*]+)\*\*\./,
    (found) => ({ kind: "wait", text: found["text"] ?? "", card: found["card"] ?? "" }),
  ],
  [
    /^Wait for \*\*(?<text>[^*]+)\*\*\.?/,
    (found) => ({ kind: "wait", text: found["text"] ?? "", card: null }),
  ],
  [
    /^Press Ctrl\+C in the terminal of the (?<terminal>[\w-]+)\./,
    (found) => ({ kind: "interrupt", terminal: found["terminal"] ?? "" }),
  ],
];

const entriesOf = (sentence: string): Entry[] =>
  [...sentence.matchAll(ENTRY)].map(({ groups }) => ({
    text: groups?.["text"] ?? null,
    label: groups?.["label"] ?? "",
  }));

/**
 * Everything that a reader types and presses, in the order of the document: the commands of its `sh` blocks, and the
 * sentences of its numbered steps. All else is explanation.
 * @throws Error for a sentence of a step that is none of those above
 */
export function hourSteps(markdown: string): HourStep[] {
  const commands = fencedBlocks(markdown).flatMap((block) =>
    commandsIn(block).map((command): HourStep => {
      const terminal = block.words === "" ? null : block.words;
      return { kind: "command", command, terminal, line: block.line, words: command };
    }),
  );
  const steps = [...markdown.matchAll(/^\d+\. (.*)$/gm)].flatMap(({ 1: text = "", index }) =>
    sentencesIn(text, markdown.slice(0, index).split("\n").length),
  );
  return [...commands, ...steps].toSorted((one, other) => one.line - other.line);
}

function sentencesIn(step: string, line: number): HourStep[] {
  const rest = step.trim();
  if (rest === "") return [];
  for (const [pattern, deed] of SENTENCES) {
    const found = pattern.exec(rest);
    if (found === null) continue;
    const words = found[0];
    return [{ ...deed(found.groups ?? {}), line, words }, ...sentencesIn(rest.slice(words.length), line)];
  }
  throw new Error(`Line ${line}: nobody knows how to do “${rest}”.`);
}
