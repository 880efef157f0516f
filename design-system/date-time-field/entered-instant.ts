/**
 * An instant that is being entered: the text as it was typed, and what it means. The text is kept for as long
 * as it says more than the instant does, so that nothing typed is lost, whoever keeps this.
 */
import { fullText, readLocalInstant, type LocalInstant } from "./local-instant.ts";
import {
  isReadingOf,
  readingOffset,
  readingText,
  asUtcMs,
  type InstantRole,
} from "#shared/words/zone-clock.ts";
import { formatOffsetMs } from "#shared/words/instants.ts";

type Pass = "first" | "second";

export interface TypedText {
  readonly text: string;
  /** What was entered before, milliseconds UTC: a time alone is of its day. */
  readonly beforeUtcMs: number | null;
  /** Which pass of a repeated hour was chosen; it holds while the text is edited within the same night. */
  readonly pass: Pass | null;
}

export interface EnteredInstant {
  /** Milliseconds UTC; null while the text means none, or could mean two. */
  readonly utcMs: number | null;
  /** null: the instant as it is shown says everything. */
  readonly typed: TypedText | null;
}

export interface EntryPlace {
  /** IANA name. */
  readonly zone: string;
  readonly role: InstantRole;
  /** Whose day a time alone is of where nothing was entered before. */
  readonly dayOfUtcMs: number | null;
  /** What is asked for is not later than this, milliseconds UTC; null or left out: it may be. */
  readonly latestUtcMs?: number | null;
}

/** What was pasted by mistake is kept up to here. */
export const TYPED_KEPT_CHARACTERS = 1_000;
const SAME_NIGHT_MS = 24 * 3_600_000;

export function shownText({ utcMs, typed }: EnteredInstant, { zone, role }: EntryPlace): string {
  if (typed !== null) return typed.text;
  return utcMs === null ? "" : readingText(utcMs, zone, role);
}

/** The offset of the clock that the text is read off, e.g. `UTC−04:00`; null where there is no instant. */
export function shownOffset(entered: EnteredInstant, place: EntryPlace): string | null {
  const { utcMs, typed } = entered;
  if (utcMs === null) return null;
  const read = typed === null ? null : readEntered(entered, place);
  const local = read !== null && "local" in read ? read.local : null;
  return local !== null && isReadingOf({ local, zone: place.zone, role: place.role }, utcMs)
    ? formatOffsetMs(asUtcMs(local) - utcMs)
    : readingOffset(utcMs, place.zone, place.role);
}

export function readEntered(entered: EnteredInstant, place: EntryPlace): LocalInstant {
  const shownUtcMs = entered.typed?.beforeUtcMs ?? null;
  const dayOfUtcMs = shownUtcMs ?? place.dayOfUtcMs ?? entered.utcMs;
  return readLocalInstant(shownText(entered, place), { ...place, dayOfUtcMs, shownUtcMs });
}

/** The text was changed by the operator. */
export function typeText(entered: EnteredInstant, whole: string, place: EntryPlace): EnteredInstant {
  const text = whole.slice(0, TYPED_KEPT_CHARACTERS);
  const beforeUtcMs = entered.typed === null ? entered.utcMs : entered.typed.beforeUtcMs;
  const pass = entered.typed === null ? passOf(entered, place) : entered.typed.pass;
  const typed = { text, beforeUtcMs, pass };
  const read = readEntered({ utcMs: null, typed }, place);
  if (read.kind === "instant") return { utcMs: read.utcMs, typed };
  return { utcMs: read.kind === "repeated" ? chosenBefore(read.choices, typed) : null, typed };
}

function chosenBefore(
  choices: readonly [{ readonly utcMs: number }, { readonly utcMs: number }],
  { pass, beforeUtcMs }: TypedText,
): number | null {
  if (pass === null || beforeUtcMs === null) return null;
  const chosen = choices[pass === "first" ? 0 : 1].utcMs;
  return Math.abs(chosen - beforeUtcMs) < SAME_NIGHT_MS ? chosen : null;
}

/** Which pass the shown text is of; null on every ordinary time. */
function passOf(entered: EnteredInstant, place: EntryPlace): Pass | null {
  if (entered.utcMs === null) return null;
  const read = readEntered(entered, place);
  if (read.kind !== "repeated") return null;
  return read.choices[0].utcMs === entered.utcMs ? "first" : "second";
}

/** The operator said which of two instants is meant. */
export function choosePass(entered: EnteredInstant, pass: Pass, place: EntryPlace): EnteredInstant {
  const read = readEntered(entered, place);
  if (read.kind !== "repeated") return entered;
  const { utcMs } = read.choices[pass === "first" ? 0 : 1];
  return settleEntered(
    { utcMs, typed: { text: shownText(entered, place), beforeUtcMs: utcMs, pass } },
    place,
  );
}

/** The field is left: what was understood is shown in full; what was not stays as it was typed. */
export function settleEntered(entered: EnteredInstant, place: EntryPlace): EnteredInstant {
  const { utcMs, typed } = entered;
  if (utcMs === null || typed === null) return entered;
  const read = readEntered(entered, place);
  const text =
    "local" in read && isReadingOf({ local: read.local, zone: place.zone, role: place.role }, utcMs)
      ? fullText(read.local)
      : null;
  if (text === null || text === readingText(utcMs, place.zone, place.role)) return { utcMs, typed: null };
  const full = { utcMs, typed: { text, beforeUtcMs: utcMs, pass: typed.pass } };
  // Without its offset it may be a time that the clock leaves out, as the hour at which it goes forward.
  if (!mayMean(full, place)) return { utcMs, typed: null };
  return { utcMs, typed: { ...full.typed, pass: passOf(full, place) } };
}

function mayMean(entered: EnteredInstant, place: EntryPlace): boolean {
  const read = readEntered(entered, place);
  if (read.kind === "repeated") return read.choices.some(({ utcMs }) => utcMs === entered.utcMs);
  return read.kind === "instant" && read.utcMs === entered.utcMs;
}

/** Why what was typed is no instant (yet), in one sentence; null where it is one, or nothing was typed. */
export function entryComplaint(entered: EnteredInstant, place: EntryPlace): string | null {
  if (entered.utcMs !== null || entered.typed === null) return null;
  const read = readEntered(entered, place);
  if (read.kind === "refused") return read.message;
  return read.kind === "repeated" ? read.question : null;
}
